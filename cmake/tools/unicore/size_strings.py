# SPDX-License-Identifier: BSD-3-Clause
"""Gives merged strings back: the linker pools equal strings of all inputs, and the map names no owner.

The objects still have their strings, so each string of the pool is looked up there. One that
several components hold belongs to none of them. Source: System V gABI, SHF_MERGE; ar(5).
"""
from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Callable, Dict, Iterator, List, Optional, Set, Tuple

from unicore.size_map import Input
from unicore.symbolise_elf import SHF_STRINGS, Elf, ElfError

_MERGED = re.compile(r"\.str1\.\d+$")
_ARCHIVE_MEMBER = re.compile(r"^(.*\.a)\(([^()]*)\)$")


def members(archive: bytes) -> Iterator[Tuple[str, bytes]]:
    """Name and content of each member of an archive in the GNU format."""
    names, at = b"", 8
    while archive[:8] == b"!<arch>\n" and at + 60 <= len(archive):
        name, size = archive[at:at + 16].rstrip(), int(archive[at + 48:at + 58])
        content = archive[at + 60:at + 60 + size]
        if name == b"//":
            names = content
        elif re.fullmatch(rb"/\d+", name):
            start = int(name[1:])
            yield names[start:names.index(b"/\n", start)].decode(), content
        elif name not in (b"/", b"/SYM64/"):
            yield name.rstrip(b"/").decode(), content
        at += 60 + size + size % 2


def object_content(file: str, root: Path) -> Iterator[bytes]:
    """The object that the map calls `file`, relative to `root`: more than one if an archive has
    members of the same name, none if it is gone."""
    found = _ARCHIVE_MEMBER.match(file)
    try:
        if found:
            for name, content in members((root / found[1]).read_bytes()):
                if name == found[2]:
                    yield content
        else:
            yield (root / file).read_bytes()
    except (OSError, ValueError):
        return


def strings_of(content: bytes, file: str) -> Set[bytes]:
    """The mergeable strings in an object, without their ends."""
    try:
        elf = Elf(Path(file), content)
    except ElfError:
        return set()
    found: Set[bytes] = set()
    for section in elf.sections:
        if section.flags & SHF_STRINGS and _MERGED.search(section.name):
            found.update(content[section.offset:section.offset + section.size].split(b"\0")[:-1])
    return found


def split_strings(inputs: List[Input], linked: Elf, root: Path, component: Callable[[Input], str]) -> List[Input]:
    """`inputs` with each pool of strings cut into strings, which have the `file` that they came from
    where `component` of all files that hold it is the same."""
    pools = [entry for entry in inputs if entry.file.startswith("<internal>") and _MERGED.search(entry.section)]
    if not pools:
        return inputs
    owners: Dict[bytes, Dict[str, Input]] = {}
    for file, entry in {entry.file: entry for entry in inputs if not entry.file.startswith("<")}.items():
        for content in object_content(file, root):
            for text in strings_of(content, file):
                owners.setdefault(text, {}).setdefault(component(entry), entry)
    result = [entry for entry in inputs if entry not in pools]
    for pool in pools:
        result += _pieces(pool, linked, owners)
    return sorted(result, key=lambda entry: entry.address)


def _pieces(pool: Input, linked: Elf, owners: Dict[bytes, Dict[str, Input]]) -> Iterator[Input]:
    data = _bytes_at(linked, pool.address, pool.size)
    if data is None:
        yield pool
        return
    at = 0
    while at < len(data):
        end = data.find(b"\0", at)
        end = len(data) if end < 0 else end + 1
        holders = owners.get(data[at:end - 1], {})
        file = next(iter(holders.values())).file if len(holders) == 1 else pool.file
        yield replace(pool, address=pool.address + at, size=end - at, file=file)
        at = end


def _bytes_at(elf: Elf, address: int, size: int) -> Optional[bytes]:
    for section in elf.sections:
        if section.address and section.address <= address and address + size <= section.address + section.size:
            start = section.offset + address - section.address
            return elf.data[start:start + size]
    return None
