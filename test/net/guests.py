# SPDX-License-Identifier: BSD-3-Clause
"""Images with a network device of virtio in QEMU."""
import contextlib
import os
import queue
import signal
import subprocess
import threading
from pathlib import Path

from wires import LIMIT

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


class Image:
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
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
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
        self.process.stdout.close()

    def until(self, end):
        """The lines up to this one, or to the end of output for None."""
        while True:
            line = self.queue.get(timeout=2 * LIMIT)
            if line is not None:
                self.lines.append(line)
            if line == end:
                return self.lines
            if line is None:
                raise AssertionError(f"{end!r} did not come: {self.lines}")

    def wait(self):
        """Its exit status, and all that it printed."""
        text = "\n".join(self.until(None))
        return self.process.wait(timeout=LIMIT), text
