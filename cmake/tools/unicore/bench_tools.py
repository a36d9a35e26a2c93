# SPDX-License-Identifier: BSD-3-Clause
"""What the benchmarks share: the programs in measure/, and guests with their console in a file."""
from __future__ import annotations

import json
import os
import re
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import List, Optional, Sequence

from unicore.failure import Failure
from unicore.run_accel import MEASURE, tool
from unicore.run_console import Console
from unicore.run_process import Conversation, spawn
from unicore.run_targets import Machine, Options
from unicore.symbolise_elf import Elf

_PHYS32_ENTRY = 18


def built(scratch: Path, source: str, output: str, compiler: str, flags: List[str]) -> Path:
    """measure/`source` compiled into `scratch`, anew when the source is newer. Errors: Failure."""
    scratch.mkdir(parents=True, exist_ok=True)
    program, text = scratch / output, MEASURE / source
    if not program.exists() or program.stat().st_mtime < text.stat().st_mtime:
        done = subprocess.run([compiler, "-O2", *flags, str(text), "-o", str(program)], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, check=False)
        if done.returncode:
            raise Failure(f"{compiler} cannot build {source}:\n{done.stdout.decode(errors='replace')}")
    return program


def plugin(scratch: Path) -> Path:
    """The counting plugin."""
    return built(scratch, "count.c", "count.so", tool("clang-19", "clang"), ["-shared", "-fPIC", "-fvisibility=hidden"])


def entry(image: Path) -> int:
    """Where the machine enters `image`: its PVH note's address, else its ELF entry."""
    elf = Elf(image)
    for owner, kind, description in elf.notes():
        if owner == "Xen" and kind == _PHYS32_ENTRY:
            return int.from_bytes(description[:8], "little")
    return elf.entry


def iperf(host: str, port: int, seconds: int, *options: str) -> float:
    """Megabits per second that arrive, as iperf3 says. Errors: Failure."""
    done = subprocess.run([tool("iperf3"), "--json", "-c", host, "-p", str(port), "-t", str(seconds), *options], check=False,
                          stdout=subprocess.PIPE, text=True)
    report = json.loads(done.stdout)
    if "error" in report:
        raise Failure(f"iperf3: {report['error']}")
    return float(report["end"]["sum_received"]["bits_per_second"]) / 1e6


@dataclass
class Boot:
    """What came of one boot."""

    console: bytes  # as the guest wrote it, CR LF included
    status: Optional[int]
    timed_out: bool
    complaint: str  # QEMU's
    found: bool = False  # the marker came out
    instructions: int = 0
    repeats: int = 0

    @property
    def once(self) -> int:
        """Instructions with REP counted once."""
        return self.instructions - self.repeats


@dataclass
class Guest:
    """An image that is booted again and again."""

    machine: Machine
    image: Path
    scratch: Path
    settings: List[str] = field(default_factory=list)

    def boot(self, *, memory: Optional[str] = None, machine: Optional[str] = None, extra: Optional[List[str]] = None,
             settings: Optional[List[str]] = None, arguments: Sequence[str] = (), count: bool = False, marker: bytes = b"",
             start: Optional[int] = None, timeout: float = 30.0) -> Boot:
        """Boots once under TCG. With `count` the instructions are counted, up to the end of `marker`
        on the console (QEMU ends there) or to the end of the run, from
        `start` (0: the machine's first instruction) or the ELF file's entry on. Errors: Failure, RunError."""
        with tempfile.TemporaryDirectory(dir=self.scratch) as folder:
            console_file, out = Path(folder) / "console", Path(folder) / "out"
            console_file.touch()
            words_for_qemu = list(extra or [])
            if count:
                words = f"{plugin(self.scratch)},start={entry(self.image) if start is None else start:#x},console={console_file},out={out}"
                words_for_qemu += ["-plugin", words + (f",marker={marker.hex()}" if marker else "")]
            options = Options(self.image, self.image.name, settings=self.settings + (settings or []), memory=memory,
                              machine=machine, qemu_args=words_for_qemu, arguments=list(arguments), serial=f"file:{console_file}")
            outcome = Conversation(spawn(self.machine.command(options)), lambda _: None, timeout=timeout).run()
            text = console_file.read_bytes()
            console = Console(lambda _: None)
            console.feed(text)
            console.close()
            boot = Boot(text, console.status.code if console.status else None, outcome.timed_out,
                        outcome.errors.decode("utf-8", "replace").strip())
            if count and out.exists():
                found, boot.instructions, boot.repeats = map(int, out.read_text(encoding="ascii").split())
                boot.found = bool(found)
            elif count and not outcome.timed_out:
                raise Failure(f"nothing was counted; QEMU: {boot.complaint or outcome.code}")
            return boot

    def hello_line(self) -> bytes:
        """The line with `hello` in it, with its end, as the guest writes it. Errors: Failure."""
        boot = self.boot()
        found = re.search(rb"(?i)[^\n]*hello[^\n]*\n", boot.console)
        if boot.status != 0 or not found:
            raise Failure(f"{self.image.name} does not boot as it should: status {boot.status}, "
                          f"console {boot.console[-300:]!r}, QEMU: {boot.complaint}")
        return found[0]


def icount(shift: int) -> List[str]:
    """QEMU's arguments for virtual time of 2^shift ns per instruction, idle time skipped."""
    return ["-icount", f"shift={shift},sleep=off", "-rtc", "base=2026-01-01T00:00:00,clock=vm"]


def median(values: List[float]) -> float:
    """The middle value."""
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def quantile(values: List[float], part: float) -> float:
    """The value that `part` of all are below."""
    return sorted(values)[min(int(part * len(values)), len(values) - 1)]


def clean_environment() -> "dict[str, str]":
    """Ours without what would change an image's behaviour."""
    return {name: value for name, value in os.environ.items() if name != "UNICORE"}
