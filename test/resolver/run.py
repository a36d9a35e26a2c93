# SPDX-License-Identifier: BSD-3-Clause
"""Runs one case: it must be refused with exactly its message; fixed, it must configure, build and boot.

All cases of a target take turns in one scratch folder, so that Unicore itself is compiled once; a
case starts with a cache that holds nothing but CMake's own variables, among them the results of
the compiler checks. The fix is made in the build tree that was refused, as a user would make it.
"""
from __future__ import annotations

import argparse
import difflib
import re
import shutil
import sys
from pathlib import Path
from typing import List

import case as cases
from scratch import Scratch, Wrong, must


def message(output: str) -> str:
    """The text of the one error in what CMake printed. Errors: Wrong when there is not exactly one."""
    blocks, block = [], None
    for line in output.splitlines():
        if re.match(r"CMake (Error|Warning)", line):
            block = []
            blocks.append((line, block))
        elif block is not None and line and not line.startswith("  "):
            block = None
        elif block is not None:
            block.append(line.rstrip())
    if len(blocks) != 1 or not blocks[0][0].startswith("CMake Error"):
        raise Wrong(f"expected one error from CMake, found {len(blocks)} errors and warnings in\n{output}")
    lines = blocks[0][1]
    margin = min((len(line) - len(line.lstrip()) for line in lines if line), default=0)
    return "\n".join(line[margin:] for line in lines).strip("\n")


def refused(case: cases.Case, scratch: Scratch) -> str:
    """The message of the configure that must fail."""
    tree = scratch.tree
    if "fresh" in case.words:
        tree = scratch.root / "fresh"
        shutil.rmtree(tree, ignore_errors=True)
    extra = [word.replace("<application>", str(scratch.application)) for word in case.arguments("with")]
    if "before" in case.words:
        must(scratch.first(tree, case.arguments("before")), "the configure before")
        status, output = scratch.again(extra)
    else:
        status, output = scratch.first(tree, extra)
    if status == 0:
        raise Wrong(f"the wrong configuration was not refused:\n{output}")
    return scratch.normal(message(output))


def not_linked(case: cases.Case, scratch: Scratch) -> str:
    """What is said of symbols that a component has, when the image is linked, which must fail."""
    must(scratch.first(scratch.tree, case.arguments("with")), "the configure")
    status, output = scratch.build()
    if status == 0:
        raise Wrong(f"it was linked:\n{output}")
    told: List[str] = []
    keep = False
    for line in map(_without_place, filter(None, output.splitlines())):  # an empty one is between two symbols
        error = line.startswith("ld.lld: error: ")
        keep = line.startswith("app: ") or keep and (line.startswith(("  fix  ", ">>> ")) or error and "  fix  " in told[-1])
        if keep:
            told.append(line)
    return scratch.normal("\n".join(told))


def _without_place(line: str) -> str:
    """What the linker says, without where it is itself, and references without folders and mangled names."""
    line = re.sub(r"^\S*ld\.lld\S*: error: ", "ld.lld: error: ", line)
    line = re.sub(r"^>>> +\S*/(\S+\.obj):\(.*\)$", r">>> in \1", line)
    return re.sub(r"^(>>> referenced by \S+:\d+) \(.*\)$", r"\1", line)


def boots(case: cases.Case, scratch: Scratch) -> None:
    """The fixed twin configures, builds, and prints what it must."""
    cases.fix(case, scratch.application)
    if "fresh" in case.words:
        must(scratch.first(scratch.tree, case.arguments("fix with")), "the fixed configure")
    else:
        must(scratch.again(case.arguments("fix with")), "the fixed configure")
    must(scratch.build(), "the build")
    scratch.boots(case.console)


def compare(expected: str, found: str) -> None:
    if expected != found:
        diff = difflib.unified_diff(expected.splitlines(), found.splitlines(), "expected", "found", lineterm="")
        raise Wrong("the message differs:\n" + "\n".join(diff) + f"\n\nthe message was:\n{found}")


def run(case: cases.Case, scratch: Scratch, accept: bool) -> None:
    """Both halves of a case; without a message it is a warm-up, which only boots."""
    scratch.forget()
    cases.materialise(case, scratch.application)
    if case.link_message:
        found = not_linked(case, scratch)
        compare(case.link_message, found)
        print(f"not linked:\n{found}\n")
    elif case.message or accept:
        found = refused(case, scratch)
        if accept:
            cases.accept(case, found)
        else:
            compare(case.message, found)
        print(f"refused with:\n{found}\n")
    else:
        must(scratch.first(scratch.tree, []), "the configure")
    boots(case, scratch)
    print("fixed: configured, built and booted")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("case", type=Path, help="the file of the case, or a target to warm up: linux-x86_64")
    parser.add_argument("--unicore", type=Path, required=True, help="a checkout or an install of Unicore")
    parser.add_argument("--scratch", type=Path, required=True, help="folder for the applications and their trees")
    parser.add_argument("--cmake", default="cmake")
    parser.add_argument("--accept", action="store_true", help="write the message that comes into the case")
    args = parser.parse_args()
    case = cases.read(args.case) if args.case.suffix == ".txt" else \
        cases.Case(args.case, words={"target": args.case.name})
    try:
        run(case, Scratch(args.scratch, args.unicore, args.cmake, case.target), args.accept)
    except (Wrong, ValueError) as wrong:
        print(f"{args.case.name}: {wrong}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
