# SPDX-License-Identifier: BSD-3-Clause
"""How images are started: what the user asked for, and machines under QEMU."""
from __future__ import annotations

import os
import re
import shutil
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Callable, Dict, List, Optional, Tuple

from unicore.board_tree import compiled
from unicore.failure import Failure


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

    def console_filter(self) -> Optional[Callable[[bytes], bytes]]:
        """What takes the image's own console out of what comes, as it comes; None: there is nothing else."""
        return None


    def keys(self, text: bytes) -> bytes:
        """What is typed on the console to have the image read `text` and then the end of input: Enter, and Ctrl-D."""
        return text.replace(b"\n", b"\r") + b"\x04"


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
