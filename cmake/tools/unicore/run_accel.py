# SPDX-License-Identifier: BSD-3-Clause
"""Whether /dev/kvm is worth anything: a probe guest must boot and compute right under it.

/dev/kvm may be a software KVM that gets 64-bit kernel code wrong, so its presence proves nothing.
"""
from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import List

from unicore.run_console import Console
from unicore.run_process import Conversation, spawn
from unicore.run_targets import Machine, Options, RunError

MEASURE = Path(__file__).resolve().parent.parent / "measure"


def tool(*names: str) -> str:
    """The first of these programs that is installed. Errors: RunError."""
    for name in names:
        path = shutil.which(name)
        if path:
            return path
    raise RunError(f"{names[0]} is not installed")


def build_guest(program: Path, output: Path, flags: List[str]) -> None:
    """Compiles C source `program` onto probe.S as a PVH guest at `output`. Errors: RunError."""
    clang, lld = tool("clang-19", "clang"), tool("ld.lld-19", "ld.lld")
    with tempfile.TemporaryDirectory() as scratch:
        objects = []
        for source in (MEASURE / "probe.S", program):
            objects.append(f"{scratch}/{source.name}.o")
            common = [clang, "--target=x86_64-none-elf", "-ffreestanding", "-mno-red-zone", "-O1"]
            _checked(common + flags + ["-c", str(source), "-o", objects[-1]])
        _checked([lld, "-z", "noexecstack", "--build-id", "-Map", f"{output}.map", "-T", str(MEASURE / "probe.ld"),
                  *objects, "-o", str(output)])


def _checked(command: List[str]) -> None:
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if done.returncode:
        raise RunError(f"{' '.join(command)} failed:\n{done.stdout.decode(errors='replace')}")


def probe(machine: Machine, accel: str) -> bool:
    """Whether the probe guest boots and computes right under `accel`. At most 5 s."""
    with tempfile.TemporaryDirectory() as scratch:
        guest = Path(scratch) / "probe"
        build_guest(MEASURE / "probe.c", guest, [])
        lines: List[bytes] = []
        console = Console(lambda _: None, lines.append)
        child = spawn(machine.command(Options(guest, "probe", accel=accel)))
        outcome = Conversation(child, console.feed, timeout=5.0).run()
        console.close()
        return outcome.code == 0 and not outcome.timed_out and b"probe: good" in lines


def choose(wish: str, machine: Machine, cache: Path) -> str:
    """The accelerator for `wish` (tcg, kvm, auto). `cache` keeps the probe's answer for this boot
    of this host."""
    if wish != "auto":
        return wish
    if not os.access("/dev/kvm", os.R_OK | os.W_OK):
        return "tcg"
    key = {"boot": Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip(),
           "qemu": machine.program()}
    try:
        known = json.loads(cache.read_text(encoding="utf-8"))
        if {name: known.get(name) for name in key} == key:
            return "kvm" if known["kvm"] else "tcg"
    except (OSError, ValueError, KeyError, AttributeError):
        pass
    good = probe(machine, "kvm")
    cache.parent.mkdir(parents=True, exist_ok=True)
    cache.write_text(json.dumps({**key, "kvm": good}) + "\n", encoding="utf-8")
    return "kvm" if good else "tcg"
