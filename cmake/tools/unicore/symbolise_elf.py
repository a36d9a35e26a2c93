# SPDX-License-Identifier: BSD-3-Clause
"""Reads what the tools need of an ELF file: headers, sections, segments, the GNU build-id.

Source: System V gABI, chapters 4 and 5. Both classes and both byte orders.
"""
from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator, List, Optional, Tuple

PT_LOAD, PT_NOTE = 1, 4
SHT_NOTE, SHT_NOBITS = 7, 8
SHF_ALLOC, SHF_EXECINSTR, SHF_STRINGS = 2, 4, 32
_NT_GNU_BUILD_ID = 3


class ElfError(Exception):
    """Not an ELF file, or a broken one."""


@dataclass(frozen=True)
class Segment:
    """A program header."""

    kind: int
    flags: int
    offset: int
    address: int
    file_size: int
    memory_size: int
    align: int


@dataclass(frozen=True)
class Section:
    """A section header with its name."""

    name: str
    kind: int
    flags: int
    address: int
    offset: int
    size: int


class Elf:
    """An ELF file, read whole."""

    def __init__(self, path: Path, data: Optional[bytes] = None) -> None:
        """Reads `path`, or takes `data` as its content. Errors: ElfError, OSError."""
        self.path = path
        self.data = path.read_bytes() if data is None else data
        head = self.data[:6]
        if head[:4] != b"\x7fELF" or len(self.data) < 52 or head[4] not in (1, 2) or head[5] not in (1, 2):
            raise ElfError(f"{path} is no ELF file")
        self._wide = self.data[4] == 2
        self._order = "<" if self.data[5] == 1 else ">"
        try:
            self._read_headers()
        except (struct.error, UnicodeDecodeError, IndexError) as error:
            raise ElfError(f"{path} is broken: {error}") from error

    def _read_headers(self) -> None:
        if self._wide:
            fields = struct.unpack_from(self._order + "HHIQQQIHHHHHH", self.data, 16)
        else:
            fields = struct.unpack_from(self._order + "HHIIIIIHHHHHH", self.data, 16)
        (_, self.machine, _, self.entry, self.ph_offset, self.sh_offset, _, self.header_size,
         self.ph_entry, self.ph_count, self.sh_entry, self.sh_count, names_index) = fields
        self.segments = [self._segment(i) for i in range(self.ph_count)]
        raw = [self._section(i) for i in range(self.sh_count)]
        names = raw[names_index][2].offset if raw and names_index else None
        self.sections: List[Section] = []
        for name_offset, has_name, section in raw:
            name = ""
            if names is not None and has_name:
                start = names + name_offset
                name = self.data[start:self.data.index(b"\0", start)].decode()
            self.sections.append(Section(name, section.kind, section.flags, section.address, section.offset,
                                         section.size))

    def _segment(self, index: int) -> Segment:
        at = self.ph_offset + index * self.ph_entry
        if self._wide:
            kind, flags, offset, address, _, file, memory, align = struct.unpack_from(
                self._order + "IIQQQQQQ", self.data, at)
        else:
            kind, offset, address, _, file, memory, flags, align = struct.unpack_from(
                self._order + "IIIIIIII", self.data, at)
        return Segment(kind, flags, offset, address, file, memory, align)

    def _section(self, index: int) -> Tuple[int, bool, Section]:
        at = self.sh_offset + index * self.sh_entry
        name, kind, flags, address, offset, size = struct.unpack_from(
            self._order + ("IIQQQQ" if self._wide else "IIIIII"), self.data, at)
        return name, kind != 0, Section("", kind, flags, address, offset, size)

    def notes(self) -> Iterator[Tuple[str, int, bytes]]:
        """Owner, type and descriptor of each note, from segments, else from sections."""
        places = [(s.offset, s.file_size, s.align) for s in self.segments if s.kind == PT_NOTE]
        places += [(s.offset, s.size, 4) for s in self.sections if s.kind == SHT_NOTE]
        for offset, size, align in places:
            align = align if align in (4, 8) else 4
            at, stop = offset, min(offset + size, len(self.data))
            while at + 12 <= stop:
                owner_size, size_of, kind = struct.unpack_from(self._order + "III", self.data, at)
                description = at + 12 + -(-owner_size // 4) * 4
                if align == 8:
                    description = at + -(-(12 + owner_size) // 8) * 8
                if description + size_of > stop:
                    break
                owner = self.data[at + 12:at + 12 + owner_size].rstrip(b"\0").decode("latin-1")
                yield owner, kind, self.data[description:description + size_of]
                at = description + -(-size_of // align) * align

    def build_id(self) -> Optional[str]:
        """Lower-case hex of the GNU build-id, or None."""
        for owner, kind, description in self.notes():
            if owner == "GNU" and kind == _NT_GNU_BUILD_ID:
                return description.hex()
        return None


def build_id(path: Path) -> Optional[str]:
    """The build-id of the file at `path`; None when it has none or is no ELF file."""
    try:
        with path.open("rb") as file:
            if file.read(4) != b"\x7fELF":
                return None
        return Elf(path).build_id()
    except (OSError, ElfError):
        return None
