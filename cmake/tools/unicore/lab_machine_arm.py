# SPDX-License-Identifier: BSD-3-Clause
"""The machine under QEMU in which Xen on Arm and a Linux dom0 run; lab_machine.py has the one for x86.

Source: Xen docs/misc/arm/device-tree/booting.txt.
"""
from __future__ import annotations

from pathlib import Path
from typing import List, Sequence

from unicore.lab_cache import hypervisor
from unicore.lab_machine import LINUX_ARGUMENTS, program
from unicore.run_xen_arm import device_tree, text_bytes

QEMU, CPU, MACHINE = "qemu-system-aarch64", "cortex-a57", "virt,virtualization=on,gic-version=3"
XEN_ARGUMENTS = ("console=dtuart dtuart=/pl011@9000000 loglvl=all guest_loglvl=all console_timestamps=boot bootscrub=0 "
                 "dom0_max_vcpus=1")
KERNEL_AT, INITRAMFS_AT = 0x6000_0000, 0x6800_0000


def module(kind: str, at: int, size: int, words: str = "") -> str:
    """A file in memory that Xen hands to the dom0, in dts."""
    bootargs = f"bootargs = {text_bytes(words)}; " if words else ""
    return (f'module@{at:x} {{ compatible = "multiboot,{kind}", "multiboot,module"; '
            f"reg = <0 {at:#x} 0 {size:#x}>; {bootargs}}};\n")


def nodes(xen: str, kernel: int, initramfs: int, words: str) -> str:
    """What /chosen must hold, in dts: command lines, and where the files of these sizes are."""
    return ("/ { chosen { #address-cells = <2>; #size-cells = <2>;\n"
            f"xen,xen-bootargs = {text_bytes(xen)};\n"
            + module("kernel", KERNEL_AT, kernel, words) + module("ramdisk", INITRAMFS_AT, initramfs) + "}; };\n")


def command(folder: Path, serial: Sequence[str], memory: int, dom0_memory: int, mode: str, extra: Sequence[str] = (),
            xen: str = "") -> List[str]:
    """QEMU's command line, as lab_machine.command has it, for the prepared `folder`. The second serial port is a PCI
    device: Xen has the only one of the machine itself. Errors: Failure."""
    qemu = [program(QEMU), "-cpu", CPU]
    sizes = ((folder / name).stat().st_size for name in ("vmlinuz", "initramfs"))
    tree = device_tree(qemu, MACHINE, nodes(f"{XEN_ARGUMENTS} dom0_mem={dom0_memory}M {xen}".strip(), *sizes,
                                            f"{LINUX_ARGUMENTS} lab.line=ttyS0 lab={mode}"), folder)
    line = [*qemu, "-machine", MACHINE, "-accel", "tcg", "-m", f"{memory}M", "-nographic", "-nodefaults", "-no-reboot",
            "-monitor", "none", "-kernel", str(hypervisor("hypervisor-arm64")), "-dtb", tree.name]
    for name, at in (("vmlinuz", KERNEL_AT), ("initramfs", INITRAMFS_AT)):
        line += ["-device", f"loader,file={name},addr={at:#x},force-raw=on"]
    for number, device in enumerate(serial):
        if number == 0:
            line += ["-serial", device]
        else:
            line += ["-chardev", f"socket,id=line{number},path={device.removeprefix('unix:')}",
                     "-device", f"pci-serial,chardev=line{number}"]
    return line + list(extra)
