# SPDX-License-Identifier: BSD-3-Clause
"""Frames through a guest with two network devices: an image that forwards, and a Linux guest with a bridge.

Run as a program, in a network of its own, with a question in JSON: what to boot, and how long to send.
"""
from __future__ import annotations

import fcntl
import json
import os
import socket
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Callable, Dict, List

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from unicore.bench_report import Bar
from unicore.bench_tools import built, median
from unicore.failure import Failure
from unicore.lab_cache import level
from unicore.run_accel import tool
from unicore.run_process import end, spawn
from unicore.run_targets import Machine, Options

FORWARDER = "raw-forwarder"
_LEFT, _RIGHT = "left0", "right0"
_TUNSETIFF, _TUNSETPERSIST, _TAP_NO_INFORMATION = 0x400454ca, 0x400454cb, 0x1002
_SIOCGIFFLAGS, _SIOCSIFFLAGS, _UP = 0x8913, 0x8914, 1
_PATIENCE = 60.0

Command = Callable[[Path, List[str]], List[str]]  # of a folder whose `console` is the guest's, and more words for QEMU


def make_tap(name: str) -> None:
    """A TAP interface that is up, and stays as long as this network. Errors: OSError."""
    device = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(device, _TUNSETIFF, struct.pack("16sH22x", name.encode(), _TAP_NO_INFORMATION))
    fcntl.ioctl(device, _TUNSETPERSIST, 1)
    os.close(device)
    # Else the host says things of its own into it.
    Path(f"/proc/sys/net/ipv6/conf/{name}/disable_ipv6").write_text("1", encoding="ascii")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        got = fcntl.ioctl(control, _SIOCGIFFLAGS, struct.pack("16s24x", name.encode()))
        flags = struct.unpack_from("16xH", got)[0]
        fcntl.ioctl(control, _SIOCSIFFLAGS, struct.pack("16sH22x", name.encode(), flags | _UP))


def arrived(name: str) -> int:
    """Packets that have come out of an interface."""
    for line in Path("/proc/self/net/dev").read_text(encoding="ascii").splitlines():
        who, separator, rest = line.partition(":")
        if separator and who.strip() == name:
            return int(rest.split()[1])
    raise Failure(f"there is no interface {name}")


def answer(question: Dict[str, Any]) -> float:
    """Packets per second that come out at the other side. Errors: Failure, OSError."""
    make_tap(_LEFT)
    make_tap(_RIGHT)
    console = Path(question["console"])
    child = spawn(question["command"], merge_errors=True)
    try:
        deadline = time.monotonic() + _PATIENCE
        while not (console.is_file() and question["ready"].encode() in console.read_bytes()):
            if time.monotonic() > deadline:
                raise Failure(f"it is not ready within {_PATIENCE:.0f} s")
            time.sleep(0.02)
        blast = [question["blast"], _LEFT]
        subprocess.run([*blast, "1"], check=True, stdout=subprocess.DEVNULL)
        before, begin = arrived(_RIGHT), time.monotonic()
        subprocess.run([*blast, str(question["seconds"])], check=True, stdout=subprocess.DEVNULL)
        return (arrived(_RIGHT) - before) / (time.monotonic() - begin)
    finally:
        end(child)


def rate(command: Command, ready: str, seconds: int, scratch: Path) -> float:
    """The same in a network of its own. Errors: Failure."""
    blast = built(scratch, "blast.c", "blast", tool("clang-19", "clang"), [])
    words: List[str] = []
    for number, name in enumerate((_LEFT, _RIGHT)):
        words += ["-netdev", f"tap,id=net{number},ifname={name},script=no,downscript=no,vhost=off",
                  "-device", f"virtio-net-pci,netdev=net{number},romfile="]
    with tempfile.TemporaryDirectory(dir=scratch) as folder:
        question = {"command": command(Path(folder), words), "console": f"{folder}/console", "ready": ready,
                    "blast": str(blast), "seconds": seconds}
        enter = ["unshare", "--net"] if os.getuid() == 0 else ["unshare", "--map-root-user", "--net"]
        done = subprocess.run([*enter, sys.executable, "-B", __file__, json.dumps(question)], check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        raise Failure(f"frames through a guest cannot be measured here:\n{done.stderr[-500:]}")
    return float(done.stdout)


def forward_bars(machine: Machine, image: Path, scratch: Path, quick: bool) -> List[Bar]:
    """Ours against Linux, by turns. Errors: Failure."""
    scratch.mkdir(parents=True, exist_ok=True)
    boot = level("guest")

    def ours(folder: Path, words: List[str]) -> List[str]:
        return machine.command(Options(image, FORWARDER, qemu_args=words, serial=f"file:{folder / 'console'}"))

    def linux(folder: Path, words: List[str]) -> List[str]:
        return [tool("qemu-system-x86_64"), "-kernel", str(boot / "vmlinuz"), "-initrd", str(boot / "initramfs"), "-append",
                "console=ttyS0 quiet guest.bridge", "-machine", "pc", "-cpu", "max", "-m", "256M", "-accel", "tcg", "-no-reboot",
                "-display", "none", "-monitor", "none", "-nic", "none", "-serial", f"file:{folder / 'console'}", *words]

    seconds, rounds = (1, 1) if quick else (3, 3)
    pairs = [(rate(ours, "raw-forwarder: ready", seconds, scratch), rate(linux, "guest: ready", seconds, scratch)) for _ in range(rounds)]
    bar = Bar("forward", "frames of 60 B through raw-forwarder, per second, against a bridge in Linux", "×", ">=", 5)
    if min(theirs for _, theirs in pairs) <= 0:
        raise Failure(f"nothing came through the bridge in Linux: {pairs}")
    bar.measured = round(median([one / other for one, other in pairs]), 2)
    bar.note = f"{median([one for one, _ in pairs]):,.0f} /s against {median([other for _, other in pairs]):,.0f}"
    bar.raw = {"pairs": pairs}
    return [bar]


if __name__ == "__main__":
    print(answer(json.loads(sys.argv[1])))
