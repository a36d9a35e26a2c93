# SPDX-License-Identifier: BSD-3-Clause
"""What the tests under Xen share: their command line, and one dom0 for all tests of a program."""
from __future__ import annotations

import argparse
import sys
import unittest
from pathlib import Path
from typing import ClassVar, List, Optional, Sequence

_parser = argparse.ArgumentParser()
_parser.add_argument("--unicore", type=Path, required=True, help="Unicore's sources")
_parser.add_argument("--tree", type=Path, required=True, help="the build tree")
_parser.add_argument("tests", nargs="*")
arguments = _parser.parse_args()
sys.path.insert(0, str(arguments.unicore / "cmake" / "tools"))

from unicore.lab_domains import architecture_of, domains, image_files  # noqa: E402  (the path comes first)
from unicore.lab_session import Session  # noqa: E402
from unicore.run_tree import BuiltTree  # noqa: E402

on_arm = architecture_of(BuiltTree(arguments.tree)) == "arm64"


class LabCase(unittest.TestCase):
    """A test in the program's dom0, where IMAGES are in /images. Domains that it leaves behind are destroyed."""

    IMAGES: ClassVar[Sequence[str]] = ()
    QEMU: ClassVar[Sequence[str]] = ()  # more of its arguments
    _session: ClassVar[Optional[Session]] = None

    @property
    def dom0(self) -> Session:
        """The program's dom0, booted for the first test."""
        if LabCase._session is None:
            tree = BuiltTree(arguments.tree)
            session = Session(image_files(tree, self.IMAGES), architecture=architecture_of(tree), qemu=self.QEMU)
            LabCase._session = session.__enter__()
            unittest.addModuleCleanup(session.__exit__)
        return LabCase._session

    def setUp(self) -> None:
        self.addCleanup(self.clear)

    def clear(self) -> None:
        """Destroys all domains but the dom0."""
        for name in set(domains(self.dom0)) - {"Domain-0"}:
            self.dom0.run(f"xl destroy {name}")

    def lines(self, name: str) -> List[str]:
        """The console of a domain so far."""
        return self.dom0.console(name).splitlines()


def main() -> None:
    """Runs the tests of the calling program."""
    unittest.main(module="__main__", argv=[sys.argv[0], *arguments.tests], verbosity=2)
