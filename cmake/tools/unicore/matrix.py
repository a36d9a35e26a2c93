# SPDX-License-Identifier: BSD-3-Clause
"""Show what was run of every suite on every pair, or check that nothing is missing without a reason.

The trees are those of the pairs, which CMake has configured: each lists its tests in unicore/suites.txt. A cell without a
test needs a rule in the reviewed list of what is impossible; a rule that excuses nothing, or a cell that has tests all
the same, is an error as well. The table needs what the last run of ctest wrote (junit.xml), and release trees with hello.
"""
from __future__ import annotations

import argparse
import fnmatch
import json
import xml.etree.ElementTree as xml
from dataclasses import dataclass, field
from pathlib import Path
from typing import Dict, List, Optional, Sequence, Set, Tuple

from unicore.failure import Failure
from unicore.matrix_figures import Figures, figures, lines_of

ROOT = Path(__file__).resolve().parent.parent.parent.parent
Cell = Tuple[str, str]  # suite, pair


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the command line."""
    parser.add_argument("trees", nargs="+", type=Path, metavar="TREE", help="the build trees, named after their pairs")
    parser.add_argument("--impossible", type=Path, required=True, metavar="FILE", help="the reviewed list")
    parser.add_argument("--junit", type=Path, metavar="FILE", help="the results of the last run; none: only check")
    parser.add_argument("--partial", action="store_true", help="not all pairs are there: a rule may excuse nothing")
    parser.add_argument("--sliced", nargs="+", default=[], metavar="PAIR",
                        help="a suite that runs on all of these need not run on others (UNICORE_EVERY_SUITE is off)")
    parser.add_argument("--write", type=Path, metavar="FILE", help="where the table goes, in Markdown")


@dataclass
class Rule:
    """Cells that cannot be, and why."""

    suites: List[str]  # patterns
    pairs: List[str]
    because: str
    source: str
    used: bool = False

    def excuses(self, cell: Cell) -> bool:
        """Whether the cell is one of these."""
        return any(fnmatch.fnmatchcase(cell[0], one) for one in self.suites) and any(
            fnmatch.fnmatchcase(cell[1], one) for one in self.pairs)


def rules(path: Path) -> List[Rule]:
    """The reviewed list. Errors: Failure, for an entry without a reason or a source."""
    found = []
    for number, entry in enumerate(json.loads(path.read_text(encoding="utf-8")), 1):
        missing = [key for key in ("suites", "pairs", "because", "source") if not entry.get(key)]
        if missing:
            raise Failure(f"{path}: entry {number} has no {', '.join(missing)}")
        found.append(Rule(entry["suites"].split(), entry["pairs"].split(), entry["because"], entry["source"]))
    return found


@dataclass
class Matrix:
    """All tests by suite and pair."""

    pairs: List[str]
    tests: Dict[Cell, List[str]] = field(default_factory=dict)

    @property
    def suites(self) -> List[str]:
        """The rows, in order."""
        return sorted({suite for suite, _ in self.tests})

    def problems(self, known: Sequence[Rule], partial: bool, sliced: Sequence[str] = ()) -> List[str]:
        """What is wrong: absent without a rule, excused and there, excused by a rule that is of no use. A suite that runs on
        all pairs of a slice, or has an excuse there, may be absent elsewhere."""
        found = []
        slice_pairs = [pair for pair in sliced if pair in self.pairs]
        for suite in self.suites:
            complete = bool(slice_pairs) and all(
                (suite, pair) in self.tests or any(rule.excuses((suite, pair)) for rule in known) for pair in slice_pairs)
            for pair in self.pairs:
                cell = (suite, pair)
                excuses = [rule for rule in known if rule.excuses(cell)]
                for rule in excuses:
                    rule.used = True
                if cell in self.tests and excuses:
                    found.append(f"{suite} runs on {pair}, which the list calls impossible: {excuses[0].because}")
                elif cell not in self.tests and not excuses and not (complete and pair not in slice_pairs):
                    found.append(f"{suite} does not run on {pair}, and the list does not say why")
        if not partial:
            found += [f"the list excuses nothing with: {' '.join(rule.suites)} on {' '.join(rule.pairs)}"
                      for rule in known if not rule.used]
        return found


def collect(trees: Sequence[Path]) -> Matrix:
    """What the trees list. Errors: Failure when one does not."""
    matrix = Matrix([tree.name for tree in trees])
    for tree in trees:
        listing = tree / "unicore" / "suites.txt"
        if not listing.is_file():
            raise Failure(f"{listing} is missing: cmake --preset {tree.name}")
        for line in listing.read_text(encoding="utf-8").splitlines():
            suite, _, test = line.partition(" ")
            if test:
                matrix.tests.setdefault((suite, tree.name), []).append(test)
    return matrix


def results(path: Path) -> Dict[str, str]:
    """A test's name and what became of it: run, fail, notrun, disabled. Errors: Failure."""
    if not path.is_file():
        raise Failure(f"{path} is missing: ctest --preset all writes it")
    return {case.get("name", ""): case.get("status", "") for case in xml.parse(path).iter("testcase")}


def cell_text(tests: Optional[List[str]], came: Dict[str, str], note: str) -> str:
    """How many tests passed; of how many, if not all; a note where there are none."""
    if not tests:
        return note
    passed = sum(came.get(test) == "run" for test in tests)
    return str(passed) if passed == len(tests) else f"**{passed}/{len(tests)}**"


def grid(head: Sequence[str], rows: Sequence[Sequence[str]]) -> List[str]:
    """A table in Markdown, the first column's text to the left."""
    return [f"| {' | '.join(head)} |", f"|---|{'--:|' * (len(head) - 1)}", *(f"| {' | '.join(row)} |" for row in rows)]


def table(matrix: Matrix, known: Sequence[Rule], came: Dict[str, str], measured: Dict[str, Figures]) -> str:
    """The page's generated part."""
    letters: Dict[int, str] = {}

    def note(cell: Cell) -> str:
        for index, rule in enumerate(known):
            if rule.excuses(cell):
                return letters.setdefault(index, chr(ord("a") + len(letters)))
        return "**?**"

    rows = [[suite] + [cell_text(matrix.tests.get((suite, pair)), came, note((suite, pair))) for pair in matrix.pairs]
            for suite in matrix.suites]
    head = ["suite"] + [pair.replace("-", " ") for pair in matrix.pairs]
    lines = [*grid(head, rows), ""]
    lines += [f"- {letter}: {known[index].because} [{known[index].source}]" for index, letter in letters.items()]
    lines += ["", *grid(["pair", "hello, bytes", "instructions to hello", "smallest RAM, KiB"],
                        [[pair, *measured[pair].row()] for pair in matrix.pairs if pair in measured])]
    architectures = sorted({pair.partition("-")[2] for pair in matrix.pairs})
    lines += ["", *grid(["architecture", "lines of its own"],
                        [[name, f"{lines_of(ROOT, name):,}"] for name in architectures])]
    remarks = [f"- {pair}: {text}" for pair in matrix.pairs if pair in measured for text in measured[pair].notes]
    return "\n".join(lines + ([""] + remarks if remarks else [])) + "\n"


def main(args: argparse.Namespace) -> int:
    """Runs the command; returns the exit status."""
    matrix, known = collect(args.trees), rules(args.impossible)
    found = matrix.problems(known, args.partial, args.sliced)
    if not args.junit:
        print("\n".join(found) or f"{len(matrix.suites)} suites on {len(matrix.pairs)} pairs: "
              f"{len(matrix.tests)} cells are run, {len(matrix.suites) * len(matrix.pairs) - len(matrix.tests)} "
              + ("impossible, or left out" if args.sliced else "impossible"))
        return int(bool(found))
    came = results(args.junit)
    tests: Set[str] = {test for cell in matrix.tests.values() for test in cell}
    found += [f"{test}: {came.get(test, 'not in the last run')}" for test in sorted(tests) if came.get(test) != "run"]
    measured = {tree.name: figures(tree.with_name(f"{tree.name}-release")) for tree in args.trees}
    text = table(matrix, known, came, measured)
    if args.write:
        args.write.write_text(text, encoding="utf-8")
    print(text + "\n".join(found))
    return int(bool(found))
