# SPDX-License-Identifier: BSD-3-Clause
"""What a program of the dom0 needs: shared libraries, and kernel modules in their load order.

Read from the files themselves, as ldd and depmod would need them installed. Source: System V gABI,
chapter 5; Linux include/linux/module.h for .modinfo.
"""
from __future__ import annotations

import struct
from pathlib import Path
from typing import Dict, Iterable, List, Sequence

from unicore.failure import Failure
from unicore.symbolise_elf import PT_LOAD, Elf

_PT_DYNAMIC, _PT_INTERP = 2, 3
_DT_NEEDED, _DT_STRTAB = 1, 5


def needed(elf: Elf) -> List[str]:
    """Names of the libraries that a 64-bit little-endian file asks for, its loader among them."""
    names, strings = [], 0
    for segment in elf.segments:
        content = elf.data[segment.offset:segment.offset + segment.file_size]
        if segment.kind == _PT_INTERP:
            names.append(Path(content.rstrip(b"\0").decode()).name)
        if segment.kind == _PT_DYNAMIC:
            entries = list(struct.iter_unpack("<QQ", content[:len(content) // 16 * 16]))
            strings = next((file_offset(elf, value) for tag, value in entries if tag == _DT_STRTAB), 0)
            names += [_text(elf.data, strings + value) for tag, value in entries if tag == _DT_NEEDED]
    return names


def file_offset(elf: Elf, address: int) -> int:
    """Where in the file `address` is. Errors: Failure when no segment holds it."""
    for segment in elf.segments:
        if segment.kind == PT_LOAD and segment.address <= address < segment.address + segment.file_size:
            return address - segment.address + segment.offset
    raise Failure(f"{elf.path}: address {address:#x} is in no segment")


def _text(data: bytes, offset: int) -> str:
    return data[offset:data.index(b"\0", offset)].decode()


def libraries(programs: Iterable[Path], folders: Sequence[Path], extra: Sequence[str] = ()) -> Dict[str, Path]:
    """Every library that `programs` and `extra` (names, for what is opened at run time) need, by the
    name it is asked for. Errors: Failure names what is in none of `folders`."""
    found: Dict[str, Path] = {}
    waiting = [(name, Path("dlopen")) for name in extra]
    waiting += [(name, program) for program in programs for name in needed(Elf(program))]
    while waiting:
        name, user = waiting.pop()
        if name not in found:
            place = next((folder / name for folder in folders if (folder / name).is_file()), None)
            if place is None:
                raise Failure(f"{user} needs {name}, which none of the packages has")
            found[name] = place
            waiting += [(other, place) for other in needed(Elf(place))]
    return found


def module_information(data: bytes) -> Dict[str, str]:
    """The fields of a module's .modinfo; of those that stand there several times, the last."""
    pairs = (field.partition(b"=") for field in data.split(b"\0") if b"=" in field)
    return {name.decode(): value.decode("utf-8", "replace") for name, _, value in pairs}


def module_dependencies(path: Path) -> List[str]:
    """Names of the modules that the one at `path` needs loaded before it."""
    elf = Elf(path)
    for section in elf.sections:
        if section.name == ".modinfo":
            information = module_information(elf.data[section.offset:section.offset + section.size])
            return [name for name in information.get("depends", "").split(",") if name]
    return []


def load_order(names: Sequence[str], tree: Path) -> List[Path]:
    """Files of the modules `names` and of all they need, in an order in which they load. Errors: Failure."""
    files = {path.stem.replace("-", "_"): path for path in sorted(tree.rglob("*.ko"))}
    order: List[Path] = []

    def visit(name: str) -> None:
        path = files.get(name.replace("-", "_"))
        if path is None:
            raise Failure(f"the kernel's package has no module {name} (compressed modules are not read)")
        if path not in order:
            for other in module_dependencies(path):
                visit(other)
            order.append(path)

    for name in names:
        visit(name)
    return order
