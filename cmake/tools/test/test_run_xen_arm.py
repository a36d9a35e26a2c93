# SPDX-License-Identifier: BSD-3-Clause
"""Xen on Arm: the domain's console out of Xen's, and what the device trees are given."""
from __future__ import annotations

import shutil
import subprocess
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from unicore.expect import typed  # noqa: E402  (the path comes first)
from unicore.lab_machine_arm import nodes  # noqa: E402
from unicore.run_targets import RunError, runner_for  # noqa: E402
from unicore.run_xen import kib_of  # noqa: E402
from unicore.run_xen_arm import DomainLines, domain_nodes, text_bytes  # noqa: E402

LONG = b"x" * 126  # what Xen's buffer holds of a line
CONSOLE = (b"(XEN) Xen version 4.17\r\n(XEN) DOM1: Hello\r\r\n(XEN) DOM2: other\r\r\n"
           b"(XEN) DOM1: " + LONG + b"\r\n(XEN) DOM1: end\r\r\n(XEN) DOM1: \r\r\nDOM1: no\r\n")


class Console(unittest.TestCase):
    def test_lines(self) -> None:
        """Only the domain's, and whole, wherever the stream is cut."""
        expected = b"Hello\r\n" + LONG + b"end\r\n\r\n"
        for size in (1, 2, 7, 40, len(CONSOLE)):
            lines = DomainLines()
            found = b"".join(lines(CONSOLE[at:at + size]) for at in range(0, len(CONSOLE), size))
            self.assertEqual(found, expected, size)

    def test_with_input(self) -> None:
        """A domain that has the input has no name in front of its lines."""
        switch = b"(XEN) *** Serial input to %s (type 'CTRL-a' three times to switch input)\r\n"
        console = (b"(XEN) DOM1: ready\r\r\n(XEN) own\r\r\n" + switch % b"DOM1" + b"(XEN) one\r\r\n(XEN) Xen's\r\n"
                   + switch % b"DOM0" + b"(XEN) own\r\r\n(XEN) DOM1: end\r\r\n")
        self.assertEqual(DomainLines()(console), b"ready\r\none\r\nend\r\n")


class Keys(unittest.TestCase):
    def test_keys(self) -> None:
        """What stands for a text and its end, on a pipe, a serial line, and one that Xen has."""
        for pair, keys in ((("linux", "x86_64"), b"a\nb\n"), (("kvm", "x86_64"), b"a\rb\r\x04"),
                           (("xen", "x86_64"), b"a\rb\r\x04"), (("xen", "aarch64"), b"\x01\x01\x01a\rb\r\x04")):
            self.assertEqual(runner_for(*pair).keys(typed(["a", "b"])), keys, pair)
        self.assertEqual(typed(["x\\by", "\u00e4"]), b"x\by\n\xc3\xa4\n")


class Nodes(unittest.TestCase):
    def test_text(self) -> None:
        self.assertEqual(text_bytes('a"\\é'), "[61 22 5c c3 a9 00]")

    def test_memory(self) -> None:
        self.assertEqual([kib_of(text) for text in ("8K", "16M", "2G")], [8, 16 * 1024, 2 * 1024 * 1024])
        with self.assertRaises(RunError):
            kib_of("8")
        self.assertIn("memory = <0x1 0x2>;", domain_nodes("", 1, 2 ** 32 + 2))

    @unittest.skipUnless(shutil.which("dtc"), "dtc is not installed")
    def test_compiles(self) -> None:
        for text in (domain_nodes('log.level=debug -- "a b" ;}', 4711, 65536), nodes("console=dtuart", 1, 2, "quiet")):
            done = subprocess.run(["dtc", "-q", "-I", "dts", "-O", "dtb"], input=b"/dts-v1/;" + text.encode(),
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
            self.assertEqual((done.returncode, done.stdout[:4]), (0, b"\xd0\x0d\xfe\xed"), done.stderr)


if __name__ == "__main__":
    unittest.main()
