# SPDX-License-Identifier: BSD-3-Clause
"""The network's bars: images that serve, and a Linux guest that does the same on the same QEMU, by turns."""
from __future__ import annotations

import re
import shutil
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, List, Optional

from unicore.bench_guest import smallest
from unicore.bench_report import Bar
from unicore.bench_served import HOST, PAGE, Guest, Running, image_guest, linux_guest, nginx_guest
from unicore.bench_tap import IPERF, tap_stream_bars
from unicore.bench_tools import iperf, median
from unicore.failure import Failure
from unicore.run_accel import tool
from unicore.run_targets import Machine
from unicore.run_tree import BuiltTree

SERVER, BARE = "http-server", "net-turnaround"


def request(alive: bool) -> bytes:
    """A GET of the page."""
    last = "" if alive else "Connection: close\r\n"
    return f"GET {PAGE} HTTP/1.1\r\nHost: a\r\n{last}\r\n".encode()


def get(link: socket.socket, alive: bool) -> None:
    """Sends one and takes the answer. Errors: Failure when that is not the page."""
    link.sendall(request(alive))
    answer = b""
    while True:
        piece = link.recv(65536)
        answer += piece
        head, separator, body = answer.partition(b"\r\n\r\n")
        if not piece or (alive and separator and len(body) >= 131):
            break
    if not head.startswith(b"HTTP/1.1 200 ") or len(body) != 131:
        raise Failure(f"no page: {answer[:200]!r}")


def requests(port: int, count: int, alive: bool) -> None:
    """One after the other, on one connection or each on its own."""
    link: Optional[socket.socket] = None
    for _ in range(count):
        if link is None:
            link = socket.create_connection((HOST, port), timeout=10)
            link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        get(link, alive)
        if not alive:
            link.close()
            link = None
    if link is not None:
        link.close()


def per_request(guest: Guest, alive: bool, count: int) -> float:
    """Instructions for each, the least of three."""
    with guest.served(count=True) as running:
        requests(running.port, 20, alive)
        found = []
        for _ in range(3):
            before = running.instructions()
            requests(running.port, count, alive)
            found.append((running.instructions() - before) / count)
    return min(found)


def request_bars(ours: Guest, linux: Guest, nginx: Guest, quick: bool) -> List[Bar]:
    """What a GET costs, here and there."""
    bars = []
    count = 200 if quick else 1000
    for alive, limit, peer in ((True, 12_000, "51,400"), (False, 25_000, "46,700")):
        bar = Bar("net", f"instructions per GET of 131 B, {'kept connection' if alive else 'a connection each'}", "", "<=",
                  limit, peer=peer)
        bar.measured = round(per_request(ours, alive, count))
        other, theirs = (round(per_request(guest, alive, count // 4)) for guest in (linux, nginx))
        bar.note = f"the same program on Linux: {other:,}; nginx on Linux: {theirs:,}"
        bar.raw = {"linux": other, "nginx": theirs}
        bars.append(bar)
    return bars


def first_answer_bar(ours: Guest) -> Bar:
    """From the image's entry to the first byte of the first answer."""
    bar = Bar("net", "instructions from entry to the first answer, address given", "", "<=", 150_000,
              peer="338,000 to listening")
    with ours.served(count=True) as running:
        requests(running.port, 1, True)
        bar.measured = float(running.instructions())
    return bar


def by_turns(one: Callable[[], float], other: Callable[[], float], rounds: int) -> "tuple[float, List[tuple[float, float]]]":
    """The median of the ratios of what is measured by turns."""
    pairs = [(one(), other()) for _ in range(rounds)]
    return median([a / b for a, b in pairs]), pairs


@dataclass
class Rate:
    """What wrk has measured, of eight connections."""

    per_second: float
    qemu: float   # µs of processor time per request: of QEMU's own thread,
    guest: float  # and of the one that is the guest's CPU


def wrk(guest: Running, seconds: int) -> Rate:
    """Asks it for so long."""
    before = guest.processor_time()
    done = subprocess.run([tool("wrk"), "-t1", "-c8", f"-d{seconds}s", f"http://{HOST}:{guest.port}{PAGE}"], check=False,
                          stdout=subprocess.PIPE, text=True)
    after = guest.processor_time()
    found = re.search(r"(\d+) requests in .*Requests/sec: +([\d.]+)", done.stdout, re.DOTALL)
    if not found or int(found[1]) == 0:
        raise Failure(f"wrk says {done.stdout[-300:]!r}")
    own = str(guest.process)
    used = {thread: (time - before.get(thread, 0)) / 1000 / int(found[1]) for thread, time in after.items()}
    return Rate(float(found[2]), used[own], max(time for thread, time in used.items() if thread != own))


def ratio_bar(what: str, limit: float, peer: str, unit: str, result: "tuple[float, List[tuple[float, float]]]") -> Bar:
    """Ours against Linux: at least `limit` times as much, so the bar is on the inverse's side."""
    ratio, pairs = result
    ours, other = (median([pair[i] for pair in pairs]) for i in (0, 1))
    return Bar("net", what, "×", ">=", limit, measured=round(ratio, 2), peer=peer,
               note=f"{ours:,.0f} {unit} against {other:,.0f}", raw={"pairs": pairs})


def rate_bars(ours: Guest, linux: Guest, nginx: Guest, bare: Guest, quick: bool) -> List[Bar]:
    """wrk, by turns. `bare` only turns frames round: what QEMU, wrk and the machine leave today to who takes next to nothing."""
    seconds, rounds = (1, 1) if quick else (2, 9)
    with ours.served() as here, linux.served() as there, nginx.served() as other, bare.served() as least:
        rates = [[wrk(guest, seconds) for guest in (here, least, there, other)] for _ in range(rounds)]
    bars = []
    for what, one, against, limit in (("against Linux", 0, 2, 5), ("against nginx on Linux", 0, 3, 0),
                                      ("a guest without a stack against Linux", 1, 2, 0)):
        pairs = [(rate[one].per_second, rate[against].per_second) for rate in rates]
        bar = ratio_bar(f"requests per second, 8 connections, {what}", limit, "2.3" if one == 0 else "",
                        "/s", (median([a / b for a, b in pairs]), pairs))
        bar.relation = ">=" if limit else ""  # the bar is for the same program
        bars.append(bar)
    # The rest of a request's time is QEMU's and wrk's, whichever guest it is.
    times = [[median([getattr(rate[i], part) for rate in rates]) for part in ("guest", "qemu")] for i in range(4)]
    said = [f"{name} {guest:.0f} and {qemu:.0f}" for name, (guest, qemu) in
            zip(("ours", "without a stack", "the same program on Linux", "nginx on Linux"), times)]
    bars.append(Bar("net", "the guest's CPU per request, 8 connections", "µs", measured=round(times[0][0], 1),
                    note=f"it, and QEMU's own thread: {'; '.join(said)}", raw={"times": times}))
    return bars


def stream_bars(ours: Guest, linux: Guest, quick: bool) -> List[Bar]:
    """iperf3 both ways, by turns, over QEMU's own network."""
    seconds, rounds = (1, 1) if quick else (3, 5)
    bars = []
    with ours.served() as here, linux.served() as there:
        for what, options in (("to the guest", ()), ("from the guest", ("-R",))):
            result = by_turns(lambda: iperf(HOST, here.port, seconds, *options), lambda: iperf(HOST, there.port, seconds, *options), rounds)
            bars.append(ratio_bar(f"TCP stream {what}, QEMU's network, against Linux", 1.5, "0.4", "Mb/s", result))
    return bars


def memory_bar(ours: Guest) -> Bar:
    """The smallest RAM in which it answers."""
    bar = Bar("net", "smallest RAM of the web server", "KiB", "<=", 2560, peer="3,379")

    def works(kib: int) -> bool:
        try:
            with ours.served(memory=f"{kib}K", patience=4.0) as running:
                requests(running.port, 3, True)
                return True
        except (Failure, OSError):
            return False

    least = smallest(works, 1024, 8192)
    if least is None:
        bar.note = "it does not answer in 8 MiB"
    else:
        bar.measured = float(least)
    return bar


def native(source: Path, scratch: Path) -> Path:
    """The web server as a static program of Linux, of the same source and pages. Errors: Failure."""
    program = scratch / SERVER
    done = subprocess.run([tool("python3"), "-B", str(source / "linux" / "build.py"), str(program), tool("clang++-19", "clang++"),
                           "-stdlib=libc++"], check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        raise Failure(f"the web server cannot be built for Linux:\n{done.stdout}")
    return program


def net_bars(tree: BuiltTree, machine: Machine, source: Path, scratch: Path, quick: bool) -> List[Bar]:
    """All of them; `source` is the web server's. Errors: Failure."""
    for name in ("wrk", "iperf3"):
        if not shutil.which(name):
            raise Failure(f"{name} is not installed")
    scratch.mkdir(parents=True, exist_ok=True)
    server, iperf_image, bare = (tree.bootable(name).resolve() for name in (SERVER, IPERF, BARE))
    here = image_guest(machine, server, SERVER, 80, scratch)
    there = linux_guest(SERVER, (f"/extra/{SERVER}",), 80, scratch, {f"extra/{SERVER}": native(source, scratch)})
    nginx = nginx_guest(source / "site" / PAGE[1:], scratch)
    pages = sum(page.stat().st_size for page in (source / "site").iterdir())  # which are the user's
    size = Bar("net", "the web server, stripped file, without its pages", "B", "<=", 160 * 1024, peer="437,248",
               measured=float(server.stat().st_size - pages), note=f"the file has {server.stat().st_size:,} B")
    bars = [size, memory_bar(here), first_answer_bar(here), *request_bars(here, there, nginx, quick),
            *rate_bars(here, there, nginx, image_guest(machine, bare, BARE, 80, scratch), quick)]
    bars += stream_bars(image_guest(machine, iperf_image, IPERF, 5201, scratch),
                        linux_guest("iperf3", ("iperf3", "-s"), 5201, scratch), quick)
    bars += tap_stream_bars(machine, iperf_image, scratch, quick)
    return bars
