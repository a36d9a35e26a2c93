# SPDX-License-Identifier: BSD-3-Clause
"""Xen under QEMU with an image as a domain of its own, without a toolstack."""
from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Callable, List, Optional, Tuple

from unicore.lab_cache import hypervisor
from unicore.lab_machine import CPU
from unicore.run_machine import BoardMachine, Machine, Options, RunError, command_line
from unicore.run_xen_arm import MODULE_AT, OWN_MIB, DomainLines, device_tree, domain_nodes, private_folder


@dataclass
class XenMachine(Machine):
    """Xen under QEMU with the image as its initial domain, a PV or a PVH one: no toolstack, so no xenstore.

    The machines are the domain's types. Xen goes on when the domain stops. It is never run under KVM: PVH would need
    nested virtualisation. Source: xen-command-line(7); qemu(1), -initrd (multiboot modules).
    """

    cpu: str = CPU
    accelerators: Tuple[str, ...] = ("tcg",)
    stops_by_itself = False

    def guest(self, options: Options, machine: str) -> List[str]:
        if options.accel != "tcg":
            raise RunError("Xen runs under --accel tcg here: PVH domains would need nested virtualisation")
        memory = options.memory or self.memory
        module = f"{options.image.name} {command_line(options)}".strip().replace(",", ",,")
        words = ["console=com1", "loglvl=none", "guest_loglvl=none", f"dom0_mem={memory},max:{memory}",
                 "dom0_max_vcpus=1"] + (["dom0=pvh", "dom0-iommu=none"] if machine == "pvh" else [])
        self.folder = options.image.parent  # QEMU would take a path with a blank apart
        return ["-machine", "pc", "-m", with_xen(memory), "-kernel", str(hypervisor()), "-initrd", module,
                "-append", " ".join(words)]


@dataclass
class XenArmMachine(BoardMachine):
    """Xen on Arm under QEMU with the image as a domain that Xen itself makes: no toolstack, so no xenstore.

    The domain has the version of interrupt controller that the machine has. Xen goes on when the domain stops.
    """

    cpu: str = "cortex-a57"
    accelerators: Tuple[str, ...] = ("tcg",)
    stops_by_itself = False

    def guest(self, options: Options, machine: str) -> List[str]:
        if options.accel != "tcg":
            raise RunError("Xen runs under --accel tcg here: it would need nested virtualisation")
        kib = kib_of(options.memory or self.memory)
        qemu = [self.program(), "-cpu", options.cpu or self.cpu]
        image = options.image.resolve()
        nodes = domain_nodes(command_line(options), image.stat().st_size, kib)
        tree = device_tree(qemu, self.boards[machine][0], nodes, private_folder(options.keep))
        return ["-kernel", str(hypervisor("hypervisor-arm64")), "-dtb", str(tree), "-machine", machine,
                "-m", f"{kib // 1024 + kib // 1024 // 64 + OWN_MIB}M", "-device",
                f"loader,file={str(image).replace(',', ',,')},addr={MODULE_AT:#x},force-raw=on"]

    def keys(self, text: bytes) -> bytes:
        """Ctrl-A, three times, has Xen give what follows to the domain. [xen-command-line(7), conswitch]"""
        return b"\x01\x01\x01" + super().keys(text)

    def console_filter(self) -> Optional[Callable[[bytes], bytes]]:
        return DomainLines()


def kib_of(memory: str) -> int:
    """KiB, of what stands for them. Errors: RunError."""
    found = re.fullmatch(r"(\d+)([KMG])", memory)
    if not found:
        raise RunError(f"memory {memory}: expected a number with K, M or G behind it")
    return int(found[1]) * {"K": 1, "M": 1024, "G": 1024 * 1024}[found[2]]


def with_xen(memory: str) -> str:
    """The machine's RAM, for a domain of `memory` (as Xen takes it) and Xen itself. Errors: RunError."""
    kib = kib_of(memory)
    own = 128 * 1024 + kib // 64  # Xen's image and heap, and its table of frames
    return f"{(kib + own + 1023) // 1024}M"
