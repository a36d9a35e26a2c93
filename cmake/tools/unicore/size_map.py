# SPDX-License-Identifier: BSD-3-Clause
"""Reads lld's link map: which input made which bytes of the image.

Lines are `VMA LMA Size Align Text`; the indentation of Text tells output sections (none), input
sections `file:(section)` (8) and symbols (16) apart; assignments of the linker script stand among
them. Source: lld/ELF/MapFile.cpp.
"""
from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Iterable, List

_LINE = re.compile(r"^ *([0-9a-f]+) +[0-9a-f]+ +([0-9a-f]+) +\d+ ( *)(\S.*)$")
_INPUT = re.compile(r"^(.*):\(([^()]*)\)$")
_ARCHIVE = re.compile(r"(?:^|/)(?:lib)?([^/]+)\.a\(([^()]*)\)$")
_TARGET = re.compile(r"(?:^|/)CMakeFiles/([^/]+)\.dir/")
_NOT_LOADED = re.compile(r"^\.(debug_|symtab|strtab|shstrtab|comment)")

IMAGE, APPLICATION = "image", "application"
SCRIPT = "<linker script>"


@dataclass(frozen=True)
class Input:
    """An input section in the image: `size` bytes at `address`, from `file`."""

    address: int
    size: int
    output: str
    file: str
    section: str


def read_map(path: Path) -> List[Input]:
    """Input sections that are loaded and not empty, by address. Errors: OSError, ValueError when
    the file is no link map of lld."""
    return parse_map(path.read_text(encoding="utf-8", errors="replace").splitlines())


def parse_map(lines: Iterable[str]) -> List[Input]:
    """The same from text."""
    result: List[Input] = []
    output, loaded, seen_header = "", False, False
    for line in lines:
        if line.split()[:2] == ["VMA", "LMA"]:
            seen_header = True
            continue
        found = _LINE.match(line)
        if not found:
            continue
        address, size, indent, text = int(found[1], 16), int(found[2], 16), len(found[3]), found[4]
        if indent == 0:
            if " = " not in text:  # else an assignment of the script
                output, loaded = text, not (address == 0 and _NOT_LOADED.match(text))
        elif indent == 8 and loaded and size:
            parts = _INPUT.match(text)
            if parts:
                result.append(Input(address, size, output, parts[1], parts[2]))
            elif text.startswith(". ") and "ALIGN" not in text:  # room that the script leaves: stacks, guards
                result.append(Input(address, size, output, SCRIPT, ""))
    if not seen_header:
        raise ValueError("no link map of lld")
    return sorted(result, key=lambda entry: entry.address)


def component_of(entry: Input, known: Iterable[str]) -> str:
    """Whose bytes these are: a component, `image` (generated boot.cpp), `application`, another
    library by its name, or the linker's own in parentheses. `known` are the components' names."""
    if entry.file == SCRIPT:
        return "(linker script)"
    if entry.file.startswith("<internal>"):
        if re.search(r"\.(str|cst)\d", entry.section):
            return "(shared strings)" if ".str" in entry.section else "(shared constants)"
        return "(build-id)" if entry.section == ".note.gnu.build-id" else f"(linker's {entry.section})"
    archive = _ARCHIVE.search(entry.file)
    if archive:
        return archive[1]
    target = _TARGET.search(entry.file)
    if target and target[1] in known:
        return target[1]
    if re.match(r"boot\.cpp\b", entry.file.rpartition("/")[2]):
        return IMAGE
    return APPLICATION


def object_of(entry: Input) -> str:
    """The object file's plain name, without folders and suffix: `panic.cpp`."""
    if entry.file.startswith("<"):
        return ""
    archive = _ARCHIVE.search(entry.file)
    name = archive[2] if archive else entry.file.rpartition("/")[2]
    return re.sub(r"\.(obj|o)$", "", name)
