# SPDX-License-Identifier: BSD-3-Clause
"""ISO images of PCs: what GRUB is told, and that nothing of the machine that made them is in them."""
from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from unicore import iso_image  # noqa: E402
from unicore.failure import Failure  # noqa: E402
from unicore.run_console import Console  # noqa: E402
from unicore.run_targets import RUNNERS, Options, RunError  # noqa: E402

HAS_TOOLS = all(map(shutil.which, ("xorriso", "mformat", "grub-mkimage"))) and Path("/usr/lib/grub/i386-pc").is_dir()


class ConfigurationTest(unittest.TestCase):
    def test_words_come_out_as_they_were(self) -> None:
        for text in ("", "a=b -- c", "it's", 'x="a  b"', r"$HOME \ ;#{}"):
            if text:  # the shell quotes like GRUB, as far as single quotes go
                shown = subprocess.run(["sh", "-c", f"printf '%s\\n' {iso_image.words(text)}"], stdout=subprocess.PIPE,
                                       check=True).stdout.decode()
                self.assertEqual(shown.split("\n")[:-1], text.split(" "))
            else:
                self.assertEqual(iso_image.words(text), "")

    def test_grub_starts_the_image_at_once(self) -> None:
        lines = iso_image.config("hello", "a=b -- c").splitlines()
        self.assertIn("set timeout=0", lines)
        self.assertIn("  multiboot2 /boot/unicore.elf 'a=b' '--' 'c'", lines)
        self.assertIn("  multiboot2 /boot/unicore.elf", iso_image.config("hello", "").splitlines())


@unittest.skipUnless(HAS_TOOLS, "GRUB, xorriso or mtools are not installed")
class ImageTest(unittest.TestCase):
    def test_the_same_bytes_from_another_folder(self) -> None:
        with tempfile.TemporaryDirectory() as scratch:
            files = []
            for folder in (Path(scratch) / "a", Path(scratch) / "another one/b"):
                folder.mkdir(parents=True)
                (folder / "x.elf").write_bytes(b"\x7fELF" * 1000)
                with mock.patch.dict("os.environ", UNICORE_CACHE=str(folder / "cache")):
                    iso_image.write_iso(folder / "x", "x", folder / "x.elf", "a=b")
                files.append((folder / "x").read_bytes())
            self.assertTrue(files[0] == files[1])
            self.assertEqual(files[0][0x8001:0x8006], b"CD001")
            self.assertEqual(files[0][510:512], b"\x55\xaa")

    def test_missing_tools_are_named(self) -> None:
        with tempfile.TemporaryDirectory() as scratch, mock.patch("shutil.which", return_value=None):
            with self.assertRaisesRegex(Failure, "xorriso|grub-mkimage"):
                iso_image.write_iso(Path(scratch) / "x", "x", Path(scratch) / "x.elf", "")


class RunTest(unittest.TestCase):
    def test_machines(self) -> None:
        runner = RUNNERS["baremetal", "x86_64"]
        with mock.patch("shutil.which", return_value="/bin/qemu"), \
                mock.patch.object(Path, "is_file", return_value=True):
            line = {name: runner.command(Options(Path("/i,j"), "i", machine=name)) for name in runner.machines}
        self.assertIn("media=cdrom,readonly=on,format=raw,file=/i,,j", line["bios"])
        self.assertIn("media=disk,snapshot=on,format=raw,file=/i,,j", line["uefi-disk"])
        self.assertEqual([name for name in line if "-bios" in line[name]], ["uefi", "uefi-disk"])
        self.assertEqual([name for name in line if "pc" in line[name]], ["bios", "bios-disk"])

    def test_arguments_need_the_elf_file(self) -> None:
        with mock.patch("shutil.which", return_value="/bin/qemu"):
            with self.assertRaisesRegex(RunError, "no/such.elf is missing"):
                RUNNERS["baremetal", "x86_64"].command(Options(Path("no/such"), "such", arguments=["1"]))

    def test_what_firmware_says_is_held_back(self) -> None:
        runner = RUNNERS["baremetal", "x86_64"]
        after = runner.speaks_after(Options(Path("i"), "i", machine="uefi"))
        self.assertIsNone(runner.speaks_after(Options(Path("i"), "i")))
        for pieces in ([b"\x1b[2JBdsDxe\r\nStarting i\n\rHello\r\n"],
                       [b"noise\r\nStarting i\n", b"\r", b"Hel", b"lo\r\n"]):
            shown, lines = bytearray(), []
            console = Console(shown.extend, lines.append, after)
            for piece in pieces:
                console.feed(piece)
            console.close()
            self.assertEqual((bytes(shown), lines), (b"Hello\n", [b"Hello"]))

    def test_and_shown_when_the_image_never_starts(self) -> None:
        shown = bytearray()
        console = Console(shown.extend, after=re.compile(b"Starting"))
        console.feed(b"no bootable device\r\n")
        self.assertEqual(shown, b"")
        console.close()
        self.assertEqual(shown, b"no bootable device\n")


if __name__ == "__main__":
    unittest.main()
