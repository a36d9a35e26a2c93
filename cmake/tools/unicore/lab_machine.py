# SPDX-License-Identifier: BSD-3-Clause
"""The machine under QEMU in which Xen and a Linux dom0 run, and the files that a dom0 is given."""
from __future__ import annotations

import shutil
from pathlib import Path
from typing import List, Mapping, Sequence, Union

from unicore.failure import Failure
from unicore.lab_cache import hypervisor, level
from unicore.lab_cpio import Archive

Content = Union[Path, bytes, str]  # a file of ours, or what is in it
QEMU = "qemu-system-x86_64"
# Not EPYC or max: under QEMU 7.2 their SMAP breaks the iret of PV guests. SVM is for PVH. Without RDRAND
# the dom0 has no random numbers for minutes, and every `xl create` waits three seconds for its UUIDs.
CPU = "qemu64,+svm,+npt,+rdrand"
XEN_ARGUMENTS = "console=com1 loglvl=all guest_loglvl=all console_timestamps=boot bootscrub=0 dom0_max_vcpus=1"
LINUX_ARGUMENTS = "console=hvc0 quiet"


def appended(files: Mapping[str, Content]) -> bytes:
    """An archive with `files`, by their paths in the dom0; executable where ours are. Errors: Failure."""
    archive = Archive()
    for name, content in files.items():
        try:
            mode = 0o755 if isinstance(content, Path) and content.stat().st_mode & 0o100 else 0o644
            data = content.read_bytes() if isinstance(content, Path) else content
        except OSError as error:
            raise Failure(f"{content}: {error.strerror}") from error
        archive.file(name, data.encode() if isinstance(data, str) else data, mode)
    return archive.finish()


def prepare(files: Mapping[str, Content], folder: Path, architecture: str = "amd64") -> None:
    """Puts into `folder` what a dom0 boots: its kernel, and an initramfs of the base and `files`. `architecture`:
    Debian's name, amd64 or arm64. Errors: Failure."""
    base = level("dom0" if architecture == "amd64" else f"dom0-{architecture}")
    (folder / "vmlinuz").symlink_to(base / "vmlinuz")
    (folder / "initramfs").write_bytes((base / "initramfs").read_bytes() + appended(files))


def program(name: str) -> str:
    """Where an emulator is. Errors: Failure."""
    path = shutil.which(name)
    if path is None:
        raise Failure(f"{name} is not installed (./bootstrap installs what is needed)")
    return path


def command(serial: Sequence[str], memory: int, dom0_memory: int, mode: str, extra: Sequence[str] = (),
            xen: str = "") -> List[str]:
    """QEMU's command line, to be run in a prepared folder: it would take apart a path with blanks. `serial`
    are the character devices of the serial ports, the first Xen's console; memory is in MiB; `mode` is agent
    or shell. Errors: Failure."""
    line = [program(QEMU), "-accel", "tcg", "-cpu", CPU, "-m", f"{memory}M", "-nographic", "-nodefaults", "-no-reboot",
            "-monitor", "none", "-kernel", str(hypervisor()),
            "-initrd", f"vmlinuz {LINUX_ARGUMENTS} lab={mode},initramfs",
            "-append", f"{XEN_ARGUMENTS} dom0_mem={dom0_memory}M,max:{dom0_memory}M {xen}".strip()]
    for device in serial:
        line += ["-serial", device]
    return line + list(extra)
