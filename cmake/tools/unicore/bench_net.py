# SPDX-License-Identifier: BSD-3-Clause
"""The network's bars: images that serve, and a Linux guest that does the same on the same QEMU, by turns."""
from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Dict, Iterator, List, Mapping, Optional, Sequence

from unicore.bench_guest import smallest
from unicore.bench_report import Bar
from unicore.bench_tap import IPERF, tap_stream_bars
from unicore.bench_tools import built, entry, iperf, median
from unicore.failure import Failure
from unicore.lab_cache import level
from unicore.lab_machine import Content, appended
from unicore.run_accel import tool
from unicore.run_process import end, spawn
from unicore.run_targets import Machine, Options

SERVER = "http-server"
_PAGE = "/hello.txt"  # of 131 bytes
_HOST, _GUEST, _GATEWAY = "127.0.0.1", "10.0.2.15/24", "10.0.2.2"  # of QEMU's own network
_PATIENCE = 60.0


@dataclass
class Running:
    """A guest that serves at `port` of this machine."""

    port: int
    counter: Path

    def instructions(self) -> int:
        """That it has executed so far, if they are counted."""
        return int.from_bytes(self.counter.read_bytes()[:8], "little")


def free_port() -> int:
    """A port of this machine that nobody has."""
    with socket.socket() as probe:
        probe.bind((_HOST, 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Guest:
    """Something to boot: an image, or Linux with a program."""

    name: str
    command: Callable[[Path, List[str]], List[str]]  # of a folder of its own, and more words for QEMU
    port: int           # that it serves
    ready: bytes        # on its console
    start: int = 0      # where counting begins
    scratch: Path = Path()

    @contextlib.contextmanager
    def served(self, count: bool = False, memory: Optional[str] = None, patience: float = _PATIENCE) -> Iterator[Running]:
        """Boots it, until it is ready. Errors: Failure."""
        with tempfile.TemporaryDirectory(dir=self.scratch) as folder:
            running = Running(free_port(), Path(folder) / "total")
            words = ["-netdev", f"user,id=net,hostfwd=tcp:{_HOST}:{running.port}-:{self.port}",
                     "-device", "virtio-net-pci,netdev=net"]
            if count:
                plugin = built(self.scratch, "total.c", "total.so", tool("clang-19", "clang"),
                               ["-shared", "-fPIC", "-fvisibility=hidden"])
                words += ["-plugin", f"{plugin},out={running.counter},start={self.start:#x}"]
            if memory:
                words += ["-m", memory]
            child = spawn(self.command(Path(folder), words), merge_errors=True)
            try:
                self._await(Path(folder) / "console", patience)
                yield running
            finally:
                end(child)

    def _await(self, console: Path, patience: float) -> None:
        deadline = time.monotonic() + patience
        while not (console.is_file() and self.ready in console.read_bytes()):
            if time.monotonic() > deadline:
                raise Failure(f"{self.name} is not ready within {patience:.0f} s")
            time.sleep(0.02)


def image_guest(machine: Machine, image: Path, name: str, port: int, scratch: Path) -> Guest:
    """An image of ours."""

    def command(folder: Path, words: List[str]) -> List[str]:
        options = Options(image, name, settings=[f"net.address={_GUEST}", f"net.gateway={_GATEWAY}"], qemu_args=words,
                          serial=f"file:{folder / 'console'}")
        return machine.command(options)

    return Guest(name, command, port, b"port ", entry(image), scratch)


def linux_guest(name: str, words_of_program: Sequence[str], port: int, scratch: Path,
                files: Optional[Mapping[str, Content]] = None) -> Guest:
    """Debian's kernel for clouds, and a program: one of the initramfs, or of `files`, which are put there."""
    boot = level("guest")

    def command(folder: Path, words: List[str]) -> List[str]:
        initramfs = folder / "initramfs"
        initramfs.write_bytes((boot / "initramfs").read_bytes() + appended(files or {}))
        append = (f"console=ttyS0 quiet guest.address={_GUEST} guest.gateway={_GATEWAY} "
                  f"guest.run={','.join(words_of_program)}")
        return [tool("qemu-system-x86_64"), "-kernel", str(boot / "vmlinuz"), "-initrd", str(initramfs), "-append", append,
                "-machine", "pc", "-cpu", "max", "-m", "256M", "-accel", "tcg", "-no-reboot", "-display", "none",
                "-monitor", "none", "-nic", "none", "-serial", f"file:{folder / 'console'}", *words]

    return Guest(f"{name} on Linux", command, port, b"guest: ready", 0, scratch)


def nginx_guest(page: Path, scratch: Path) -> Guest:
    """Debian's nginx, as fast as it is with one CPU: one process, no log."""
    configuration = f"""user root; daemon off; master_process off; error_log /dev/null; pid /tmp/pid;
events {{ worker_connections 1024; multi_accept on; }}
http {{
    access_log off; sendfile on; tcp_nodelay on; keepalive_requests 1000000000; open_file_cache max=100;
    client_body_temp_path /tmp/body; proxy_temp_path /tmp/proxy; fastcgi_temp_path /tmp/fastcgi;
    uwsgi_temp_path /tmp/uwsgi; scgi_temp_path /tmp/scgi; default_type text/plain;
    server {{ listen 80; root /extra/site; }}
}}
"""
    files: Dict[str, Content] = {"extra/nginx.conf": configuration, f"extra/site{_PAGE}": page,
                                 "etc/passwd": "root:x:0:0::/root:/bin/sh\n", "etc/group": "root:x:0:\n"}
    return linux_guest("nginx", ("nginx", "-c", "/extra/nginx.conf"), 80, scratch, files)


def request(alive: bool) -> bytes:
    """A GET of the page."""
    last = "" if alive else "Connection: close\r\n"
    return f"GET {_PAGE} HTTP/1.1\r\nHost: a\r\n{last}\r\n".encode()


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
            link = socket.create_connection((_HOST, port), timeout=10)
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


def wrk(port: int, seconds: int) -> float:
    """Requests per second, of eight connections."""
    done = subprocess.run([tool("wrk"), "-t1", "-c8", f"-d{seconds}s", f"http://{_HOST}:{port}{_PAGE}"], check=False,
                          stdout=subprocess.PIPE, text=True)
    for line in done.stdout.splitlines():
        if line.startswith("Requests/sec:"):
            return float(line.split()[1])
    raise Failure(f"wrk says {done.stdout[-300:]!r}")


def ratio_bar(what: str, limit: float, peer: str, unit: str, result: "tuple[float, List[tuple[float, float]]]") -> Bar:
    """Ours against Linux: at least `limit` times as much, so the bar is on the inverse's side."""
    ratio, pairs = result
    ours, other = (median([pair[i] for pair in pairs]) for i in (0, 1))
    return Bar("net", what, "×", ">=", limit, measured=round(ratio, 2), peer=peer,
               note=f"{ours:,.0f} {unit} against {other:,.0f}", raw={"pairs": pairs})


def rate_bars(ours: Guest, linux: Guest, nginx: Guest, quick: bool) -> List[Bar]:
    """wrk, by turns."""
    seconds, rounds = (1, 1) if quick else (3, 5)
    bars = []
    for guest, what in ((linux, "against Linux"), (nginx, "against nginx on Linux")):
        with ours.served() as here, guest.served() as there:
            result = by_turns(lambda: wrk(here.port, seconds), lambda: wrk(there.port, seconds), rounds)
        bars.append(ratio_bar(f"requests per second, 8 connections, {what}", 5, "2.3", "/s", result))
    bars[1].relation = ""  # the bar is for the same program
    return bars


def stream_bars(ours: Guest, linux: Guest, quick: bool) -> List[Bar]:
    """iperf3 both ways, by turns, over QEMU's own network."""
    seconds, rounds = (1, 1) if quick else (3, 5)
    bars = []
    with ours.served() as here, linux.served() as there:
        for what, options in (("to the guest", ()), ("from the guest", ("-R",))):
            result = by_turns(lambda: iperf(_HOST, here.port, seconds, *options), lambda: iperf(_HOST, there.port, seconds, *options), rounds)
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


def net_bars(machine: Machine, server: Path, iperf_image: Path, source: Path, scratch: Path, quick: bool) -> List[Bar]:
    """All of them; `source` is the web server's. Errors: Failure."""
    for name in ("wrk", "iperf3"):
        if not shutil.which(name):
            raise Failure(f"{name} is not installed")
    scratch.mkdir(parents=True, exist_ok=True)
    here = image_guest(machine, server, SERVER, 80, scratch)
    there = linux_guest(SERVER, (f"/extra/{SERVER}",), 80, scratch, {f"extra/{SERVER}": native(source, scratch)})
    nginx = nginx_guest(source / "site" / _PAGE[1:], scratch)
    pages = sum(page.stat().st_size for page in (source / "site").iterdir())  # which are the user's
    size = Bar("net", "the web server, stripped file, without its pages", "B", "<=", 160 * 1024, peer="437,248",
               measured=float(server.stat().st_size - pages), note=f"the file has {server.stat().st_size:,} B")
    bars = [size, memory_bar(here), first_answer_bar(here), *request_bars(here, there, nginx, quick),
            *rate_bars(here, there, nginx, quick)]
    bars += stream_bars(image_guest(machine, iperf_image, IPERF, 5201, scratch),
                        linux_guest("iperf3", ("iperf3", "-s"), 5201, scratch), quick)
    bars += tap_stream_bars(machine, iperf_image, scratch, quick)
    return bars
