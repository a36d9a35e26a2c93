# SPDX-License-Identifier: BSD-3-Clause
"""Pass console text on and add, below each backtrace, the call chain in names.

A backtrace is a line `unicore: backtrace BUILD-ID 0xADDRESS…`, innermost first. Addresses are
return addresses, one past the call, except the first after a fault (`unicore: fault:`), which is
the instruction itself. Where a link register has a call's return address, functions without a frame
are not in the chain of frames: the register's value among those of the fault says who called.
"""
from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Dict, Iterable, List, Optional, Sequence

from unicore.failure import Failure
from unicore.run_tree import BuiltTree
from unicore.symbolise_elf import SHF_EXECINSTR, Elf, build_id

_BACKTRACE = re.compile(r"unicore: backtrace ([0-9a-f]{8,})((?:\s+0x[0-9a-fA-F]+)*)\s*$")
_FAULT = re.compile(r"unicore: fault:")
_LINK = re.compile(r"\s(?:lr|ra)=(0x[0-9a-f]+)")
_SYMBOLIZERS = ("llvm-symbolizer-19", "llvm-symbolizer")
_DUMPERS = ("llvm-dwarfdump-19", "llvm-dwarfdump")
_FUNCTION = re.compile(r"\sFDE\s.*\spc=([0-9a-f]+)\.\.\.([0-9a-f]+)$")
_ROW = re.compile(r"  0x([0-9a-f]+): CFA=(\w+)")
_STACK_POINTERS = ("WSP", "SP", "SP_64")  # as the dumper calls them


@dataclass(frozen=True)
class Frame:
    """One call of the chain; `inlined` into the next one."""

    function: str  # empty: unknown
    file: str  # as the compiler named it; empty: unknown
    line: int
    inlined: bool


class Debug:
    """Finds files with symbols by their build-id."""

    def __init__(self, folders: Iterable[Path]) -> None:
        """Looks at files NAME.debug in these folders, and at files given themselves."""
        self._folders = list(folders)
        self._known: Optional[Dict[str, Path]] = None

    def known(self) -> Dict[str, Path]:
        """File by build-id."""
        if self._known is None:
            self._known = {}
            for folder in self._folders:
                files = [folder] if folder.is_file() else sorted(folder.glob("*.debug"))
                for file in files:
                    found = build_id(file)
                    if found:
                        self._known.setdefault(found, file)
        return self._known

    def find(self, wanted: str) -> Optional[Path]:
        """The file with build-id `wanted`; one that starts with it when the console cut it short."""
        known = self.known()
        near = [file for key, file in known.items() if key.startswith(wanted)]
        return known.get(wanted) or (near[0] if len(near) == 1 else None)


def frames(file: Path, addresses: Sequence[int]) -> List[List[Frame]]:
    """Frames at each address, inlined ones first. Errors: OSError, ValueError from the symbolizer."""
    program = next((path for path in map(shutil.which, _SYMBOLIZERS) if path), None)
    if program is None:
        raise OSError(f"{_SYMBOLIZERS[0]} is not installed")
    done = subprocess.run(
        [program, f"--obj={file}", "--output-style=JSON", "--inlines", "--demangle"],
        input="".join(f"0x{address:x}\n" for address in addresses), stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, encoding="utf-8", timeout=60, check=False)
    code = [section for section in Elf(file).sections if section.flags & SHF_EXECINSTR]
    result: List[List[Frame]] = []
    for line in done.stdout.splitlines():
        symbols = json.loads(line).get("Symbol") or [{}]
        address = addresses[len(result)] if len(result) < len(addresses) else 0
        if not any(section.address <= address < section.address + section.size for section in code):
            symbols = [{}]  # the symbolizer names the nearest symbol, however far
        result.append([Frame(symbol.get("FunctionName") or "", symbol.get("FileName") or "", symbol.get("Line") or 0,
                             index + 1 < len(symbols))
                       for index, symbol in enumerate(symbols)])
    if len(result) != len(addresses):
        raise ValueError(f"{program} exited with {done.returncode} after {len(result)} of {len(addresses)} answers")
    return result


def without_frame(file: Path, instruction: int) -> bool:
    """Whether debug information says that what runs at `instruction` has no frame of its own: a function that calls
    no other, or one that is not past its prologue. [DWARF 5, 6.4] Errors: OSError."""
    program = next((path for path in map(shutil.which, _DUMPERS) if path), None)
    if program is None:
        raise OSError(f"{_DUMPERS[0]} is not installed")
    done = subprocess.run([program, "--debug-frame", str(file)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          encoding="utf-8", timeout=60, check=False)
    inside, register = False, ""
    for line in done.stdout.splitlines():
        function, row = _FUNCTION.search(line), _ROW.match(line)
        if function:
            inside = int(function[1], 16) <= instruction < int(function[2], 16)
        elif inside and row and int(row[1], 16) <= instruction:
            register = row[2]
    return register in _STACK_POINTERS


class Annotator:
    """Reads console lines one by one and says what to add below each."""

    def __init__(self, folders: Iterable[Path], source: Callable[[str], str] = lambda name: name) -> None:
        """Looks for symbols in `folders`; `source` turns the compiler's file names into real ones."""
        self._debug = Debug(folders)
        self._source = source
        self._after_fault = False
        self._link: Optional[int] = None  # the link register's value in the last fault

    def line(self, text: str) -> List[str]:
        """Lines to print below `text`; none for most."""
        found = _BACKTRACE.search(text)
        if not found:
            self._after_fault = self._after_fault or bool(_FAULT.search(text))
            link = _LINK.search(text) if self._after_fault else None
            self._link = int(link[1], 16) if link else self._link
            return []
        after_fault, self._after_fault = self._after_fault, False
        link_value, self._link = self._link, None
        addresses = [int(word, 16) for word in found[2].split()]
        file = self._debug.find(found[1])
        if file is None:
            known = [f"{key} ({path})" for key, path in sorted(self._debug.known().items())]
            return [f"  no symbols for build-id {found[1]}; there are: {', '.join(known) or 'none'}"]
        try:
            if link_value and addresses and link_value not in addresses[1:2] and without_frame(file, addresses[0]):
                addresses.insert(1, link_value)
        except (OSError, subprocess.SubprocessError) as error:
            return [f"  cannot symbolise: {error}"]
        looked_up = [address if after_fault and index == 0 else max(address - 1, 0)
                     for index, address in enumerate(addresses)]
        try:
            chains = frames(file, looked_up)
        except (OSError, ValueError, subprocess.SubprocessError) as error:
            return [f"  cannot symbolise: {error}"]
        result = []
        for address, chain in zip(addresses, chains):
            for frame in chain:
                name = frame.function or f"0x{address:x}"
                place = f"{self._source(frame.file)}:{frame.line}" if frame.file else "??"
                result.append(f"  #{len(result)} {name} at {place}{' (inlined)' if frame.inlined else ''}")
        return result


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the command line."""
    parser.add_argument("file", nargs="?", metavar="FILE", help="console text (default: standard input)")
    parser.add_argument("--debug-dir", action="append", default=[], metavar="PATH",
                        help="folder with NAME.debug files, or such a file; besides the tree's images/")


def main(args: argparse.Namespace) -> int:
    """Runs the command; returns the exit status."""
    folders = [Path(folder) for folder in args.debug_dir]
    try:
        tree = BuiltTree(Path(args.tree))
        annotator = Annotator([tree.folder, *folders], tree.source)
    except Failure:  # no tree is needed where --debug-dir says all
        annotator = Annotator([Path(args.tree) / "images", *folders])
    try:
        source = open(args.file, "rb") if args.file else sys.stdin.buffer
    except OSError as error:
        print(f"unicore symbolise: {args.file}: {error.strerror}", file=sys.stderr)
        return 1
    with source:
        for raw in source:
            text = raw.decode("utf-8", "replace").rstrip("\r\n")
            print("\n".join([text] + annotator.line(text)), flush=True)
    return 0
