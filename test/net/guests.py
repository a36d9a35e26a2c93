# SPDX-License-Identifier: BSD-3-Clause
"""Images with a network device in QEMU: one of virtio, if nobody says which."""
import contextlib
import json
import os
import queue
import signal
import socket
import subprocess
import tempfile
import threading
from pathlib import Path

from wires import LIMIT, Peer, frame, payloads

STOP = frame(bytes(46))[:12] + b"\x88\xb6" + bytes(46)  # ends test/net/echo.cpp
TREE = Path()
ARCHITECTURE = ""
MACHINES = {  # name: machine, and its device
    "x86_64": {"pc": ("pc", "virtio-net-pci"), "q35": ("q35", "virtio-net-pci,disable-legacy=on"),
               "microvm": ("microvm,acpi=off", "virtio-net-device")},
    "aarch64": {"pci": ("virt", "virtio-net-pci"), "gicv3": ("virt,gic-version=3", "virtio-net-pci"),
                "mmio": ("virt", "virtio-net-device")},
    "arm": {"pci": ("virt,highmem=off", "virtio-net-pci"), "mmio": ("virt", "virtio-net-device")},
}


def machines():
    """Those of the architecture."""
    return MACHINES[ARCHITECTURE]


def use(arguments):
    """Takes the first two of the command line off: the build tree, and its architecture."""
    global TREE, ARCHITECTURE
    TREE, ARCHITECTURE = Path(arguments.pop(1)).resolve(), arguments.pop(1)


class Lines:
    """A program, and what it prints, line by line; it is ended with its group."""

    def __init__(self, command, **more):
        self.process = subprocess.Popen(command, **{"stdin": subprocess.DEVNULL, **more}, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT, text=True, start_new_session=True)
        self.lines = []
        self.queue = queue.Queue()
        self.reader = threading.Thread(target=self.read)
        self.reader.start()

    def read(self):
        for line in self.process.stdout:
            self.queue.put(line.rstrip())
        self.queue.put(None)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.reader.join()
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                stream.close()

    def next(self):
        """The next line; None at the end of output."""
        line = self.queue.get(timeout=2 * LIMIT)
        if line is not None:
            self.lines.append(line)
        return line

    def find(self, part):
        """The next line that has this in it."""
        while (line := self.next()) is not None:
            if part in line:
                return line
        raise AssertionError(f"{part!r} did not come: {self.lines}")

    def until(self, end):
        """The lines up to this one, or to the end of output for None."""
        while (line := self.next()) != end:
            if line is None:
                raise AssertionError(f"{end!r} did not come: {self.lines}")
        return self.lines

    def wait(self):
        """Its exit status, and all that it printed."""
        text = "\n".join(self.until(None))
        return self.process.wait(timeout=LIMIT), text


class Image(Lines):
    """An image in QEMU, whose device is connected by `netdev`; `words` are its arguments."""

    def __init__(self, machine, netdev, image="net-echo", device="", options=(), settings=(), words=()):
        kind, model = machines()[machine]
        command = [TREE / "unicore.sh", "run", image, "--machine", kind, "--timeout", str(2 * LIMIT)]
        for setting in settings:
            command += ["--setting", setting]
        for argument in ("-netdev", netdev + ",id=net", "-device", f"{model},netdev=net,mac=02:00:00:00:00:02{device}",
                         *options):
            command.append("--qemu-arg=" + argument)
        if words:
            command += ["--", *words]
        super().__init__(command)


class Monitor:
    """QEMU's. [QEMU Machine Protocol]"""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory()
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.listener.bind(self.folder.name + "/monitor")
        self.listener.listen(1)
        self.listener.settimeout(LIMIT)
        self.stream = None
        self.options = ("-qmp", f"unix:{self.folder.name}/monitor,server=off")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.stream:
            self.stream.close()
        self.listener.close()
        self.folder.cleanup()

    def do(self, command, **arguments):
        if not self.stream:
            connection = self.listener.accept()[0]
            connection.settimeout(LIMIT)
            self.stream = connection.makefile("rw", encoding="ascii")
            connection.close()  # the stream has it
            json.loads(self.stream.readline())  # a greeting
            self.do("qmp_capabilities")
        self.stream.write(json.dumps({"execute": command, "arguments": arguments}) + "\n")
        self.stream.flush()
        while "return" not in (answer := json.loads(self.stream.readline())):
            if "error" in answer:
                raise OSError(answer["error"]["desc"])


@contextlib.contextmanager
def at_socket(machine, **options):
    with Peer() as peer, Image(machine, f"stream,addr.type=unix,addr.path={peer.path},server=off", **options) as image:
        peer.accept()
        yield peer, image


def take_all(peer):
    """And sends something now and then."""
    with contextlib.suppress(EOFError, ConnectionError):
        for payload in payloads(10000):
            peer.receive()
            if payload[0] < 80:
                peer.send(frame(payload))
