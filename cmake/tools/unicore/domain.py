# SPDX-License-Identifier: BSD-3-Clause
"""domain IMAGE --out FOLDER: what a Xen host needs to start an image: IMAGE.cfg for xl, IMAGE.xml for libvirt.

Type and memory are options of platform.xen; devices are those that the image's components name. What only the
host can know (which bridge, which disk) stands there as an example to be changed.
"""
from __future__ import annotations

import argparse
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Tuple, Union
from xml.sax.saxutils import escape

from unicore.failure import Failure
from unicore.tree import Tree


@dataclass(frozen=True)
class Domain:
    """One image as a domain."""

    name: str
    kernel: str  # the image's file
    kind: str  # pv or pvh; empty on Arm, where there is one kind
    memory: int  # MiB
    devices: Tuple[str, ...]  # net, block
    architecture: str = "x86_64"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("image", metavar="IMAGE")
    parser.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="where the image is, too")


def main(args: argparse.Namespace) -> int:
    tree = Tree(args.tree)
    domain = domain_of(tree, args.image, args.out.absolute() / args.image)
    for suffix, text in ((".cfg", xl(domain)), (".xml", libvirt(domain))):
        temporary = args.out / f"{args.image}{suffix}.new"
        temporary.write_text(text, encoding="utf-8")
        os.replace(temporary, args.out / f"{args.image}{suffix}")
    return 0


def domain_of(tree: Tree, name: str, kernel: Path) -> Domain:
    """What the tree knows of the domain."""
    values = {o["variable"]: o["effective"] for o in tree.data["options"]}
    description = tree.image(name)
    devices = sorted({device for member in description["closure"]
                      for device in tree.components.get(member["name"], {}).get("devices", ())})
    least = [int(text[:-1]) for member in description["closure"]
             for text in [tree.components.get(member["name"], {}).get("least_memory", "")] if text]
    return Domain(name, str(kernel), values.get("UNICORE_PLATFORM_XEN_TYPE", ""),
                  max([int(values["UNICORE_PLATFORM_XEN_MEMORY"]), *least]),
                  tuple(devices), tree.target["architecture"])


def literal(value: Union[str, int]) -> str:
    """A value of xl's language, which has no escapes. Errors: Failure when it cannot be written. [xl.cfg(5), SYNTAX]"""
    if isinstance(value, int):
        return str(value)
    quote = "'" if '"' in value else '"'
    if quote in value or "\n" in value:
        raise Failure(f"{value!r} cannot stand in a domain's configuration: it has both kinds of quotes, or lines")
    return f"{quote}{value}{quote}"


def xl(domain: Domain) -> str:
    """The configuration for `xl create`. [xl.cfg(5)]"""
    lines = [f"# {domain.name} as a Xen domain: xl create {domain.name}.cfg",
             f"name = {literal(domain.name)}"]
    if domain.kind:
        lines.append(f"type = {literal(domain.kind)}  # the image can be both: pv, pvh")
    lines += [f"kernel = {literal(domain.kernel)}", f"memory = {domain.memory}", "vcpus = 1",
              'extra = ""  # setting=value ... -- argument ...']
    if domain.kind == "pvh":
        lines.append("shadow_memory = 1  # MiB, for the hypervisor's tables: its own guess is more than such a domain")
    lines += ['on_poweroff = "destroy"', 'on_reboot = "restart"', 'on_crash = "destroy"  # "preserve" to look at it']
    if "net" in domain.devices:
        lines.append('vif = ["bridge=xenbr0"]  # the host\'s bridge')
    if "block" in domain.devices:
        lines.append(f'disk = ["format=raw, vdev=xvda, access=rw, target=/var/lib/xen/images/{domain.name}.img"]')
    return "".join(line + "\n" for line in lines)


def libvirt(domain: Domain) -> str:
    """The same for `virsh create`. [libvirt, formatdomain and drvxen]"""
    # On Arm libvirt knows the one kind of domain as the one without a firmware, pv.
    machine, system = ("xenpvh", "xenpvh") if domain.kind == "pvh" else ("xenpv", "linux")
    architecture = {"arm": "armv7l"}.get(domain.architecture, domain.architecture)
    devices = ['    <console type="pty"><target type="xen"/></console>']
    if "net" in domain.devices:
        devices.append('    <interface type="bridge"><source bridge="xenbr0"/></interface>')
    if "block" in domain.devices:
        devices.append(f'    <disk type="file" device="disk"><source file="/var/lib/libvirt/images/{domain.name}.img"/>'
                       '<driver name="qemu" type="raw"/><target dev="xvda" bus="xen"/></disk>')
    return "\n".join([
        '<domain type="xen">', f"  <name>{escape(domain.name)}</name>",
        f'  <memory unit="MiB">{domain.memory}</memory>', "  <vcpu>1</vcpu>",
        "  <os>", f'    <type arch="{architecture}" machine="{machine}">{system}</type>',
        f"    <kernel>{escape(domain.kernel)}</kernel>", "    <cmdline></cmdline>", "  </os>",
        "  <on_poweroff>destroy</on_poweroff>", "  <on_reboot>restart</on_reboot>", "  <on_crash>destroy</on_crash>",
        "  <devices>", *devices, "  </devices>", "</domain>", ""])
