# SPDX-License-Identifier: BSD-3-Clause
"""Building libraries of others: what a library that is kept is named after."""
from __future__ import annotations

import argparse
import sys
import tempfile
import unittest
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from unicore.prebuilt import arguments, key  # noqa: E402  (the path comes first)


class Keys(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory(prefix="unicore-test-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        for name in ("recipe/CMakeLists.txt", "tools/cpu.cmake", "tools/_common.cmake", "headers/a.h", "headers/b/c.h"):
            self.write(name, name)

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def key(self, *more: str, **other: Any) -> str:
        parser = argparse.ArgumentParser()
        arguments(parser)
        line = ["package", "--file", "f", "--sha256", "0", "--part", "p", "--name", "n", "--library", "l.a", "--out", "o",
                "--recipe", str(self.folder / "recipe"), "--toolchain", str(self.folder / "tools/cpu.cmake"),
                "--compiler", "true", *more]
        return key(argparse.Namespace(**{**vars(parser.parse_args(line)), **other}))

    def used(self, name: str = "HEADERS") -> str:
        return f"--use={name}={self.folder / 'headers'}"

    def test_same(self) -> None:
        self.assertEqual(self.key(self.used()), self.key(self.used()))

    def test_what_it_is_made_of(self) -> None:
        """Each of these is another library."""
        keys = [self.key(), self.key(self.used()), self.key(self.used("OTHER")), self.key(sha256="1"), self.key(compiler="echo")]
        for name in ("recipe/CMakeLists.txt", "tools/cpu.cmake", "tools/_common.cmake"):
            self.write(name, "changed")
            keys.append(self.key())
        self.assertEqual(len(set(keys)), len(keys))

    def test_used_folder(self) -> None:
        """Content, names and number of its files count; where it lies does not."""
        keys = [self.key(self.used())]
        self.write("headers/b/c.h", "changed")
        keys.append(self.key(self.used()))
        (self.folder / "headers/a.h").rename(self.folder / "headers/d.h")
        keys.append(self.key(self.used()))
        self.write("headers/new.h", "")
        keys.append(self.key(self.used()))
        self.assertEqual(len(set(keys)), len(keys))
        (self.folder / "headers").rename(self.folder / "elsewhere")
        self.assertEqual(self.key(f"--use=HEADERS={self.folder / 'elsewhere'}"), keys[-1])


if __name__ == "__main__":
    unittest.main()
