# SPDX-License-Identifier: BSD-3-Clause
"""Whether there is such a target at all; without it nothing else that could be said would help."""
from __future__ import annotations

from typing import Iterator

from unicore.resolver.model import Component, Metadata
from unicore.resolver.names import nearest
from unicore.resolver.problems import Problem, problem


def check(metadata: Metadata) -> Iterator[Problem]:
    """A platform or an architecture that no pool has, or two that do not go together."""
    target, unknown = metadata.target, False
    for kind, interface, wanted in (("platform", "platform", target.platform),
                                    ("architecture", "arch", target.architecture)):
        variable = f"UNICORE_{kind.upper()}"
        names = [_name(component) for component in metadata.providers(interface)]
        if interface in metadata.interfaces and wanted not in names:
            unknown, near = True, nearest(wanted, names)
            yield problem(f"unknown {kind}", f"{variable} is '{wanted}', which no pool has.", allowed=", ".join(names),
                          nearest=near, fix=f"-D{variable}={near or '<one of these>'}, or use a preset")
    if unknown:
        return
    for interface in ("platform", "arch"):
        for component in metadata.providers(interface):
            wanted = target.platform if interface == "platform" else target.architecture
            if _name(component) == wanted and not metadata.supported(component):
                yield problem("wrong target", f"{component.name} cannot be had on {target.pair}.",
                              allowed=", ".join(_pairs(component)),
                              fix="use one of these presets, or set UNICORE_PLATFORM and UNICORE_ARCHITECTURE so, with "
                                  "the architecture's toolchain file, in a tree of its own")
                return


def _name(component: Component) -> str:
    """What the target calls it: `kvm` of platform.kvm."""
    return component.name.partition(".")[2]


def _pairs(component: Component) -> list[str]:
    """The targets it is for."""
    return [f"{platform}-{architecture}" for platform in component.platforms or ("<any>",)
            for architecture in component.architectures or ("<any>",)]
