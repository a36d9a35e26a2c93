# SPDX-License-Identifier: BSD-3-Clause
"""Check that the core's objects have no floating-point instruction: interrupts do not save those registers.

Looks at what the compiler made of C and C++ in every archive of the tree; assembly, which may have to save them, is
left to its author. Archives of components that may use them are named with --except.
"""
from __future__ import annotations

import argparse
import re
import subprocess
import sys
from pathlib import Path
from typing import Dict, Iterator, List, Pattern, Tuple

from unicore.failure import Failure

# What shows in a line of the disassembly: registers, or on Arm the mnemonic.
INSTRUCTIONS: Dict[str, Pattern[str]] = {
    "x86_64": re.compile(r"%[xyz]mm\d|%st\b|%mm\d"),
    "aarch64": re.compile(r"[\s{\[,](?:[bhsdqv](?:[12]?\d|3[01]))(?=[.,\s\]}]|$)"),
    "arm": re.compile(r"^\s*v[a-z]+"),
    "mips": re.compile(r"\$f\d"),
}
_MEMBER = re.compile(r"^(\S.*\((.*)\)):\s+file format")
_LABEL = re.compile(r"^[0-9a-f]+ <(.*)>:$")
_LINE = re.compile(r"^\s*[0-9a-f]+:\s+(.*?)(?:\s*<.*>)?\s*$")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("architecture", metavar="ARCHITECTURE", choices=sorted(INSTRUCTIONS))
    parser.add_argument("--objdump", default="llvm-objdump-19", help="LLVM's disassembler")
    parser.add_argument("--except", dest="excepted", action="append", default=[], metavar="COMPONENT")


def main(args: argparse.Namespace) -> int:
    """1 when there is such an instruction."""
    left_out = {f"lib{name}.a" for name in args.excepted}
    archives = [file for file in sorted((args.tree / "unicore" / "pools").rglob("lib*.a")) if file.name not in left_out]
    if not archives:
        raise Failure(f"{args.tree} has no archive of a component: build it first")
    done = subprocess.run([args.objdump, "-d", "--no-show-raw-insn", *map(str, archives)], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", errors="replace", check=False)
    if done.returncode:
        raise Failure(f"{args.objdump} failed: {done.stderr.strip()}")
    lines, members = 0, set()
    found: List[Tuple[str, str]] = []
    for member, line in instructions(done.stdout):
        lines += 1
        members.add(member)
        if INSTRUCTIONS[args.architecture].search(line):
            found.append((member, line))
    if not lines:
        raise Failure("no instruction was found in any object: link-time optimisation leaves none to look at")
    for member, line in found[:20]:
        print(f"{Path(member).name}: {line}", file=sys.stderr)
    print(f"{lines} instructions of {len(members)} objects: {len(found) or 'no'} floating-point instruction"
          f"{'' if len(found) == 1 else 's'}")
    return 1 if found else 0


def instructions(text: str) -> Iterator[Tuple[str, str]]:
    """(archive and member, instruction) of what came from C and C++."""
    member, wanted, code = "", False, True
    for line in text.splitlines():
        start = _MEMBER.match(line)
        if start:
            member, wanted = start[1], not start[2].endswith((".S.obj", ".S.o"))
            continue
        label = _LABEL.match(line)
        if label:
            code = not label[1].startswith(".")  # data in front of a function, by which its type is checked (debug.ubsan)
            continue
        found = _LINE.match(line)
        if found and wanted and code:
            yield member, found[1].replace("\t", " ")
