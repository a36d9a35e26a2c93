# SPDX-License-Identifier: BSD-3-Clause
"""A resolved tree, and its reports as text."""
from __future__ import annotations

import io
from contextlib import redirect_stderr, redirect_stdout

from sample import SampleTest
from unicore.cli import main
from unicore.resolver.outputs import generate
from unicore.tree import Tree


class ReportTest(SampleTest):
    def setUp(self) -> None:
        super().setUp()
        self.sample.memory()
        self.build = self.root / "build"
        self.sample.option("memory.tlsf", "GROWTH", minimum="1", maximum="64", unit="pages", help="At a time.",
                           value="8")
        self.sample.option("memory.bump", "SIZE", help="Of the arena.")
        self.sample.component("boost.intrusive", root=".", readme=False, external=True, licence="BSL-1.0",
                              version="1.74.0", pool="third-party")
        self.hello = self.sample.image("hello", "console", "memory.heap", "boost.intrusive")

    def resolve(self) -> Tree:
        generate(self.expect_fine(), self.build / "unicore")
        return Tree(self.build)

    def report(self, *words: str) -> tuple[int, str]:
        out = io.StringIO()
        out.reconfigure = lambda **_: None  # type: ignore[attr-defined]
        with redirect_stdout(out), redirect_stderr(out):
            status = main(["--tree", str(self.build), *words])
        return status, out.getvalue()

    def expect_report(self, words: str, text: str, status: int = 0) -> None:
        self.assertEqual(self.report(*words.split()), (status, text.lstrip("\n")))
