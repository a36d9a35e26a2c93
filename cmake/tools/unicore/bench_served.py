# SPDX-License-Identifier: BSD-3-Clause
"""Guests that serve at a port of this machine: images, and Linux with a program."""
from __future__ import annotations

import contextlib
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Dict, Iterator, List, Mapping, Optional, Sequence

from unicore.bench_tools import built, entry
from unicore.failure import Failure
from unicore.lab_cache import level
from unicore.lab_machine import Content, appended
from unicore.ports import free_port
from unicore.run_accel import tool
from unicore.run_process import end, spawn
from unicore.run_targets import Machine, Options

PAGE = "/hello.txt"  # of 131 bytes
HOST = "127.0.0.1"
_GUEST, _GATEWAY = "10.0.2.15/24", "10.0.2.2"  # of QEMU's own network
_PATIENCE = 60.0


@dataclass
class Running:
    """A guest that serves at `port` of this machine."""

    port: int
    counter: Path
    process: int = 0

    def processor_time(self) -> Dict[str, int]:
        """Nanoseconds that each of QEMU's threads has run so far, by their ids. [Documentation/scheduler/sched-stats.rst]"""
        threads = Path(f"/proc/{self.process}/task").iterdir()
        return {thread.name: int((thread / "schedstat").read_text(encoding="ascii").split()[0]) for thread in threads}

    def instructions(self) -> int:
        """That it has executed so far, if they are counted."""
        return int.from_bytes(self.counter.read_bytes()[:8], "little")


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
            words = ["-netdev", f"user,id=net,hostfwd=tcp:{HOST}:{running.port}-:{self.port}",
                     "-device", "virtio-net-pci,netdev=net"]
            if count:
                plugin = built(self.scratch, "total.c", "total.so", tool("clang-19", "clang"),
                               ["-shared", "-fPIC", "-fvisibility=hidden"])
                words += ["-plugin", f"{plugin},out={running.counter},start={self.start:#x}"]
            if memory:
                words += ["-m", memory]
            child = spawn(self.command(Path(folder), words), merge_errors=True)
            running.process = child.pid
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
    files: Dict[str, Content] = {"extra/nginx.conf": configuration, f"extra/site{PAGE}": page,
                                 "etc/passwd": "root:x:0:0::/root:/bin/sh\n", "etc/group": "root:x:0:\n"}
    return linux_guest("nginx", ("nginx", "-c", "/extra/nginx.conf"), 80, scratch, files)
