# SPDX-License-Identifier: BSD-3-Clause
"""matrix: what is missing, what is excused for nothing, and what the table shows of a run."""
from __future__ import annotations

import argparse
import contextlib
import io
import json
import sys
import tempfile
import unittest
from pathlib import Path
from typing import Dict, List
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from unicore import matrix  # noqa: E402
from unicore.failure import Failure  # noqa: E402
from unicore.matrix_figures import Figures  # noqa: E402

RULE = {"suites": "boot.a", "pairs": "xen-*", "because": "there is none", "source": "a book, 1"}


class MatrixCase(unittest.TestCase):
    """Trees with lists of tests."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)

    def run_on(self, trees: Dict[str, List[str]], rules: List[Dict[str, str]], *words: str) -> "tuple[int, str]":
        """The exit status and what is printed. Errors: Failure."""
        for name, lines in trees.items():
            (self.root / name / "unicore").mkdir(parents=True)
            (self.root / name / "unicore" / "suites.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
        listing = self.root / "impossible.json"
        listing.write_text(json.dumps(rules), encoding="utf-8")
        parser = argparse.ArgumentParser()
        matrix.arguments(parser)
        arguments = parser.parse_args([*(str(self.root / name) for name in trees), "--impossible", str(listing), *words])
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            status = matrix.main(arguments)
        return status, out.getvalue()

    def test_all_cells_are_run_or_excused(self) -> None:
        status, text = self.run_on({"kvm-x": ["boot.a kvm-x/boot.a.pc", "boot.a kvm-x/boot.a.q35"], "xen-x": [""]}, [RULE])
        self.assertEqual((status, text), (0, "1 suites on 2 pairs: 1 cells are run, 1 impossible\n"))

    def test_a_missing_cell_fails(self) -> None:
        status, text = self.run_on({"kvm-x": ["boot.a kvm-x/boot.a"], "linux-x": [""], "xen-x": [""]}, [RULE])
        self.assertEqual(status, 1)
        self.assertEqual(text, "boot.a does not run on linux-x, and the list does not say why\n")

    def test_a_slice_has_all_suites(self) -> None:
        trees = {"kvm-x": ["boot.a kvm-x/boot.a", "lib.b kvm-x/lib.b"], "linux-x": ["lib.b linux-x/lib.b"], "xen-x": [""]}
        status, text = self.run_on(trees, [RULE], "--sliced", "kvm-x", "linux-x")
        self.assertEqual((status, text), (1, "boot.a does not run on linux-x, and the list does not say why\n"))

    def test_what_a_slice_has_may_be_left_out_elsewhere(self) -> None:
        status, text = self.run_on({"kvm-x": ["lib.b kvm-x/lib.b"], "linux-x": [""]}, [], "--sliced", "kvm-x")
        self.assertEqual((status, text), (0, "1 suites on 2 pairs: 1 cells are run, 1 impossible, or left out\n"))

    def test_an_excuse_for_what_runs_fails(self) -> None:
        status, text = self.run_on({"kvm-x": ["boot.a kvm-x/boot.a"], "xen-x": ["boot.a xen-x/boot.a"]}, [RULE])
        self.assertEqual((status, text), (1, "boot.a runs on xen-x, which the list calls impossible: there is none\n"))

    def test_an_excuse_for_nothing_fails_unless_pairs_are_left_out(self) -> None:
        trees = {"kvm-x": ["boot.b kvm-x/boot.b"]}
        status, text = self.run_on(trees, [RULE])
        self.assertEqual((status, text), (1, "the list excuses nothing with: boot.a on xen-*\n"))
        self.root = self.root / "again"
        self.assertEqual(self.run_on(trees, [RULE], "--partial")[0], 0)

    def test_a_rule_needs_a_reason_and_a_source(self) -> None:
        with self.assertRaisesRegex(Failure, "entry 1 has no because, source"):
            self.run_on({"kvm-x": [""]}, [{"suites": "boot.a", "pairs": "xen-*"}])

    def test_a_tree_that_is_not_configured_is_named(self) -> None:
        with self.assertRaisesRegex(Failure, "suites.txt is missing: cmake --preset kvm-y"):
            matrix.collect([self.root / "kvm-y"])

    def test_the_table_shows_what_came_of_it(self) -> None:
        junit = self.root / "junit.xml"
        junit.write_text('<testsuite><testcase name="kvm-x/boot.a.pc" status="run"/>'
                         '<testcase name="kvm-x/boot.a.q35" status="fail"/></testsuite>', encoding="utf-8")
        page = self.root / "matrix.md"
        with mock.patch.object(matrix, "figures", lambda tree: Figures(1234, 56, None, [f"of {tree.name}"])):
            status, text = self.run_on({"kvm-x": ["boot.a kvm-x/boot.a.pc", "boot.a kvm-x/boot.a.q35",
                                                  "boot.b kvm-x/boot.b"], "xen-x": [""]},
                                       [RULE, {**RULE, "suites": "boot.b", "source": "a book, 2"}],
                                       "--junit", str(junit), "--write", str(page))
        self.assertEqual(status, 1)
        lines = page.read_text(encoding="utf-8").splitlines()
        self.assertIn("| suite | kvm x | xen x |", lines)
        self.assertIn("| boot.a | **1/2** | a |", lines)
        self.assertIn("| boot.b | **0/1** | b |", lines)
        self.assertIn("- b: there is none [a book, 2]", lines)
        self.assertIn("| kvm-x | 1,234 | 56 |  |", lines)
        self.assertIn("- kvm-x: of kvm-x-release", lines)
        self.assertIn("kvm-x/boot.a.q35: fail\nkvm-x/boot.b: not in the last run", text)


if __name__ == "__main__":
    unittest.main()
