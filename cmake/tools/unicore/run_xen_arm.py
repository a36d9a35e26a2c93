# SPDX-License-Identifier: BSD-3-Clause
"""Xen on Arm under QEMU with an image as the domain that Xen itself makes at boot, from the device tree (dom0less).

Source: Xen docs/misc/arm/device-tree/booting.txt, docs/features/dom0less.pandoc, xen/arch/arm/vpl011.c.
"""
from __future__ import annotations

import atexit
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Sequence

from unicore.failure import Failure

MODULE_AT = 0x5000_0000  # 256 MiB behind the start of RAM, past what QEMU loads itself
OWN_MIB = 320  # Xen, its tables, and the image before the domain has it
_XEN_WORDS = "console=dtuart dtuart=/pl011@9000000 bootscrub=0"
_LINE = re.compile(rb"^\(XEN\) DOM1: (.*)$", re.DOTALL)
_LINE_OF_READER = re.compile(rb"^\(XEN\) (.*\r)$", re.DOTALL)
_INPUT = re.compile(rb"^\(XEN\) \*\*\* Serial input to (\S+) ")


def run(command: Sequence[str]) -> bytes:
    """What a program prints. Errors: Failure."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    if done.returncode:
        raise Failure(f"{command[0]}: {done.stderr.decode('utf-8', 'replace').strip()}")
    return done.stdout


def text_bytes(text: str) -> str:
    """A string as a property's value in dts, whatever characters it has."""
    return "[" + " ".join(f"{byte:02x}" for byte in text.encode() + b"\0") + "]"


def domain_nodes(words: str, size: int, kib: int) -> str:
    """What /chosen must hold, in dts: Xen's command line, and a domain of `kib` KiB with an emulated UART that
    boots the `size` bytes at MODULE_AT with the command line `words`."""
    return f"""
/ {{ chosen {{
    #address-cells = <2>;
    #size-cells = <2>;
    xen,xen-bootargs = {text_bytes(_XEN_WORDS)};
    domU1 {{
        compatible = "xen,domain";
        #address-cells = <2>;
        #size-cells = <2>;
        cpus = <1>;
        memory = <{kib >> 32:#x} {kib & 0xffff_ffff:#x}>;
        vpl011;
        module@{MODULE_AT:x} {{
            compatible = "multiboot,kernel", "multiboot,module";
            reg = <0 {MODULE_AT:#x} 0 {size:#x}>;
            bootargs = {text_bytes(words)};
        }};
    }};
}}; }};
"""


def device_tree(qemu: Sequence[str], machine: str, nodes: str, folder: Path) -> Path:
    """The machine's device tree and `nodes`, in dts, as a file in `folder`. `qemu`: the emulator and its words for
    the CPU. Errors: Failure."""
    dtc = shutil.which("dtc")
    if dtc is None:
        raise Failure("dtc is not installed (./bootstrap installs what is needed)")
    own, text, blob = folder / "machine.dtb", folder / "xen.dts", folder / "xen.dtb"
    run([*qemu, "-machine", f"{machine},dumpdtb={str(own).replace(',', ',,')}", "-display", "none"])
    text.write_bytes(run([dtc, "-q", "-I", "dtb", "-O", "dts", str(own)]) + nodes.encode())
    run([dtc, "-q", "-I", "dts", "-O", "dtb", "-o", str(blob), str(text)])
    return blob


def private_folder(keep: bool) -> Path:
    """A folder that is removed at our end unless it is to `keep`."""
    folder = Path(tempfile.mkdtemp(prefix="unicore-"))
    if not keep:
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


class DomainLines:
    """Takes the domain's own console out of Xen's, where each line of it stands behind `(XEN) DOM1: `.

    Xen shows a line when it ends or is too long for its buffer; then it goes on in the next one. A line that
    has ended has the domain's own carriage return before that of the serial line. A domain that has the serial line's
    input speaks like Xen itself, and only that carriage return tells.
    """

    def __init__(self) -> None:
        self._partial = b""
        self._reads = False  # the domain has the input

    def _match(self, line: bytes) -> "re.Match[bytes] | None":
        found = _INPUT.match(line)
        if found:
            self._reads = found[1] == b"DOM1"
        return _LINE.match(line) or (_LINE_OF_READER.match(line) if self._reads else None)

    def __call__(self, data: bytes) -> bytes:
        """The next bytes of Xen's console; returns the domain's among them."""
        *lines, self._partial = (self._partial + data).split(b"\r\n")
        found = (self._match(line) for line in lines)
        return b"".join(match[1] + b"\n" if match[1].endswith(b"\r") else match[1] for match in found if match)
