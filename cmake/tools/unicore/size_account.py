# SPDX-License-Identifier: BSD-3-Clause
"""Accounts for every byte of an image, in the file and in memory: nothing is left over, none counts twice.

Memory is what the loadable segments span, as their headers say, without rounding to pages.
"""
from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import asdict, dataclass
from typing import Any, Dict, Iterable, Iterator, List, Tuple

from unicore.size_map import Input, component_of, object_of
from unicore.symbolise_elf import PT_LOAD, SHF_ALLOC, SHT_NOBITS, Elf, Segment

HEADERS, PADDING = "(ELF headers)", "(padding)"
CODE, CONSTANTS, DATA, ZEROED, UNLOADED = "code", "constants", "data", "zeroed", "not loaded"
KINDS = (CODE, CONSTANTS, DATA, ZEROED, UNLOADED)


@dataclass
class Part:
    """Bytes of one component in one output section, from one object file."""

    component: str
    section: str
    object: str
    kind: str
    file: int = 0
    memory: int = 0


@dataclass
class Account:
    """An image's bytes. The parts add up to `file` and `memory` exactly."""

    image: str
    file: int
    memory: int
    parts: List[Part]

    def as_json(self) -> Dict[str, Any]:
        """What --json writes and --compare reads."""
        return asdict(self)

    @staticmethod
    def from_json(data: Dict[str, Any]) -> "Account":
        """The reverse. Errors: KeyError, TypeError when it is something else."""
        return Account(data["image"], data["file"], data["memory"], [Part(**part) for part in data["parts"]])

    def by_component(self) -> Dict[str, List[Part]]:
        """Parts of each component, the largest in the file first."""
        result: Dict[str, List[Part]] = defaultdict(list)
        for part in self.parts:
            result[part.component].append(part)
        return dict(sorted(result.items(), key=lambda item: (
            -sum(part.file for part in item[1]), -sum(part.memory for part in item[1]), item[0])))


Span = Tuple[int, int, str, str, str]  # start, end, component, section, object


class _Spans:
    """Disjoint named ranges; answers who owns each stretch of a range."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._spans: List[Span] = []
        for span in sorted(spans):
            start = max(span[0], self._spans[-1][1]) if self._spans else span[0]  # the first owner keeps it
            if start < span[1]:
                self._spans.append((start, *span[1:]))
        self._starts = [span[0] for span in self._spans]

    def cut(self, start: int, end: int) -> Iterator[Tuple[int, int, Tuple[str, str, str]]]:
        """Stretches of [start, end) with their owner; ("", "", "") where there is none."""
        index = max(bisect_right(self._starts, start) - 1, 0)
        at = start
        while at < end:
            while index < len(self._spans) and self._spans[index][1] <= at:
                index += 1
            if index == len(self._spans) or self._spans[index][0] >= end:
                yield at, end, ("", "", "")
                return
            first, last, *owner = self._spans[index]
            if first > at:
                yield at, first, ("", "", "")
            yield max(at, first), min(last, end), (owner[0], owner[1], owner[2])
            at = min(last, end)


def account(name: str, stripped: Elf, linked: Elf, inputs: List[Input], components: Iterable[str]) -> Account:
    """Attributes each byte of `stripped`. `linked` is the same image with its section headers,
    `inputs` its link map, `components` the names that are components."""
    known = set(components)
    sections = _Spans((s.address, s.address + s.size, PADDING, s.name, "")
                      for s in linked.sections if s.flags & SHF_ALLOC)
    owners = _Spans((entry.address, entry.address + entry.size, component_of(entry, known), entry.output,
                     object_of(entry)) for entry in inputs)
    headers = _Spans([(0, stripped.header_size, HEADERS, "", ""),
                      (stripped.ph_offset, stripped.ph_offset + stripped.ph_entry * stripped.ph_count, HEADERS, "", ""),
                      (stripped.sh_offset, stripped.sh_offset + stripped.sh_entry * stripped.sh_count,
                       HEADERS, "", "")])
    unloaded = _Spans((s.offset, s.offset + s.size, "(linker's tables)", s.name, "")
                      for s in stripped.sections if s.kind != SHT_NOBITS and not s.flags & SHF_ALLOC)
    parts: Dict[Tuple[str, str, str, str], Part] = {}

    def add(owner: Tuple[str, str, str], kind: str, file: int, memory: int) -> None:
        key = (*owner, kind)
        part = parts.setdefault(key, Part(*owner, kind))
        part.file += file
        part.memory += memory

    def by_address(segment: Segment, start: int, end: int, kind: str, in_file: bool, in_memory: bool) -> None:
        for first, last, owner in owners.cut(start, end):
            for low, high, place in sections.cut(first, last) if not owner[0] else [(first, last, owner)]:
                offset = low - segment.address + segment.offset
                in_headers = headers.cut(offset, offset + high - low) if in_file and not owner[0] else [
                    (offset, offset + high - low, ("", "", ""))]
                for begin, stop, header in in_headers:
                    size = stop - begin
                    final = header if header[0] else place if place[0] else (PADDING, "", "")
                    add(final, kind, size * in_file, size * in_memory)

    loads = [segment for segment in stripped.segments if segment.kind == PT_LOAD]
    at = 0  # bytes of the file before this are accounted for
    for segment in sorted(loads, key=lambda s: s.offset):
        kind = CODE if segment.flags & 1 else DATA if segment.flags & 2 else CONSTANTS
        begin, end = segment.offset, segment.offset + segment.file_size
        if segment.file_size:
            _add_unloaded(add, headers, unloaded, at, min(begin, len(stripped.data)))
        base = segment.address
        # What an earlier segment brought from the file already counts only as memory here.
        repeated = min(max(at - begin, 0), segment.file_size)
        by_address(segment, base, base + repeated, kind, False, True)
        by_address(segment, base + repeated, base + segment.file_size, kind, True, True)
        by_address(segment, base + segment.file_size, base + segment.memory_size, ZEROED, False, True)
        at = max(at, end) if segment.file_size else at
    _add_unloaded(add, headers, unloaded, at, len(stripped.data))
    result = Account(name, len(stripped.data), sum(segment.memory_size for segment in loads), list(parts.values()))
    assert sum(part.file for part in result.parts) == result.file, "bytes of the file went missing"
    assert sum(part.memory for part in result.parts) == result.memory, "bytes of memory went missing"
    return result


def _add_unloaded(add: Any, headers: _Spans, unloaded: _Spans, start: int, end: int) -> None:
    """Adds the file's bytes [start, end), which no segment loads."""
    for first, last, owner in headers.cut(start, end):
        for low, high, place in unloaded.cut(first, last) if not owner[0] else [(first, last, owner)]:
            add(place if place[0] else (PADDING, "", ""), UNLOADED, high - low, 0)
