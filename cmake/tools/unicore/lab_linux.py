# SPDX-License-Identifier: BSD-3-Clause
"""A Linux guest without a hypervisor of ours: what images are measured against, on the same QEMU."""
from __future__ import annotations

import shutil
from pathlib import Path

from unicore.lab_cpio import Archive
from unicore.lab_dom0 import AMD64, SCRIPTS, only
from unicore.lab_elf import libraries, load_order

_MODULES = ("virtio_pci", "virtio_net", "bridge")
_FOLDERS = ("proc", "sys", "dev", "tmp", "run", "root", "extra")
_PROGRAMS = ("usr/bin/iperf3", "usr/sbin/nginx")


def build_guest(root: Path, out: Path) -> None:
    """`out`/vmlinuz and `out`/initramfs, to which files are appended, from packages unpacked in `root`. Errors: Failure."""
    shutil.copyfile(only(root / "boot", "vmlinuz-*"), out / "vmlinuz")
    archive = Archive()
    for folder in _FOLDERS:
        archive.folder(folder)
    archive.file("bin/busybox", (root / "bin/busybox").read_bytes(), 0o755)
    archive.link("bin/sh", "busybox")
    for program in _PROGRAMS:
        archive.file("bin/" + Path(program).name, (root / program).read_bytes(), 0o755)
    own = f"lib/{AMD64.folder}"
    folders = [root / folder for folder in (own, AMD64.loader_folder, f"usr/{own}")]
    for name, source in sorted(libraries([root / program for program in _PROGRAMS], folders).items()):
        folder = AMD64.loader_folder if name == AMD64.loader else own
        archive.file(f"{folder}/{name}", source.read_bytes(), 0o755)
    order = load_order(_MODULES, only(root / "lib/modules", "*"))
    for module in order:
        archive.file(f"modules/{module.name}", module.read_bytes())
    archive.file("modules/order", "".join(f"{module.name}\n" for module in order).encode())
    archive.file("init", (SCRIPTS / "guest").read_bytes(), 0o755)
    (out / "initramfs").write_bytes(archive.finish())
