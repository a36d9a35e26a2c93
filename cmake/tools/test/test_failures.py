# SPDX-License-Identifier: BSD-3-Clause
"""failures: what is shown of a run's results."""
from __future__ import annotations

import argparse
import contextlib
import io
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from unicore import failures  # noqa: E402
from unicore.failure import Failure  # noqa: E402

# As a build tree has it.
TESTS = """
add_test(good "/bin/echo" "fine")
add_test(bad "/bin/sh" "-c" "printf 'one\\ntwo\\n'; echo '<three> & four' >&2; exit 3")
add_test(late "/bin/sh" "-c" "echo begun; exec sleep 30")
set_tests_properties(late PROPERTIES TIMEOUT 1)
add_test(missing "/nowhere/program")
add_test(silent "/bin/false")
add_test(off "/bin/true")
set_tests_properties(off PROPERTIES DISABLED ON)
"""


def run(tests: str, folder: Path) -> Path:
    """What ctest writes of a run."""
    (folder / "CTestTestfile.cmake").write_text(tests, encoding="utf-8")
    subprocess.run(["ctest", "--test-dir", str(folder), "--output-junit", "junit.xml"], stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL, check=False, timeout=60)
    return folder / "junit.xml"


class Failures(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def shown(self, path: Path, *words: str) -> str:
        """What is printed of results. Errors: Failure."""
        parser = argparse.ArgumentParser()
        failures.arguments(parser)
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            self.assertEqual(failures.main(parser.parse_args([str(path), *words])), 0)
        return out.getvalue()

    def test_the_last_lines_of_what_did_not_pass(self) -> None:
        path = run(TESTS, self.folder)
        self.assertEqual(self.shown(path, "--lines", "2"),
                         "bad, 0 s:\n    two\n    <three> & four\nlate, 1 s:\n    begun\n"
                         "missing, did not run:\n    Unable to find executable: /nowhere/program\n"
                         "silent, 0 s:\n    (it printed nothing)\n")
        self.assertTrue(self.shown(path, "--most", "1").endswith("    <three> & four\nand 3 more\n"))

    def test_none(self) -> None:
        self.assertEqual(self.shown(run('add_test(good "/bin/true")', self.folder)), "no test failed\n")

    def test_no_results(self) -> None:
        path = self.folder / "junit.xml"
        with self.assertRaisesRegex(Failure, "junit.xml does not tell"):
            self.shown(path)
        path.write_text("<testsuite>", encoding="utf-8")
        with self.assertRaisesRegex(Failure, "junit.xml does not tell"):
            self.shown(path)


if __name__ == "__main__":
    unittest.main()
