# SPDX-License-Identifier: BSD-3-Clause
"""GRUB as the ISO images of a tree hold it: for BIOS, for UEFI, and the start of a disk."""
from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from pathlib import Path
from typing import Dict, List, Optional

from unicore.cache import locked, place, whole
from unicore.failure import Failure

GRUB = Path("/usr/lib/grub")

# What the tools take for the current time, and nothing of the user's. [reproducible-builds.org, SOURCE_DATE_EPOCH]
EPOCH = 946684800
FIXED = {"SOURCE_DATE_EPOCH": str(EPOCH), "TZ": "UTC0", "LC_ALL": "C.UTF-8", "MTOOLSRC": os.devnull}

MODULES = ("normal", "multiboot2", "iso9660", "search_fs_file", "part_msdos", "echo")
UEFI_MODULES = ("efi_gop",)  # without a video driver GRUB complains when the image starts

# The first thing that GRUB runs; its root is the disk or drive with the image on it.
EARLY = "search.file /boot/unicore.elf root\nset prefix=($root)/boot/grub\n"


def tool(name: str, package: str) -> str:
    """Where a program is. Errors: Failure when it is not installed."""
    path = shutil.which(name)
    if path is None:
        raise Failure(f"{name} is not installed (Debian's {package}; ./bootstrap installs what is needed)")
    return path


def run_tool(command: List[str], cwd: str, environment: Optional[Dict[str, str]] = None) -> None:
    """Runs a program that is silent when all is well. Errors: Failure with what it said."""
    done = subprocess.run(command, cwd=cwd, env={**os.environ, **(environment or {})}, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if done.returncode:
        raise Failure(f"{Path(command[0]).name} failed:\n{done.stdout.decode(errors='replace')}")


def loader() -> Path:
    """A folder with bios.img, efi.img and boot_hybrid.img, made when it is not there for this GRUB. Errors: Failure."""
    sources = [GRUB / "i386-pc/kernel.img", GRUB / "i386-pc/boot_hybrid.img", GRUB / "x86_64-efi/kernel.img"]
    digest = hashlib.sha256(repr((MODULES, UEFI_MODULES, EARLY)).encode() + Path(__file__).read_bytes())
    for source in sources:
        if not source.is_file():
            raise Failure(f"{source} is missing (Debian's grub-pc-bin and grub-efi-amd64-bin; "
                          "./bootstrap installs what is needed)")
        digest.update(source.read_bytes())
    folder = place("grub") / digest.hexdigest()[:16]
    if not folder.is_dir():
        with locked(folder.parent):
            if not folder.is_dir():
                with whole(folder) as made:
                    make(made)
    return folder


def make(folder: Path) -> None:
    """Makes the three files. [grub-mkimage(1), mformat(1)]"""
    mkimage = tool("grub-mkimage", "grub-common")
    (folder / "early.cfg").write_text(EARLY, encoding="utf-8")
    for form, out, more in (("i386-pc-eltorito", "bios.img", ("biosdisk",)), ("x86_64-efi", "BOOTX64.EFI", UEFI_MODULES)):
        run_tool([mkimage, "-O", form, "-p", "/boot/grub", "-c", "early.cfg", "-o", out, *MODULES, *more],
                 str(folder))
    size = -(-(folder / "BOOTX64.EFI").stat().st_size // 1024) + 24  # KiB: tables and folders take some
    for command in (["mformat", "-C", "-i", "efi.img", "-T", str(size * 2), "-h", "1", "-s", "1", "-N", "0", "::"],
                    ["mmd", "-i", "efi.img", "::EFI", "::EFI/BOOT"],
                    ["mcopy", "-i", "efi.img", "BOOTX64.EFI", "::EFI/BOOT/BOOTX64.EFI"]):
        run_tool([tool(command[0], "mtools"), *command[1:]], str(folder), FIXED)
    shutil.copyfile(GRUB / "i386-pc/boot_hybrid.img", folder / "boot_hybrid.img")
