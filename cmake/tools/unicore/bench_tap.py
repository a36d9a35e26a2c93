# SPDX-License-Identifier: BSD-3-Clause
"""At TAP interfaces: frames through a guest with two devices, an image or Linux with a bridge; streams of iperf3; an echo.

Run as a program, in a network of its own, with a question in JSON: what to boot, and what to measure how long.
"""
from __future__ import annotations

import fcntl
import json
import os
import shlex
import socket
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Callable, Dict, List, Sequence

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from unicore.bench_report import Bar
from unicore.bench_tools import built, iperf, median
from unicore.failure import Failure
from unicore.lab_cache import level
from unicore.run_accel import tool
from unicore.run_process import end, spawn
from unicore.run_targets import Machine, Options

FORWARDER, IPERF, IPERF_PORT, ECHO, ECHO_PORT = "raw-forwarder", "iperf", 5201, "echo", 7
HOST_ADDRESS, GUEST_ADDRESS = "10.0.3.1", "10.0.3.2"
LEFT, RIGHT = "left0", "right0"
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


def set_address(name: str, address: str) -> None:
    """An IPv4 address of a network of 256. Errors: OSError."""
    set_address, set_mask = 0x8916, 0x891c  # SIOCSIFADDR, SIOCSIFNETMASK
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        for request, value in ((set_address, address), (set_mask, "255.255.255.0")):
            fcntl.ioctl(control, request, struct.pack("16sHH4s16x", name.encode(), socket.AF_INET, 0, socket.inet_aton(value)))


def arrived(name: str) -> int:
    """Packets that have come out of an interface."""
    for line in Path("/proc/self/net/dev").read_text(encoding="ascii").splitlines():
        who, separator, rest = line.partition(":")
        if separator and who.strip() == name:
            return int(rest.split()[1])
    raise Failure(f"there is no interface {name}")


def frames(question: Dict[str, Any]) -> float:
    """Packets per second that come out at the other side."""
    blast = [question["blast"], LEFT]
    subprocess.run([*blast, "1"], check=True, stdout=subprocess.DEVNULL)
    before, begin = arrived(RIGHT), time.monotonic()
    subprocess.run([*blast, str(question["seconds"])], check=True, stdout=subprocess.DEVNULL)
    return (arrived(RIGHT) - before) / (time.monotonic() - begin)


def stream(question: Dict[str, Any]) -> float:
    """Megabits per second of TCP that arrive."""
    return iperf(GUEST_ADDRESS, IPERF_PORT, question["seconds"], *question["options"])


def echo(question: Dict[str, Any]) -> float:
    """Megabits per second of TCP that come back."""
    done = subprocess.run([question["pump"], GUEST_ADDRESS, str(ECHO_PORT), str(question["seconds"]), *question["options"]],
                          check=True, stdout=subprocess.PIPE, text=True, timeout=_PATIENCE)
    return float(done.stdout)


def answer(question: Dict[str, Any]) -> float:
    """What is measured with the guest, in this network. Errors: Failure, OSError."""
    for name in question["taps"]:
        make_tap(name)
    set_address(LEFT, HOST_ADDRESS)
    console = Path(question["console"])
    child = spawn(question["command"], merge_errors=True)
    try:
        deadline = time.monotonic() + _PATIENCE
        while not (console.is_file() and question["ready"].encode() in console.read_bytes()):
            if time.monotonic() > deadline:
                raise Failure(f"it is not ready within {_PATIENCE:.0f} s")
            time.sleep(0.02)
        return (frames if "blast" in question else echo if "pump" in question else stream)(question)
    finally:
        end(child)


def asked(command: Command, ready: str, taps: Sequence[str], seconds: int, scratch: Path, **more: Any) -> float:
    """The same in a network of its own. Errors: Failure."""
    words: List[str] = []
    for number, name in enumerate(taps):
        words += ["-netdev", f"tap,id=net{number},ifname={name},script=no,downscript=no,vhost=off",
                  "-device", f"virtio-net-pci,netdev=net{number},romfile="]
    with tempfile.TemporaryDirectory(dir=scratch) as folder:
        question = {"command": command(Path(folder), words), "console": f"{folder}/console", "ready": ready, "taps": list(taps),
                    "seconds": seconds, **more}
        enter = ["unshare", "--net"] if os.getuid() == 0 else ["unshare", "--map-root-user", "--net"]
        done = subprocess.run([*enter, sys.executable, "-B", __file__, json.dumps(question)], check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        raise Failure(f"a guest at TAP interfaces cannot be measured here:\n{done.stderr[-500:]}")
    return float(done.stdout)


def image_command(machine: Machine, image: Path, name: str, settings: Sequence[str] = ()) -> Command:
    """An image of ours."""
    return lambda folder, words: machine.command(Options(image, name, settings=list(settings), qemu_args=words,
                                                         serial=f"file:{folder / 'console'}"))


def linux_command(arguments: str) -> Command:
    """Linux, with what its start script is told."""
    boot = level("guest")
    return lambda folder, words: [
        tool("qemu-system-x86_64"), "-kernel", str(boot / "vmlinuz"), "-initrd", str(boot / "initramfs"), "-append",
        f"console=ttyS0 quiet {arguments}", "-machine", "pc", "-cpu", "max", "-m", "256M", "-accel", "tcg", "-no-reboot",
        "-display", "none", "-monitor", "none", "-nic", "none", "-serial", f"file:{folder / 'console'}", *words]


def tap_stream_bars(machine: Machine, image: Path, scratch: Path, quick: bool) -> List[Bar]:
    """iperf3 both ways over a TAP interface, with all that devices do of sums and segments. Errors: Failure."""
    seconds, rounds = (1, 1) if quick else (3, 3)
    ours = image_command(machine, image, IPERF, [f"net.address={GUEST_ADDRESS}/24"])
    linux = linux_command(f"guest.address={GUEST_ADDRESS}/24 guest.run=iperf3,-s")
    bars = []
    for what, options in (("to the guest", []), ("from the guest", ["-R"])):
        pairs = [tuple(asked(command, ready, [LEFT], seconds, scratch, options=options)
                       for command, ready in ((ours, "port "), (linux, "guest: ready"))) for _ in range(rounds)]
        bar = Bar("net", f"TCP stream {what}, TAP, against Linux", "×", ">=", 1,
                  measured=round(median([one / other for one, other in pairs]), 2))
        bar.note = f"{median([one for one, _ in pairs]):,.0f} Mb/s against {median([other for _, other in pairs]):,.0f}"
        bar.raw = {"pairs": pairs}
        bars.append(bar)
    return bars


def forward_bars(machine: Machine, image: Path, scratch: Path, quick: bool) -> List[Bar]:
    """Ours against Linux, by turns. Errors: Failure."""
    scratch.mkdir(parents=True, exist_ok=True)
    blast = str(built(scratch, "blast.c", "blast", tool("clang-19", "clang"), []))
    seconds, rounds = (1, 1) if quick else (3, 3)
    both = (image_command(machine, image, FORWARDER), "raw-forwarder: ready"), (linux_command("guest.bridge"), "guest: ready")
    pairs = [tuple(asked(command, ready, [LEFT, RIGHT], seconds, scratch, blast=blast) for command, ready in both)
             for _ in range(rounds)]
    bar = Bar("forward", "frames of 60 B through raw-forwarder, per second, against a bridge in Linux", "×", ">=", 5)
    if min(theirs for _, theirs in pairs) <= 0:
        raise Failure(f"nothing came through the bridge in Linux: {pairs}")
    bar.measured = round(median([one / other for one, other in pairs]), 2)
    bar.note = f"{median([one for one, _ in pairs]):,.0f} /s against {median([other for _, other in pairs]):,.0f}"
    bar.raw = {"pairs": pairs}
    return [bar]


def process_command(program: Path, *arguments: str, **environment: str) -> Command:
    """A program of this machine."""
    words = [str(program), *arguments]
    names = [f"{name}={value}" for name, value in environment.items()]
    return lambda folder, _: ["sh", "-c", 'exec env "$@" > ' + shlex.quote(f"{folder}/console"), "sh", *names, *words]


def echo_bars(image: Path, scratch: Path, quick: bool) -> List[Bar]:
    """A stream there and back, against a program that only turns its frames round, by turns. Errors: Failure."""
    seconds, rounds = (1, 1) if quick else (3, 5)
    compiler = tool("clang-19", "clang")
    pump, reflect = (built(scratch, f"{name}.c", name, compiler, []) for name in ("pump", "reflect"))
    ours = process_command(image, UNICORE=f"net.tap={LEFT} net.address={GUEST_ADDRESS}/24"), "echo: ready", []
    theirs = process_command(reflect, LEFT), "reflect: ready", ["reflected"]
    pairs = [tuple(asked(command, ready, [LEFT], seconds, scratch, pump=str(pump), options=options)
                   for command, ready, options in (ours, theirs)) for _ in range(rounds)]
    ratio, gigabits = median([one / other for one, other in pairs]), median([one for one, _ in pairs]) / 1000
    bar = Bar("net", "echo of a TCP stream, process at a TAP, against its frames turned round in C", "×", ">=", 0.8,
              measured=round(ratio, 2))
    if gigabits >= 10 > 12.5 * ratio:  # either will do
        bar = Bar("net", "echo of a TCP stream, process at a TAP", "Gb/s", ">=", 10, measured=round(gigabits, 1))
    bar.note = f"{gigabits:.1f} Gb/s against {median([other for _, other in pairs]) / 1000:.1f}"
    bar.raw = {"pairs": pairs}
    return [bar]


if __name__ == "__main__":
    print(answer(json.loads(sys.argv[1])))
