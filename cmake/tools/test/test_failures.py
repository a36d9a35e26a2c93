# SPDX-License-Identifier: BSD-3-Clause
"""failures: what is shown of a run's results."""
from __future__ import annotations

import argparse
import contextlib
import io
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from unicore import failures  # noqa: E402
from unicore.failure import Failure  # noqa: E402

CASE = '<testcase name="{}" time="{}" status="{}"><system-out>{}</system-out></testcase>'


class Failures(unittest.TestCase):
    def shown(self, text: str, *words: str) -> str:
        """What is printed of results. Errors: Failure."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "junit.xml")
            path.write_text(text, encoding="utf-8")
            parser = argparse.ArgumentParser()
            failures.arguments(parser)
            out = io.StringIO()
            with contextlib.redirect_stdout(out):
                self.assertEqual(failures.main(parser.parse_args([str(path), *words])), 0)
        return out.getvalue()

    def test_the_last_lines_of_those_that_failed(self) -> None:
        cases = [CASE.format("a/good", 1, "run", "fine"), CASE.format("b/bad", 12.6, "fail", "one\n&lt;two&gt;\nthree\n"),
                 CASE.format("c/silent", 0.1, "fail", ""), CASE.format("d/bad", 0, "fail", "x")]
        text = f"<testsuite>{''.join(cases)}</testsuite>"
        self.assertEqual(self.shown(text, "--lines", "2", "--most", "2"),
                         "b/bad, 13 s:\n    <two>\n    three\nc/silent, 0 s:\n    (it printed nothing)\nand 1 more\n")

    def test_none(self) -> None:
        self.assertEqual(self.shown(f"<testsuite>{CASE.format('a', 1, 'run', '')}</testsuite>"), "no test failed\n")

    def test_no_results(self) -> None:
        for text in ("", "<testsuite>"):
            with self.assertRaisesRegex(Failure, "junit.xml does not tell"):
                self.shown(text)
        with self.assertRaisesRegex(Failure, "nowhere.xml does not tell"):
            failures.endings(Path("/nowhere.xml"), 1)


if __name__ == "__main__":
    unittest.main()
