# SPDX-License-Identifier: BSD-3-Clause
"""What stands in the ISO image of a PC."""
from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from unicore.iso_loader import EPOCH, FIXED, loader, run_tool, tool


def words(text: str) -> str:
    """`text` as words of a GRUB command that come out joined as `text` again. [GRUB manual, 6.2, quoting]"""
    return " ".join("'" + word.replace("'", "'\\''") + "'" for word in text.split(" ")) if text else ""


def config(name: str, text: str) -> str:
    """grub.cfg: starts the image at once; whoever holds Escape or Shift gets the menu, where `e` edits the line.

    The last line that it prints tells the run tool where the image's own output begins.
    """
    return "\n".join(["# The command line of the image stands behind its file's name: setting=value ... -- argument ...",
                      "set timeout_style=hidden", "set timeout=0", f"menuentry '{name}' {{",
                      f"  multiboot2 /boot/unicore.elf {words(text)}".rstrip(), f"  echo 'Starting {name}'", "}", ""])


def write_iso(out: Path, name: str, elf: Path, text: str) -> None:
    """Writes the ISO image that boots `elf` with the command line `text`. Errors: Failure.

    All dates are fixed; the numbers that stand for the volume follow from them.
    [xorrisofs(1)]
    """
    parts = loader()
    xorriso = tool("xorriso", "xorriso")
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch) / "root"
        (root / "boot/grub").mkdir(parents=True)
        shutil.copyfile(elf, root / "boot/unicore.elf")
        shutil.copyfile(parts / "bios.img", root / "boot/grub/bios.img")
        (root / "boot/grub/grub.cfg").write_text(config(name, text), encoding="utf-8")
        for path in [root, *root.rglob("*")]:
            os.utime(path, (EPOCH, EPOCH))
        out.unlink(missing_ok=True)
        run_tool([xorriso, "-as", "mkisofs", "-quiet", "-o", str(out.absolute()), "-volid", "UNICORE",
                  "--set_all_file_dates", "set_to_mtime", "-r", "-partition_offset", "0", "--no-emul-toc", "-no-pad",
                  "-b", "boot/grub/bios.img", "-no-emul-boot", "-boot-load-size", "4", "-boot-info-table",
                  "--grub2-boot-info", "--grub2-mbr", str(parts / "boot_hybrid.img"),
                  "-append_partition", "2", "0xef", str(parts / "efi.img"),
                  "-eltorito-alt-boot", "-e", "--interval:appended_partition_2:all::", "-no-emul-boot", "root"],
                 cwd=scratch, environment=FIXED)
