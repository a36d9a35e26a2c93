# SPDX-License-Identifier: BSD-3-Clause
"""The lab's pure parts that make files: archives, libraries and modules, packages."""
from __future__ import annotations

import shutil
import struct
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from typing import Dict, List, Tuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from unicore.apt import parse_stanzas  # noqa: E402  (the path comes first)
from unicore.cache import whole  # noqa: E402
from unicore.failure import Failure  # noqa: E402
from unicore.lab_apt import closure, dependencies  # noqa: E402
from unicore.lab_cache import key  # noqa: E402
from unicore.lab_cpio import Archive  # noqa: E402
from unicore.lab_elf import libraries, load_order, module_information, needed  # noqa: E402
from unicore.lab_machine import appended  # noqa: E402
from unicore.symbolise_elf import Elf  # noqa: E402

SAMPLE = """\
Package: top
Version: 1.0
Section: admin
Pre-Depends: first:any
Depends: liba (>= 2), libb | other, python3 (<< 3.12), linux-image-6.1 (= 6.1)
Description: a text
 of several: lines

Package: liba
Version: 2.1
Section: libs
Depends: libb (= 1) [amd64]

Package: libb
Version: 1
Section: libs
Depends: liba

Package: python3
Version: 3.11
Section: python
Depends: libpython

Package: linux-image-6.1
Version: 6.1
Section: kernel
"""


def read_archive(data: bytes) -> List[Tuple[str, int, bytes]]:
    """Names, modes and contents of an archive, as the kernel reads them."""
    entries, at = [], 0
    while data[at:at + 6] == b"070701":
        fields = [int(data[at + 6 + 8 * i:at + 14 + 8 * i], 16) for i in range(13)]
        name = data[at + 110:at + 110 + fields[11] - 1].decode()
        body = (at + 110 + fields[11] + 3) // 4 * 4
        entries.append((name, fields[1], data[body:body + fields[6]]))
        at = (body + fields[6] + 3) // 4 * 4
        if name == "TRAILER!!!":
            while data[at:at + 1] == b"\0":
                at += 1
    assert at == len(data), "something stands between or after the archives"
    return entries


class Cpio(unittest.TestCase):
    def test_entries(self) -> None:
        archive = Archive()
        archive.file("/a/b/c", b"12345", 0o755)
        archive.link("a/link", "b/c")
        archive.folder("a/b")  # is there
        data = archive.finish()
        self.assertEqual(read_archive(data), [
            ("a", 0o40755, b""), ("a/b", 0o40755, b""), ("a/b/c", 0o100755, b"12345"), ("a/link", 0o120777, b"b/c"),
            ("TRAILER!!!", 0, b"")])
        self.assertEqual(len(data) % 512, 0)

    def test_several_archives(self) -> None:
        whole_text = Archive().finish() + appended({"t/x": "text", "/t/y": b"\xff"})
        names = [name for name, _, _ in read_archive(whole_text)]
        self.assertEqual(names, ["TRAILER!!!", "t", "t/x", "t/y", "TRAILER!!!"])

    def test_refusals(self) -> None:
        for path in ("../x", "/", "", "a/../b"):
            with self.subTest(path), self.assertRaises(ValueError):
                Archive().file(path, b"")
        with self.assertRaisesRegex(Failure, "/nowhere: No such file"):
            appended({"x": Path("/nowhere")})


class Packages(unittest.TestCase):
    stanzas = {stanza["Package"]: stanza for stanza in parse_stanzas(SAMPLE)}

    def lookup(self, names: "List[str]") -> "List[Dict[str, str]]":
        return [self.stanzas[name] for name in names if name in self.stanzas]

    def test_dependencies(self) -> None:
        self.assertEqual(dependencies(self.stanzas["top"]), ["first", "liba", "libb", "python3", "linux-image-6.1"])
        self.assertEqual(dependencies(self.stanzas["liba"]), ["libb"])
        self.assertEqual(dependencies(self.stanzas["linux-image-6.1"]), [])

    def test_closure(self) -> None:
        """Libraries and the kernel are followed, round in circles too; Python is not."""
        found = closure(["top"], self.lookup)  # type: ignore[arg-type]
        self.assertEqual([stanza["Package"] for stanza in found], ["liba", "libb", "linux-image-6.1", "top"])

    def test_missing(self) -> None:
        with self.assertRaisesRegex(Failure, "^apt knows no package nothing, no2$"):
            closure(["nothing", "top", "no2"], self.lookup)  # type: ignore[arg-type]

    def test_key(self) -> None:
        """Only names and versions count, not their order."""
        one, two = [dict(self.stanzas[name]) for name in ("liba", "libb")]
        self.assertEqual(key([one, two]), key([two, {**one, "Size": "1"}]))
        self.assertNotEqual(key([one, two]), key([{**one, "Version": "2.2"}, two]))


class Files(unittest.TestCase):
    def setUp(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="unicore-test-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def module(self, name: str, depends: str) -> None:
        """An object file with nothing but a .modinfo."""
        fields = f"license=GPL\0depends={depends}\0name={name}\0".encode()
        names = b"\0.modinfo\0.shstrtab\0"
        head = b"\x7fELF\2\1\1" + bytes(9) + struct.pack("<HHIQQQIHHHHHH", 1, 62, 1, 0, 0, 64, 0, 64, 0, 0, 64, 3, 2)
        sections = [(0, 0, 0, 0), (1, 1, 256, len(fields)), (10, 3, 256 + len(fields), len(names))]
        table = b"".join(struct.pack("<IIQQQQIIQQ", at, kind, 0, 0, start, size, 0, 0, 1, 0)
                         for at, kind, start, size in sections)
        (self.folder / f"{name}.ko").write_bytes(head + table + fields + names)

    def test_module_information(self) -> None:
        self.assertEqual(module_information(b"license=GPL\0depends=a,b\0\0parm=x:a=b\0odd\0"),
                         {"license": "GPL", "depends": "a,b", "parm": "x:a=b"})

    def test_load_order(self) -> None:
        for name, depends in (("top-one", "mid_dle,low"), ("mid-dle", "low"), ("low", ""), ("other", "low")):
            self.module(name, depends)
        order = load_order(["top_one", "other", "low"], self.folder)
        self.assertEqual([path.name for path in order], ["low.ko", "mid-dle.ko", "top-one.ko", "other.ko"])

    def test_missing_module(self) -> None:
        self.module("top", "lost")
        with self.assertRaisesRegex(Failure, "no module lost"):
            load_order(["top"], self.folder)

    def test_libraries(self) -> None:
        """Against libraries made here: what a library needs counts, and what is opened at run time."""
        def build(name: str, *words: str) -> Path:
            line = ["clang-19", "-nostdlib", "-fuse-ld=lld", "-x", "c", "/dev/null", "-x", "none", f"-L{self.folder}",
                    "-Wl,--no-as-needed", *words, "-o", str(self.folder / name)]
            subprocess.run(line, check=True, stderr=subprocess.DEVNULL)
            return self.folder / name

        build("libtwo.so", "-shared", "-Wl,-soname,libtwo.so")
        build("libone.so", "-shared", "-Wl,-soname,libone.so", "-ltwo")
        build("libopened.so", "-shared")
        program = build("program", "-lone", "-Wl,-e,0", "-Wl,--dynamic-linker=/lib/ld-none.so")
        (self.folder / "ld-none.so").write_bytes((self.folder / "libopened.so").read_bytes())
        self.assertEqual(needed(Elf(program)), ["ld-none.so", "libone.so"])
        self.assertEqual(sorted(libraries([program], [self.folder], ["libopened.so"])),
                         ["ld-none.so", "libone.so", "libopened.so", "libtwo.so"])
        (self.folder / "libtwo.so").unlink()
        with self.assertRaisesRegex(Failure, "libone.so needs libtwo.so, which none of the packages has"):
            libraries([program], [self.folder])

    def test_whole(self) -> None:
        """A folder comes into being complete, or not at all."""
        target = self.folder / "target"
        with self.assertRaises(KeyError), whole(target) as scratch:
            (scratch / "half").touch()
            raise KeyError
        self.assertEqual(list(self.folder.iterdir()), [])
        with whole(target) as scratch:
            (scratch / "file").touch()
            self.assertFalse(target.exists())
        self.assertEqual([path.name for path in self.folder.rglob("*")], ["target", "file"])


if __name__ == "__main__":
    unittest.main()
