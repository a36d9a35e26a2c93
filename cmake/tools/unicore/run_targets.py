# SPDX-License-Identifier: BSD-3-Clause
"""How an image of each platform and architecture is started. A new pair adds one entry to RUNNERS."""
from __future__ import annotations

import atexit
import os
import platform as host
import re
import shutil
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Dict, List, Optional, Tuple

from unicore.board_tree import compiled
from unicore.failure import Failure
from unicore.iso_image import write_iso
from unicore.lab_cache import hypervisor
from unicore.lab_machine import CPU


class RunError(Failure):
    """What was asked of an image cannot be done; the message says why."""


@dataclass
class Options:
    """What the user asked for. None: the runner's default."""

    image: Path
    name: str
    arguments: List[str] = field(default_factory=list)
    settings: List[str] = field(default_factory=list)  # name=value
    append: str = ""
    machine: Optional[str] = None
    memory: Optional[str] = None
    cpu: Optional[str] = None
    accel: str = "tcg"  # decided already, never auto
    icount: bool = False
    qemu_args: List[str] = field(default_factory=list)
    serial: str = "stdio"  # QEMU's character device of the console
    keep: bool = False  # files that are made for the command stay


def quoted(word: str) -> str:
    """`word` as one word of a command line: in double quotes where it holds blanks or nothing."""
    if re.search(r'["\x00-\x1f\x7f]', word):
        raise RunError(f"{word!r}: a command line cannot carry double quotes or control characters")
    return f'"{word}"' if not word or " " in word else word


def settings_text(options: Options) -> str:
    """All settings as one text, `name=value` words separated by blanks."""
    words = []
    for setting in options.settings:
        name, equals, value = setting.partition("=")
        if not equals or not re.fullmatch(r"[A-Za-z0-9_.-]+", name):
            raise RunError(f"setting {setting!r}: expected name=value, for example log.level=debug")
        words.append(f"{name}={quoted(value)}")
    return " ".join(words + ([options.append] if options.append else []))


def command_line(options: Options) -> str:
    """What a loader hands to the image: settings, then `--` and arguments. Errors: RunError."""
    text = settings_text(options)
    if options.arguments:
        text = " ".join([text] * bool(text) + ["--"] + [quoted(word) for word in options.arguments])
    return text


class Runner:
    """Turns options into a process. Subclasses say how."""

    stops_by_itself = True  # the process ends when the image stops; else its status line ends it
    folder: Optional[Path] = None  # where the process must be started; None: anywhere
    forwards_signals = False  # the image itself gets SIGINT and SIGTERM
    merges_errors = False  # standard error belongs to the console
    is_emulator = True  # the process is not the image: its own exit status means little

    def command(self, options: Options) -> List[str]:
        """The command line. Errors: RunError."""
        raise NotImplementedError

    def environment(self, options: Options) -> Optional[Dict[str, str]]:
        """The process's environment; None: ours."""
        return dict(os.environ, QEMU_AUDIO_DRV="none")  # boards have sound; the host's is nobody's business

    def speaks_after(self, options: Options) -> Optional["re.Pattern[bytes]"]:
        """What ends what firmware and loader say on the console; None: they say nothing there."""
        return None


@dataclass
class Machine(Runner):
    """A machine under QEMU, the image as its kernel. Source: qemu(1); Xen docs/misc/pvh.pandoc."""

    binary: str
    machines: Tuple[str, ...]  # the first is the default
    cpu: str = "max"
    memory: str = "128M"
    debug_architecture: str = "auto"  # as gdb names it
    accelerators: Tuple[str, ...] = ("tcg", "kvm")

    def program(self) -> str:
        """Where the emulator is. Errors: RunError when it is not installed."""
        path = shutil.which(self.binary)
        if path is None:
            raise RunError(f"{self.binary} is not installed (./bootstrap installs what is needed)")
        return path

    def command(self, options: Options) -> List[str]:
        machine = options.machine or self.machines[0]
        if machine.split(",")[0] not in self.machines:
            raise RunError(f"machine {machine}: {self.binary} images run on {', '.join(self.machines)}")
        if options.icount and options.accel != "tcg":
            raise RunError("--icount counts instructions, which only --accel tcg can do")
        cpu = options.cpu or ("host" if options.accel == "kvm" else self.cpu)
        line = [self.program(), *self.guest(options, machine), "-accel", options.accel, "-cpu", cpu, "-no-reboot",
                "-display", "none", "-monitor", "none", "-nic", "none", "-serial", options.serial]
        if options.icount:
            line += ["-icount", "shift=0,sleep=off", "-rtc", "base=2026-01-01T00:00:00,clock=vm"]
        return line + options.qemu_args

    def guest(self, options: Options, machine: str) -> List[str]:
        """The words for the machine itself, its memory, and what runs in it."""
        line = ["-kernel", str(options.image), "-machine", machine, "-m", options.memory or self.memory]
        text = command_line(options)
        return line + (["-append", text] if text else [])


@dataclass
class BoardMachine(Machine):
    """Machines under names of our own: QEMU's words for each, and its CPU where one can be chosen."""

    machines: Tuple[str, ...] = ()
    boards: Dict[str, Tuple[str, Optional[str]]] = field(default_factory=dict)
    tree: Optional[str] = None  # the board's device tree in boards/, where QEMU makes none

    def __post_init__(self) -> None:
        self.machines = tuple(self.boards)

    def command(self, options: Options) -> List[str]:
        name, comma, rest = (options.machine or self.machines[0]).partition(",")
        if name not in self.boards:
            raise RunError(f"machine {name}: {self.binary} images run on {', '.join(self.machines)}")
        words, cpu = self.boards[name]
        line = super().command(replace(options, machine=name, cpu=options.cpu or cpu or "none"))
        line[line.index("-machine") + 1] = words + comma + rest
        if self.tree:
            line += ["-dtb", str(compiled(self.tree))]
        if cpu is None and options.cpu is None:
            del line[line.index("-cpu"):line.index("-cpu") + 2]
        return line


@dataclass
class XenMachine(Machine):
    """Xen under QEMU with the image as its initial domain, a PV or a PVH one: no toolstack, so no xenstore.

    The machines are the domain's types. Xen goes on when the domain stops. It is never run under KVM: PVH would need
    nested virtualisation. Source: xen-command-line(7); qemu(1), -initrd (multiboot modules).
    """

    cpu: str = CPU
    accelerators: Tuple[str, ...] = ("tcg",)
    stops_by_itself = False

    def guest(self, options: Options, machine: str) -> List[str]:
        if options.accel != "tcg":
            raise RunError("Xen runs under --accel tcg here: PVH domains would need nested virtualisation")
        memory = options.memory or self.memory
        module = f"{options.image.name} {command_line(options)}".strip().replace(",", ",,")
        words = ["console=com1", "loglvl=none", "guest_loglvl=none", f"dom0_mem={memory},max:{memory}",
                 "dom0_max_vcpus=1"] + (["dom0=pvh", "dom0-iommu=none"] if machine == "pvh" else [])
        self.folder = options.image.parent  # QEMU would take a path with a blank apart
        return ["-machine", "pc", "-m", with_xen(memory), "-kernel", str(hypervisor()), "-initrd", module,
                "-append", " ".join(words)]


def with_xen(memory: str) -> str:
    """The machine's RAM, for a domain of `memory` (as Xen takes it) and Xen itself. Errors: RunError."""
    found = re.fullmatch(r"(\d+)([KMG])", memory)
    if not found:
        raise RunError(f"memory {memory}: expected a number with K, M or G behind it")
    kib = int(found[1]) * {"K": 1, "M": 1024, "G": 1024 * 1024}[found[2]]
    own = 128 * 1024 + kib // 64  # Xen's image and heap, and its table of frames
    return f"{(kib + own + 1023) // 1024}M"


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
    ("xen", "x86_64"): XenMachine("qemu-system-x86_64", ("pv", "pvh"), debug_architecture="i386:x86-64"),
}


def runner_for(platform: str, architecture: str) -> Runner:
    """The runner of a pair. Errors: RunError that names the pairs there are."""
    found = RUNNERS.get((platform, architecture))
    if found is None:
        pairs = ", ".join("-".join(pair) for pair in sorted(RUNNERS))
        raise RunError(f"{platform}-{architecture}: no way to run its images is known (there is: {pairs})")
    return found
