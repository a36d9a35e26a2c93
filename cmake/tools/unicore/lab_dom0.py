# SPDX-License-Identifier: BSD-3-Clause
"""Builds what is booted from unpacked packages: the hypervisor's ELF; the dom0's kernel and initramfs."""
from __future__ import annotations

import gzip
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Dict

from unicore.failure import Failure
from unicore.lab_cpio import Archive
from unicore.lab_elf import libraries, load_order

SCRIPTS = Path(__file__).resolve().parent.parent / "lab"
_TOOLS = ("xl", "xenstored", "xenconsoled", "xenconsole", "xen-init-dom0", "libxl-save-helper")
_STORE = ("ls", "read", "write", "list", "rm", "watch", "exists")
_MODULES = ("xen-evtchn", "xen-gntdev", "xen-gntalloc", "xen-privcmd", "xenfs", "xen-netback", "xen-blkback",
            "bridge", "e1000", "loop")
_FOLDERS = ("proc", "sys", "dev", "run/xen", "run/lock", "tmp", "root", "mnt", "images",
            "usr/lib/xen-4.17/boot", "var/lib/xen", "var/log/xen/console")
_OPENED = ("libgcc_s.so.1",)  # by glibc, when a thread ends


@dataclass(frozen=True)
class Libc:
    """Where programs of an architecture find their libraries."""

    folder: str  # Debian's multiarch tuple
    loader: str
    loader_folder: str


AMD64 = Libc("x86_64-linux-gnu", "ld-linux-x86-64.so.2", "lib64")
ARM64 = Libc("aarch64-linux-gnu", "ld-linux-aarch64.so.1", "lib")


def only(folder: Path, pattern: str) -> Path:
    """The one file of `folder` that fits. Errors: Failure."""
    found = sorted(folder.glob(pattern))
    if len(found) != 1:
        raise Failure(f"expected one {pattern} in {folder}, found {len(found)}")
    return found[0]


def build_hypervisor(root: Path, out: Path) -> None:
    """`out`/xen: uncompressed, as QEMU takes Multiboot kernels only so."""
    packed = only(root / "boot", "xen-*-amd64.gz")
    (out / "xen").write_bytes(gzip.decompress(packed.read_bytes()))


def build_hypervisor_arm64(root: Path, out: Path) -> None:
    """`out`/xen: as it is, an Image by Linux's boot protocol."""
    shutil.copyfile(only(root / "boot", "xen-*-arm64"), out / "xen")


def build_dom0(root: Path, out: Path, libc: Libc = AMD64) -> None:
    """`out`/vmlinuz and `out`/initramfs."""
    shutil.copyfile(only(root / "boot", "vmlinuz-*"), out / "vmlinuz")
    (out / "initramfs").write_bytes(initramfs(root, libc))


def build_dom0_arm64(root: Path, out: Path) -> None:
    """The same of packages for arm64."""
    build_dom0(root, out, ARM64)


BUILD: Dict[str, Callable[[Path, Path], None]] = {
    "hypervisor": build_hypervisor, "dom0": build_dom0,
    "hypervisor-arm64": build_hypervisor_arm64, "dom0-arm64": build_dom0_arm64}


def initramfs(root: Path, libc: Libc) -> bytes:
    """The base of every dom0's initramfs, from packages unpacked in `root`. Errors: Failure."""
    archive = Archive()
    for folder in _FOLDERS:
        archive.folder(folder)
    archive.link("var/run", "/run")
    archive.link("var/lock", "/run/lock")
    archive.file("bin/busybox", (root / "bin/busybox").read_bytes(), 0o755)  # /init installs the others
    archive.link("bin/sh", "busybox")
    programs = {f"usr/lib/xen-4.17/bin/{name}": root / "usr/lib/xen-4.17/bin" / name for name in _TOOLS}
    programs["bin/xenstore"] = root / "usr/bin/xenstore"
    for path, source in programs.items():
        archive.file(path, source.read_bytes(), 0o755)
    for name in _STORE:
        archive.link(f"bin/xenstore-{name}", "xenstore")
    own = f"lib/{libc.folder}"
    folders = [root / folder for folder in (own, libc.loader_folder, f"usr/{own}")]
    for name, source in sorted(libraries(programs.values(), folders, _OPENED).items()):
        folder = libc.loader_folder if name == libc.loader else own
        archive.file(f"{folder}/{name}", source.read_bytes(), 0o755)
    order = load_order(_MODULES, only(root / "lib/modules", "*"))
    for module in order:
        archive.file(f"modules/{module.name}", module.read_bytes())
    archive.file("modules/order", "".join(f"{module.name}\n" for module in order).encode())
    archive.file("etc/xen/xl.conf", b"")
    for script, path in (("init", "init"), ("agent", "lab/agent"), ("vif-lab", "etc/xen/scripts/vif-lab"),
                         ("block", "etc/xen/scripts/block")):
        archive.file(path, (SCRIPTS / script).read_bytes(), 0o755)
    return archive.finish()
