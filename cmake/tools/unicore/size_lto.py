# SPDX-License-Identifier: BSD-3-Clause
"""Gives link-time optimised code back: the map knows one object, `….lto.o`, but each function and
variable has a section of its own there, named after it, and the archives tell whose it was.

What was inlined counts for the component that it was inlined into. Source: lld/ELF/LTO.cpp.
"""
from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Dict, List

from unicore.run_accel import tool
from unicore.size_map import Input

_SECTION = re.compile(r"^\.(?:text|rodata|data|bss)\.(?:\.L__const\.|\.Lswitch\.table\.)?(.+)$")
_LOCAL = re.compile(r"(_Z\w+)\.")  # a constant of a function: its name, a dot, the constant's
_COPY = re.compile(r"\.\d+$")  # one of several of the same name, or a piece of a variable
_GENERATED = "_ZN7unicore4boot"  # what is in no archive and named so comes from the image's boot.cpp


def owners(root: Path) -> Dict[str, str]:
    """The archive member that defines each symbol, as a link map would call it."""
    archives = sorted(root.glob("**/lib*.a"))
    if not archives:
        return {}
    listing = subprocess.run([tool("llvm-nm-19", "llvm-nm"), "--defined-only", "--print-file-name", "--quiet", *archives],
                             stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    found: Dict[str, str] = {}
    for line in listing.stdout.decode("utf-8", "replace").splitlines():
        place, _, rest = line.partition(": ")
        archive, _, member = place.rpartition(":")
        if archive and rest:
            found.setdefault(rest.split()[-1], f"{archive}({member})")
    return found


def split_lto(inputs: List[Input], root: Path) -> List[Input]:
    """`inputs` with the owners of what was optimised at link time as their files."""
    if not any(entry.file.endswith(".lto.o") for entry in inputs):
        return inputs
    known = owners(root)
    result = []
    for entry in inputs:
        section = _SECTION.match(entry.section)
        if entry.file.endswith(".lto.o") and section:
            name = _COPY.sub("", section[1])
            function = _LOCAL.match(name)
            file = known.get(name) or (known.get(function[1]) if function else None)
            if file is None and name.startswith(_GENERATED):
                file = "boot.cpp.obj"
            if file is not None:
                entry = replace(entry, file=file)
        result.append(entry)
    return result
