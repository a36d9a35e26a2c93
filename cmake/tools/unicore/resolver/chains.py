# SPDX-License-Identifier: BSD-3-Clause
"""How reasons, chains and alternatives are worded, for errors and reports alike."""
from __future__ import annotations

from typing import Iterable

from unicore.resolver.model import Component, Interface, Metadata, Part
from unicore.resolver.names import enable_variable, provider_variable

ARROW = " -> "


def where(component: Component) -> str:
    """The targets it works on: `linux`, `x86_64`, `kvm or xen on x86_64`, `every target`."""
    parts = (" or ".join(component.platforms), " or ".join(component.architectures))
    return " on ".join(part for part in parts if part) or "every target"


def here(metadata: Metadata, interface: str) -> list[Component]:
    """The providers that work on this target, by name."""
    return [c for c in metadata.providers(interface) if metadata.supported(c)]


def elsewhere(metadata: Metadata, interface: str) -> list[str]:
    """The providers that do not work on this target, each with the targets it is for."""
    return [f"{c.name} ({where(c)})" for c in metadata.providers(interface)
            if not metadata.supported(c)]


def summaries(components: Iterable[Component]) -> list[str]:
    """`memory.tlsf (two-level segregated fit)`, one each."""
    return [f"{c.name} ({c.summary})" if c.summary else c.name for c in components]


def listed(lines: list[str], nothing: str) -> list[str]:
    """The lines, or the word for none."""
    return lines or [nothing]


def choose(interface: str, provider: str) -> str:
    """What to write to choose a provider for the whole tree."""
    return f"-D{provider_variable(interface)}={provider}"


def forget(variable: str) -> str:
    """What to write to remove a variable from the cache."""
    return f"-U{variable}"


def switch(component: str, on: bool) -> str:
    """What to write to take a provider of a many-of interface in or leave it out."""
    return f"-D{enable_variable(component)}={'ON' if on else 'OFF'}"


def story(metadata: Metadata, links: Iterable[str]) -> str:
    """A path of dependencies in words: `memory.tlsf uses memory.pages, provided by memory.buddy`."""
    names, told = list(links), []
    for one, other in zip(names, names[1:]):
        part, provider = metadata.part(one), metadata.components.get(other)
        if provider is not None and one in provider.provides:
            told.append(f"provided by {other}")
        elif part is not None and other in part.requires:
            told.append(f"{one} requires {other}")
        elif part is not None and other in part.uses:
            told.append(f"{one} uses {other}")
        else:  # a provider stands for its interface's own needs
            told.append(f"{one} needs {other}")
    return ", ".join(told)


def call(part: Part) -> str:
    """The CMake call that declares it."""
    kind = ("unicore_interface" if isinstance(part, Interface) else
            "unicore_external" if getattr(part, "external", False) else "unicore_component")
    return f"{kind}({part.name} ...)"
