# SPDX-License-Identifier: BSD-3-Clause
"""Fetching sources, without a network: lists of sources, what of an archive is unpacked."""
from __future__ import annotations

import io
import os
import sys
import tarfile
import tempfile
import unittest
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from unicore.apt import as_sources  # noqa: E402  (the path comes first)
from unicore.failure import Failure  # noqa: E402
from unicore.source import copy, source, unpack, wanted  # noqa: E402


class Lists(unittest.TestCase):
    def test_sources(self) -> None:
        text = "Types: deb\nURIs: http://x/debian\nSuites: a b\n\nTypes: deb deb-src\nURIs: y\n"
        self.assertEqual(as_sources("debian.sources", text),
                         "Types: deb-src\nURIs: http://x/debian\nSuites: a b\n\nTypes: deb-src\nURIs: y\n")

    def test_list(self) -> None:
        """One line for binaries and one for sources are one of sources; comments stay."""
        self.assertEqual(as_sources("x.list", "# deb\ndeb [a=b] u s main\ndeb-src [a=b] u s main\n deb\tv s\n"),
                         "# deb\ndeb-src [a=b] u s main\ndeb-src v s\n")


class Archives(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory(prefix="unicore-test-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def archive(self, *names: str) -> Path:
        path = self.folder / "x_1.orig.tar.xz"
        with tarfile.open(path, "w:xz") as made:
            for name in names:
                member = tarfile.TarInfo(name)
                member.size = len(name)
                made.addfile(member, io.BytesIO(name.encode()))
            link = tarfile.TarInfo("x-1/a/link")
            link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
            made.addfile(link)
        return path

    def test_copy(self) -> None:
        """Of a folder all, of files what is named; what is there already is replaced, what is not named stays."""
        source, out = self.folder / "source", self.folder / "out"
        for path, text in (("a/b/c.h", "new"), ("a/d.c", "d"), ("e/f", "f"), ("e/g", "g")):
            (source / path).parent.mkdir(parents=True, exist_ok=True)
            (source / path).write_text(text)
        (out / "a/b").mkdir(parents=True)
        (out / "a/b/c.h").write_text("old")
        copy(source, ["a", "e/f"], out)
        self.assertEqual(sorted(str(path.relative_to(out)) for path in out.rglob("*") if path.is_file()),
                         ["a/b/c.h", "a/d.c", "e/f"])
        self.assertEqual((out / "a/b/c.h").read_text(), "new")
        with self.assertRaisesRegex(Failure, "has no a/none"):
            copy(source, ["a/none"], out)

    def test_wanted(self) -> None:
        self.assertEqual(wanted("x-1/a/b.c", ["a"]), "a/b.c")
        self.assertEqual(wanted("x-1/a/b.c", ["a/"]), "a/b.c")
        self.assertEqual(wanted("x-1/LICENCE", ["LICENCE"]), "LICENCE")
        for name in ("x-1/ab/c", "x-1/b/a/c", "a", "x-1/a/../../c"):
            self.assertIsNone(wanted(name, ["a"]), name)

    def test_unpack(self) -> None:
        out = self.folder / "out"
        unpack(self.archive("x-1/a/b.c", "x-1/a/c/d.c", "x-1/other/e", "x-1/a/../../evil"), ["a"], out)
        self.assertEqual(sorted(str(path.relative_to(out)) for path in out.rglob("*") if path.is_file()),
                         ["a/b.c", "a/c/d.c"])

    def test_missing_part(self) -> None:
        with self.assertRaisesRegex(Failure, "x_1.orig.tar.xz has no b, c"):
            unpack(self.archive("x-1/a/b.c"), ["a", "b", "c"], self.folder / "out")

    def test_cached(self) -> None:
        """Fetched once; another hash or other parts are another folder; what failed leaves nothing."""
        fetched = []

        def download(package: str, file: str, sha256: str, state: Path, folder: Path) -> Path:
            fetched.append(package)
            return self.archive("x-1/a/b.c")

        with mock.patch.dict(os.environ, UNICORE_CACHE=str(self.folder / "cache")), \
                mock.patch("unicore.source.download", download), mock.patch("unicore.source.complain"):
            first = source("x", "x_1.orig.tar.xz", "12", ["a"])
            self.assertEqual((first / "a" / "b.c").read_text(), "x-1/a/b.c")
            self.assertEqual(source("x", "x_1.orig.tar.xz", "12", ["a"]), first)
            self.assertEqual(len(fetched), 1)
            self.assertNotEqual(source("x", "x_1.orig.tar.xz", "13", ["a"]), first)
            self.assertNotEqual(source("x", "x_1.orig.tar.xz", "12", ["a/b.c"]), first)
            before = sorted((self.folder / "cache" / "source").iterdir())
            with self.assertRaises(Failure):
                source("x", "x_1.orig.tar.xz", "12", ["b"])
            self.assertEqual(sorted((self.folder / "cache" / "source").iterdir()), before)


if __name__ == "__main__":
    unittest.main()
