# SPDX-License-Identifier: BSD-3-Clause
"""expect IMAGE: runs an image and compares its console and exit status; for boot tests."""
from __future__ import annotations

import argparse
import re
import subprocess
import sys
from pathlib import Path
from typing import List, Optional

from unicore.run_targets import runner_for
from unicore.tree import Tree

TOOL = Path(__file__).resolve().parent.parent / "unicore.py"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the command line; what is not named here goes to `run`."""
    parser.add_argument("image", metavar="IMAGE", help="name of an image in the tree")
    parser.add_argument("--status", type=int, default=0, help="the exit status that it must have (default 0)")
    parser.add_argument("--line", action="append", default=[], metavar="REGEX",
                        help="must be found in a line of the console; several must be found in this order")
    parser.add_argument("--absent", action="append", default=[], metavar="REGEX",
                        help="must not be found in any line of the console")

    parser.add_argument("--input", action="append", metavar="LINE",
                        help="typed on the console once the first --line was seen, then the end of input; "
                        "backslashes as in Python's strings: \\b takes a character back")

    def parse_args(words=None, namespace=None):
        words = list(words)
        cut = words.index("--") if "--" in words else len(words)
        found, rest = parser.parse_known_args(words[:cut], namespace)
        found.run = rest + words[cut:]
        return found

    parser.parse_args = parse_args  # type: ignore[method-assign]


def failures(args: argparse.Namespace, console: list[str], status: int) -> list[str]:
    """What is wrong, a sentence each; empty when all is as it must be."""
    wrong = []
    if status != args.status:
        wrong.append(f"exit status {status}, expected {args.status}")
    at = 0
    for pattern in args.line:
        match = next((i for i in range(at, len(console)) if re.search(pattern, console[i])), None)
        if match is None:
            earlier = any(re.search(pattern, line) for line in console[:at])
            wrong.append(f"no line matches {pattern!r}" + (" after the one before" if earlier else ""))
        else:
            at = match + 1
    for pattern in args.absent:
        wrong += [f"a line matches {pattern!r}: {line}" for line in console if re.search(pattern, line)]
    return wrong


def typed(lines: List[str]) -> bytes:
    """What --input stands for, with line ends."""
    return b"".join(line.encode().decode("unicode_escape").encode("latin-1") + b"\n" for line in lines)


def converse(command: List[str], after: Optional[str], keys: Optional[bytes]) -> "tuple[bytes, int]":
    """Runs `command`, to which `keys` are given when a line matches `after`. Returns what it said, and its status."""
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL if keys is None else subprocess.PIPE,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, bufsize=0)  # communicate knows no buffer
    if keys is None:
        return child.communicate()[0], child.returncode
    said = b""
    for line in child.stdout:
        said += line
        if after is None or re.search(after, line.decode("utf-8", "replace").rstrip("\r\n")):
            break
    return said + child.communicate(keys)[0], child.returncode


def main(args: argparse.Namespace) -> int:
    """Runs the image; returns 0 when it did what it must, else 1."""
    command = [sys.executable, "-B", str(TOOL), "--tree", str(args.tree), "run", args.image, *args.run]
    keys = None
    if args.input is not None:
        target = Tree(Path(args.tree)).target
        keys = runner_for(target["platform"], target["architecture"]).keys(typed(args.input))
    said, status = converse(command, args.line[0] if args.line else None, keys)
    text = said.decode("utf-8", "replace")
    console = text.replace("\r", "").splitlines()
    wrong = failures(args, console, status)
    print(text)
    for sentence in wrong:
        print(f"expect: {sentence}")
    return 1 if wrong else 0
