# SPDX-License-Identifier: BSD-3-Clause
"""How an image of each platform and architecture is started. A new pair adds one entry to RUNNERS."""
from __future__ import annotations

import atexit
import os
import platform as host
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, List, Optional, Tuple

from unicore.iso_image import write_iso
from unicore.run_machine import BoardMachine, Machine, Options, Runner, RunError, command_line, settings_text
from unicore.run_xen import XenArmMachine, XenMachine


@dataclass
class Process(Runner):
    """A static Linux process: directly on its own architecture, else under QEMU user emulation."""

    native: str  # `uname -m` of machines that run it directly
    emulator: str
    is_emulator = False
    forwards_signals = True
    merges_errors = True

    def prefix(self) -> List[str]:
        """What stands before the image on the command line. Errors: RunError."""
        return [] if host.machine() == self.native else [self.emulator_path()]

    def emulator_path(self) -> str:
        """Where user emulation is. Errors: RunError."""
        path = shutil.which(self.emulator) or shutil.which(self.emulator + "-static")
        if path is None:
            raise RunError(f"{self.emulator} is not installed, and this machine is no {self.native}")
        return path

    def command(self, options: Options) -> List[str]:
        for name, value in (("--machine", options.machine), ("--memory", options.memory), ("--cpu", options.cpu),
                            ("--qemu-arg", options.qemu_args), ("--icount", options.icount)):
            if value:
                raise RunError(f"{name} means nothing for an image that is a Linux process")
        return self.prefix() + [str(options.image)] + options.arguments

    def keys(self, text: bytes) -> bytes:
        """A pipe has an end, and nobody types."""
        return text

    def environment(self, options: Options) -> Optional[Dict[str, str]]:
        """Settings travel in UNICORE, after those that stand there already."""
        words = [text for text in (os.environ.get("UNICORE", ""), settings_text(options)) if text]
        return dict(os.environ, UNICORE=" ".join(words)) if words else None


@dataclass
class DiscMachine(Machine):
    """A PC under QEMU with the image as an ISO image in its drive, or written to its disk, under SeaBIOS or OVMF.

    A command line is part of the ISO image (grub.cfg), so another one means another ISO image, made from NAME.elf.
    Source: qemu(1).
    """

    def guest(self, options: Options, machine: str) -> List[str]:
        name, comma, more = machine.partition(",")
        firmware, dash, medium = name.partition("-")
        line = ["-machine", ("pc" if firmware == "bios" else "q35") + comma + more, "-m", options.memory or self.memory]
        if firmware == "uefi":
            if not OVMF.is_file():
                raise RunError(f"{OVMF} is missing (Debian's ovmf; ./bootstrap installs what is needed)")
            line += ["-bios", str(OVMF)]
        text = command_line(options)
        disc = private_disc(options, text) if text else options.image
        kind = "media=disk,snapshot=on" if medium == "disk" else "media=cdrom,readonly=on"
        return line + ["-drive", f"{kind},format=raw,file={str(disc).replace(',', ',,')}"]

    def speaks_after(self, options: Options) -> Optional["re.Pattern[bytes]"]:
        """OVMF shows its own console and GRUB's on the serial port; SeaBIOS on the screen alone."""
        return LOADER_IS_DONE if (options.machine or "").startswith("uefi") else None


OVMF = Path("/usr/share/ovmf/OVMF.fd")
LOADER_IS_DONE = re.compile(rb"Starting [^\r\n]+\n\r")  # grub.cfg's last words; a new line is LF CR on UEFI's consoles


def private_disc(options: Options, text: str) -> Path:
    """The ISO image with another command line; removed at our end, unless the options say otherwise."""
    elf = Path(f"{options.image}.elf")
    if not elf.is_file():
        raise RunError(f"{elf} is missing: arguments and settings need an ISO image of their own, made from it")
    handle, name = tempfile.mkstemp(prefix="unicore-", suffix=".iso")
    os.close(handle)
    if not options.keep:
        atexit.register(lambda: Path(name).unlink(missing_ok=True))
    write_iso(Path(name), options.name, elf, text)
    return Path(name)


_XEN_ARM: Dict[str, Tuple[str, Optional[str]]] = {
    f"gicv{version}": (f"virt,virtualization=on,gic-version={version}", "cortex-a57") for version in (2, 3)}
RUNNERS: Dict[Tuple[str, str], Runner] = {
    ("baremetal", "aarch64"): BoardMachine("qemu-system-aarch64", debug_architecture="aarch64", memory="1G",
                                           boards={"raspi3": ("raspi3b", None)}, tree="raspi3"),
    ("baremetal", "arm"): BoardMachine("qemu-system-arm", debug_architecture="armv7",
                                       boards={"vexpress-a15": ("vexpress-a15", None)}, tree="vexpress-a15"),
    ("baremetal", "mips"): BoardMachine("qemu-system-mipsel", debug_architecture="mips:isa32r2",
                                        boards={"malta": ("malta", "P5600")}),
    ("baremetal", "x86_64"): DiscMachine("qemu-system-x86_64", ("bios", "q35", "uefi", "bios-disk", "uefi-disk"),
                                          debug_architecture="i386:x86-64"),
    ("kvm", "aarch64"): BoardMachine("qemu-system-aarch64", debug_architecture="aarch64", boards={
        "virt": ("virt", "max"), "gicv3": ("virt,gic-version=3", "max"), "el2": ("virt,virtualization=on", "max"),
        "versal": ("xlnx-versal-virt", None)}),
    ("kvm", "arm"): BoardMachine("qemu-system-arm", debug_architecture="armv7", boards={
        "virt": ("virt", "cortex-a15"), "gicv3": ("virt,gic-version=3", "cortex-a15"),
        "hyp": ("virt,virtualization=on", "cortex-a15")}),
    ("kvm", "x86_64"): Machine("qemu-system-x86_64", ("pc", "q35", "microvm"), debug_architecture="i386:x86-64"),
    ("linux", "aarch64"): Process("aarch64", "qemu-aarch64"),
    ("linux", "arm"): Process("armv7l", "qemu-arm"),
    ("linux", "mips"): Process("mips", "qemu-mipsel"),  # `uname -m` is the same for both byte orders
    ("linux", "x86_64"): Process("x86_64", "qemu-x86_64"),
    ("xen", "aarch64"): XenArmMachine("qemu-system-aarch64", debug_architecture="aarch64", boards=_XEN_ARM),
    ("xen", "arm"): XenArmMachine("qemu-system-aarch64", debug_architecture="aarch64", boards=_XEN_ARM),
    ("xen", "x86_64"): XenMachine("qemu-system-x86_64", ("pv", "pvh"), debug_architecture="i386:x86-64"),
}


def runner_for(platform: str, architecture: str) -> Runner:
    """The runner of a pair. Errors: RunError that names the pairs there are."""
    found = RUNNERS.get((platform, architecture))
    if found is None:
        pairs = ", ".join("-".join(pair) for pair in sorted(RUNNERS))
        raise RunError(f"{platform}-{architecture}: no way to run its images is known (there is: {pairs})")
    return found
