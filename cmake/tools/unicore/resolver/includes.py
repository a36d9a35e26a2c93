# SPDX-License-Identifier: BSD-3-Clause
"""Compares the #includes of components with what they declare (style rule 4).

Headers may include what is in REQUIRES, sources what is in REQUIRES or USES, and both what these
require in turn. Files are read once: BUILD/unicore/includes.json keeps their includes by time and
size.
"""
from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Iterator

from unicore.resolver.chains import call
from unicore.resolver.model import FIXED, Component, Metadata, Part
from unicore.resolver.names import include_folder
from unicore.resolver.problems import Problem, problem, short

_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(?:<(unicore/[^>\n]+)>|"([^"\n]+)")', re.MULTILINE)
_EXTENSIONS = (".hpp", ".h", ".inc", ".ipp")

Included = list  # of [line, path, whether in quotes]: as JSON keeps it


class Scanner:
    """Reads the includes of files, from the cache when they have not changed."""

    def __init__(self, cache: Path | None) -> None:
        self._cache = cache
        self._old: dict[str, list] = {}
        self._new: dict[str, list] = {}
        if cache is not None:
            try:
                read = json.loads(cache.read_text(encoding="utf-8"))
                self._old = read if isinstance(read, dict) else {}
            except (OSError, ValueError):
                pass  # no cache yet, or a torn one: read the files

    def includes(self, path: str) -> list[Included]:
        """[line, included, quoted] of each; nothing for a file that is not there."""
        if path not in self._new:
            try:
                status = os.stat(path)
                stamp = [status.st_mtime_ns, status.st_size]
                old = self._old.get(path)
                fresh = isinstance(old, list) and len(old) == 2 and old[0] == stamp
                self._new[path] = old if fresh else [stamp, _read(path)]
            except OSError:
                return []
        return self._new[path][1]

    def save(self) -> None:
        """Writes the cache when it changed."""
        if self._cache is not None and self._new != self._old:
            temporary = self._cache.with_suffix(".new")
            temporary.write_text(json.dumps(self._new), encoding="utf-8")
            os.replace(temporary, self._cache)


def _read(path: str) -> list[Included]:
    with open(path, encoding="utf-8", errors="replace") as file:
        text = file.read()
    return [[text.count("\n", 0, m.start()) + 1, m.group(1) or m.group(2), m.group(1) is None]
            for m in _INCLUDE.finditer(text)]


def _headers(part: Part) -> list[str]:
    """The public headers: every file below include/."""
    found = []
    for folder, folders, files in os.walk(os.path.join(part.root, "include")):
        folders.sort()
        found += [os.path.join(folder, name) for name in sorted(files)]
    return found


class Owners:
    """Which components and interfaces a header belongs to."""

    def __init__(self, metadata: Metadata) -> None:
        self.headers: dict[str, list[str]] = {}  # by component
        self._owners: dict[str, list[str]] = {}  # by path as included
        self._closures: dict[tuple[str, bool], frozenset[str]] = {}
        self._metadata = metadata
        for part in parts(metadata):
            self.headers[part.name] = _headers(part)
            start = len(os.path.join(part.root, "include")) + 1
            for path in self.headers[part.name]:
                self._own(path[start:], part)
        for option in metadata.options:
            self._own(f"{include_folder(option.component)}/config.hpp", metadata.part(option.component))

    def _own(self, header: str, part: Part | None) -> None:
        """What the provider of a contract has outside of its own folder belongs to the contract.

        Thus <unicore/arch/impl/ports.hpp> comes with `arch`, <unicore/arch/x86_64/cpu.hpp> does not.
        """
        if part is None:
            return
        name = part.name
        if isinstance(part, Component) and not header.startswith(include_folder(name) + "/"):
            name = next((i for i in part.provides if i in FIXED), name)
        owners = self._owners.setdefault(header, [])
        if name not in owners:
            owners.append(name)

    def of(self, header: str) -> list[str]:
        """The parts that have this header; several architectures have the same."""
        return self._owners.get(header, [])

    def seen(self, part: Part, source: bool) -> frozenset[str]:
        """What a header (or a source) of `part` may include."""
        key = (part.name, source)
        if key not in self._closures:
            names = (*part.public, *(part.uses if source else ()))
            found = {part.name}
            for name in names:
                if name not in found:
                    found |= self._public(name)
            self._closures[key] = frozenset(found)
        return self._closures[key]

    def _public(self, name: str) -> set[str]:
        """`name` and what it requires, to the end."""
        found, waiting = set(), [name]
        while waiting:
            current = waiting.pop()
            part = self._metadata.part(current)
            if current not in found and part is not None:
                found.add(current)
                waiting += part.public
        return found


def parts(metadata: Metadata) -> Iterator[Part]:
    """What is checked: everything but third-party headers."""
    for interface in metadata.interfaces.values():
        if interface.root:
            yield interface
    for component in metadata.components.values():
        if component.root and not component.external:
            yield component


def check(metadata: Metadata, cache: Path | None) -> Iterator[Problem]:
    """Every include whose owner is not declared, once per component and owner."""
    scanner, owners = Scanner(cache), Owners(metadata)
    for part in parts(metadata):
        yield from _part(metadata, scanner, owners, part)
    scanner.save()


def _part(metadata: Metadata, scanner: Scanner, owners: Owners, part: Part) -> Iterator[Problem]:
    told: set[str] = set()
    include = os.path.join(part.root, "include") + os.sep
    files = [(path, False) for path in owners.headers[part.name]] + [(path, True) for path in part.sources]
    done: set[str] = set()
    while files:
        path, source = files.pop(0)
        if path in done:
            continue
        done.add(path)
        for line, included, quoted in scanner.includes(path):
            if quoted:  # a private header of the component counts as its source
                local = os.path.normpath(os.path.join(os.path.dirname(path), included))
                if local.endswith(_EXTENSIONS) and not local.startswith(include):
                    files.append((local, True))
                continue
            found = owners.of(included)
            if not found or owners.seen(part, source).intersection(found):
                continue
            owner = found[0]
            if owner in told:
                continue
            told.add(owner)
            yield _undeclared(metadata, part, owner, source, f"{short(path, part.root)}:{line}", included)


def _undeclared(metadata: Metadata, part: Part, owner: str, source: bool, at: str, included: str) -> Problem:
    keyword = "USES" if source else "REQUIRES"
    declared = ""
    if owner in part.uses and not source:
        declared = f"{part.name} has it in USES, which is for sources; headers need REQUIRES"
    return problem("undeclared include", f"{part.name} includes <{included}> of {owner} without "
                   "declaring it.", subject=(part.name, owner),
                   where=f"{short(part.root, *metadata.target.roots)}: {at}", declared=declared,
                   fix=f"{keyword} {owner} in {call(part)}")
