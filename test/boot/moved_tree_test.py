# SPDX-License-Identifier: BSD-3-Clause
"""Device trees that say other addresses than QEMU's own: the image believes them, wherever console and memory are."""
from __future__ import annotations

import argparse
import re
import struct
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path
from typing import List, Tuple

IMAGE = Path()
ARCHITECTURE = ""
TIMEOUT = 30.0  # seconds; a boot takes less than one
# A loader of ours, as QEMU's own writes the memory node anew: where it lies, and where it puts the rest.
LOADER, KERNEL, TREE = 0x4400_0000, 0x4600_0000, 0x4700_0000
CPU = {"aarch64": "cortex-a57", "arm": "cortex-a15"}


def loader() -> bytes:
    """Enters the image with the tree's address, by Linux's boot protocols.
    [Linux, Documentation/arm64/booting.rst, Documentation/arm/booting.rst]"""
    if ARCHITECTURE == "aarch64":
        # ldr x0, tree; ldr x1, kernel; br x1; nop; tree: kernel:
        return struct.pack("<4I2Q", 0x58000080, 0x580000A1, 0xD61F0020, 0xD503201F, TREE, KERNEL)
    # mov r0, #0; mvn r1, #0; ldr r2, tree; ldr pc, kernel; tree: kernel:
    return struct.pack("<6I", 0xE3A00000, 0xE3E01000, 0xE59F2000, 0xE59FF000, TREE, KERNEL)


class MovedTree(unittest.TestCase):
    """Each test changes a tree that QEMU made."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.qemu = f"qemu-system-{ARCHITECTURE}"

    def dtc(self, source: str, kind: str, target: str, into: str) -> None:
        """Between blobs and sources."""
        subprocess.run(["dtc", "-q", "-I", kind, "-O", into, "-o", str(self.folder / target),
                        str(self.folder / source)], check=True, timeout=TIMEOUT)

    def changed(self, machine: List[str], changes: List[Tuple[str, str]]) -> Path:
        """The machine's tree with some texts replaced, each of which must be there."""
        dump = list(machine)
        dump[1] += f",dumpdtb={self.folder / 'own.dtb'}"
        subprocess.run([self.qemu, *dump, "-display", "none"], check=True, timeout=TIMEOUT, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
        self.dtc("own.dtb", "dtb", "own.dts", "dts")
        text = (self.folder / "own.dts").read_text(encoding="utf-8")
        for before, after in changes:
            self.assertIn(before, text)
            text = text.replace(before, after)
        (self.folder / "changed.dts").write_text(text, encoding="utf-8")
        self.dtc("changed.dts", "dts", "changed.dtb", "dtb")
        return self.folder / "changed.dtb"

    def boot(self, words: List[str], serial: List[str]) -> str:
        """What comes out of the serial port whose file is `console`, up to the status line."""
        console = self.folder / "console"
        with subprocess.Popen([self.qemu, *words, "-display", "none", "-monitor", "none", "-no-reboot", "-nic", "none",
                               *serial], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL) as machine:
            try:
                end = time.monotonic() + TIMEOUT
                text = ""
                while time.monotonic() < end and "exit status=" not in text:
                    time.sleep(0.05)
                    text = console.read_text(encoding="utf-8", errors="replace") if console.exists() else ""
                return text
            finally:
                machine.kill()

    def test_memory_is_where_the_tree_says(self) -> None:
        machine = ["-machine", "virt", "-cpu", CPU[ARCHITECTURE], "-m", "128M"]
        tree = self.changed(machine, [("memory@40000000", "memory@45000000"),
                                      ("reg = <0x00 0x40000000 0x00 0x8000000>", "reg = <0x00 0x45000000 0x00 0x3000000>"),
                                      ("chosen {", 'chosen {\n\t\tbootargs = "debug.drill=heap";')])
        (self.folder / "loader").write_bytes(loader())
        files = [(self.folder / "loader", LOADER), (IMAGE, KERNEL), (tree, TREE)]
        words = [word for file, address in files
                 for word in ("-device", f"loader,file={file},addr={address:#x},force-raw=on")]
        text = self.boot([*machine, *words, "-device", f"loader,addr={LOADER:#x},cpu-num=0"],
                         ["-serial", f"file:{self.folder / 'console'}"])
        self.assertIn("Hello from Unicore!", text)
        heap = re.search(r"drill: heap of (\d+) bytes", text)
        self.assertIsNotNone(heap, text)
        assert heap
        self.assertTrue(30 << 20 < int(heap[1]) < 48 << 20, f"of 48 MiB the heap has {heap[1]} bytes")

    def test_the_console_is_where_the_tree_says(self) -> None:
        if ARCHITECTURE != "aarch64":  # QEMU's virt has one UART; a Versal has two
            return
        machine = ["-machine", "xlnx-versal-virt", "-m", "128M"]
        tree = self.changed(machine, [('stdout-path = "/uart@ff000000"', 'stdout-path = "/uart@ff010000"')])
        text = self.boot([*machine, "-kernel", str(IMAGE), "-dtb", str(tree)],
                         ["-serial", "null", "-serial", f"file:{self.folder / 'console'}"])
        self.assertIn("Hello from Unicore!", text)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("image", type=Path)
    parser.add_argument("architecture", choices=sorted(CPU))
    args, rest = parser.parse_known_args()
    IMAGE, ARCHITECTURE = args.image, args.architecture
    unittest.main(argv=[sys.argv[0], *rest])
