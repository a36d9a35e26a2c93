# SPDX-License-Identifier: BSD-3-Clause
"""Show how the tests ended that a run failed on: the last lines of each, which are far up in what ctest printed.

A test that did not run is one of them, whether its program is missing or it says that it was skipped.
"""
from __future__ import annotations

import argparse
import xml.etree.ElementTree as xml
from pathlib import Path
from typing import List

from unicore.failure import Failure


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the command line."""
    parser.add_argument("junit", type=Path, metavar="FILE", help="what ctest wrote: build/all/junit.xml")
    parser.add_argument("--lines", type=int, default=20, help="of each test (default: %(default)s)")
    parser.add_argument("--most", type=int, default=10, metavar="TESTS", help="(default: %(default)s)")


def endings(path: Path, count: int) -> List[str]:
    """A text for each test that did not pass. Errors: Failure when there are no results."""
    try:
        cases = list(xml.parse(path).iter("testcase"))
    except (OSError, xml.ParseError) as error:
        raise Failure(f"{path} does not tell how the tests went: {error}") from None
    found = []
    for case in cases:
        if case.get("status") in ("fail", "notrun"):
            lines = (case.findtext("system-out") or "").rstrip().splitlines()
            shown = lines[max(0, len(lines) - count):] or ["(it printed nothing)"]
            what = "did not run" if case.get("status") == "notrun" else f"{float(case.get('time') or 0):.0f} s"
            found.append("\n".join([f"{case.get('name')}, {what}:", *(f"    {line}" for line in shown)]))
    return found


def main(args: argparse.Namespace) -> int:
    """Runs the command; returns the exit status: 0 however the tests went."""
    found = endings(args.junit, args.lines)
    rest = [f"and {len(found) - args.most} more"] if len(found) > args.most else []
    print("\n".join([*found[:args.most], *rest]) or "no test failed")
    return 0
