# SPDX-License-Identifier: BSD-3-Clause
"""Where the server runs: an image as a Linux process, one under QEMU, both over a TAP interface, or the Linux program."""
import contextlib
import fcntl
import importlib.util
import os
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[2] / "test" / "net"), str(HERE.parents[2] / "cmake" / "tools")]

from wires import interface, network_of_our_own, set_address, set_up  # noqa: E402  (the paths come first)
from unicore.run_targets import RUNNERS  # noqa: E402

LIMIT = 30
SIOCSIFADDR, SIOCGIFINDEX = 0x8916, 0x8933
READY = "http-server: port "
OWN, THEIRS = "10.99.0.1", "10.99.0.2"


def load(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def addressed(name, six):
    """Gives an interface of the host its addresses. [netdevice(7)]"""
    set_address(name, OWN, "255.255.255.0")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        index = struct.unpack("16xi", fcntl.ioctl(control, SIOCGIFINDEX, struct.pack("16s24x", name.encode()))[:20])[0]
    Path(f"/proc/sys/net/ipv6/conf/{name}/accept_dad").write_text("0", encoding="ascii")
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as control:
        fcntl.ioctl(control, SIOCSIFADDR, struct.pack("16sIi", socket.inet_pton(socket.AF_INET6, six), 64, index))


class Server:
    """One that runs: where it is, and its end."""

    def __init__(self, command, where, environment=None, ready=READY):
        self.where = where  # address and port
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                        env={**os.environ, **(environment or {})}, start_new_session=True)
        self.watchdog = threading.Timer(8 * LIMIT, self.kill)
        self.watchdog.daemon = True
        self.watchdog.start()
        self.lines = []
        while not self.lines or not self.lines[-1].startswith(ready):
            line = self.process.stdout.readline().decode(errors="replace")
            self.lines.append(line.rstrip())
            if not line:
                self.kill()
                raise AssertionError(f"the server does not start: {self.lines}")

    def kill(self):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)

    def stop(self):
        """Asks it to stop: (exit status, what it says last)."""
        self.process.send_signal(signal.SIGTERM)
        out = self.process.communicate(timeout=LIMIT)[0].decode(errors="replace")
        return self.process.returncode, out

    def close(self):
        self.watchdog.cancel()
        self.kill()
        self.process.communicate()


class Network:
    """A network of the test's own, with a TAP interface whose other end is an image."""

    leaks_show = True
    six = "fd99::2"

    def __init__(self):
        network_of_our_own()
        set_up("lo")
        self.stack = contextlib.ExitStack()
        self.name = self.stack.enter_context(interface("http"))
        addressed(self.name, "fd99::1")
        self.address = f"net.address={THEIRS}/24,{self.six}/64"

    def close(self):
        self.stack.close()


class Tap(Network):
    """An image as a Linux process."""

    def __init__(self, images, architecture):
        super().__init__()
        self.images = Path(images).resolve()
        self.prefix = RUNNERS["linux", architecture].prefix()

    def start(self, *arguments, image="http-server-test", port=80, ready=READY, memory=None):
        """`memory` is in MiB."""
        settings = f"net.tap={self.name} {self.address}" + (f" memory={memory}" if memory else "")
        return Server([*self.prefix, self.images / image, *arguments], (THEIRS, port), {"UNICORE": settings}, ready)


class Passt(Tap):
    """The same, without an interface: it speaks to passt, which is at a port of the loop for it."""

    def __init__(self, images, architecture):
        super().__init__(images, architecture)
        self.passt = contextlib.ExitStack()

    def start(self, *arguments, image="http-server-test", port=80, ready=READY, memory=None):
        self.passt.close()
        folder = Path(self.passt.enter_context(tempfile.TemporaryDirectory()))
        folder.chmod(0o777)  # root's passt is nobody
        place = folder / "socket"
        process = subprocess.Popen(["passt", "--foreground", "--quiet", "--socket", place, "--interface", self.name, "--ipv4-only",
                                    "--address", THEIRS, "--netmask", "24", "--gateway", OWN, "--tcp-ports", f"8080:{port}"],
                                   stderr=subprocess.PIPE)
        self.passt.callback(process.communicate)
        self.passt.callback(process.kill)
        deadline = time.monotonic() + LIMIT
        while not place.is_socket():
            if process.poll() is not None or time.monotonic() > deadline:
                process.kill()
                raise AssertionError(f"passt does not start: {process.stderr.read().decode(errors='replace')}")
            time.sleep(0.01)
        settings = f"net.tap=unix:{place} {self.address}" + (f" memory={memory}" if memory else "")
        return Server([*self.prefix, self.images / image, *arguments], ("127.0.0.1", 8080), {"UNICORE": settings}, ready)

    def close(self):
        self.passt.close()
        super().close()


class Program:
    """The same source as a Linux program, at the loop of a network of its own."""

    leaks_show = False
    six = "::1"

    def __init__(self):
        network_of_our_own()
        set_up("lo")
        self.folder = tempfile.TemporaryDirectory()
        load(HERE / "make_large.py").make(self.folder.name)
        self.program = self.folder.name + "/http-server"
        load(HERE.parent / "linux" / "build.py").build(self.program, ("clang++-19", "-stdlib=libc++"), [HERE.parent / "site", self.folder.name])

    def start(self, *arguments):
        return Server([self.program, "port=8080", *arguments], ("127.0.0.1", 8080))

    def close(self):
        self.folder.cleanup()


class Machine(Network):
    """An image under QEMU, over the TAP interface, or at a port that QEMU forwards."""

    machines = {
        "x86_64": {"pci": ("q35", "virtio-net-pci"), "mmio": ("microvm,acpi=off", "virtio-net-device"),
                   "e1000e": ("bios", "e1000e,romfile="), "e1000": ("bios", "e1000,romfile=")},
        "aarch64": {"pci": ("virt", "virtio-net-pci"), "mmio": ("virt", "virtio-net-device")},
        "arm": {"pci": ("virt,highmem=off", "virtio-net-pci"), "mmio": ("virt", "virtio-net-device")},
    }

    def __init__(self, tree, architecture, transport):
        super().__init__()
        self.tree = Path(tree)
        self.machine, self.model = self.machines[architecture][transport]
        # It is tested with them: over the TAP interface as they are, and through QEMU's network in fragments.
        self.settings = ("--setting", "net.e1000.segments=on") if transport == "e1000e" else ()

    def start(self, *arguments, image="http-server-test", port=80, ready=READY, memory=128, forwarded=False):
        if forwarded:
            where = ("127.0.0.1", 8080)
            network, address = f"user,id=net,restrict=on,hostfwd=tcp:127.0.0.1:8080-:{port}", "net.address=10.0.2.15/24"
        else:
            where = (THEIRS, port)
            network, address = f"tap,id=net,ifname={self.name},script=no,downscript=no", self.address
        options = ("-netdev", network, "-device", f"{self.model},netdev=net")
        return Server([self.tree / "unicore.sh", "run", image, "--machine", self.machine, "--timeout", str(7 * LIMIT),
                       "--memory", f"{memory}M",
                       *("--qemu-arg=" + option for option in options), "--setting", address, *self.settings, "--", *arguments],
                      where, ready=ready)
