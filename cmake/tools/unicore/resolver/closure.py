# SPDX-License-Identifier: BSD-3-Clause
"""The closure of one image: what it holds, why, and what each interface is bound to.

From the components that the image names and the interfaces `arch` and `platform`, requires and
uses are followed to the end, and invitations. A many-of interface brings every provider that works
here and is left on; a one-of interface brings the strongest choice. A provider of a one-of interface that is in the
image by name binds the interface, since its symbols are linked: a weaker choice gives way, and the
closure is computed anew with that interface bound last, so that nothing stays for a choice that
did not hold.
"""
from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field, replace
from typing import Iterator

from unicore.resolver.chains import ARROW, call
from unicore.resolver.choices import Choice, fault, ranked
from unicore.resolver.model import FIXED, Component, Image, Interface, Metadata
from unicore.resolver.problems import Problem, problem


@dataclass(frozen=True)
class Member:
    """One part of the image and how it was first reached.

    `edge` is named (by the image), always (arch, platform), requires, uses, invites, or provider.
    """

    name: str
    parent: str  # "" for what the image itself names
    edge: str
    reason: str


@dataclass(frozen=True)
class Binding:
    """What an interface of the image is bound to."""

    interface: str
    providers: tuple[str, ...]
    source: str  # as Choice.source, or `direct`, or `all` for many-of
    reason: str
    overrides: tuple[str, ...] = ()  # weaker choices that named somebody else


@dataclass
class Closure:
    """The result for one image."""

    image: Image
    members: dict[str, Member] = field(default_factory=dict)
    bindings: dict[str, Binding] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def chain(self, name: str) -> tuple[str, ...]:
        """From the image's own wish down to `name`."""
        links = []
        while name:
            links.append(name)
            name = self.members[name].parent
        return tuple(reversed(links))

    def told(self, name: str) -> str:
        """The chain in words: `image hello -> console -> console.sink`."""
        return ARROW.join((f"image {self.image.name}", *self.chain(name)))


class _Pass:
    """One computation; `last` are the interfaces to bind only when nothing else is left."""

    def __init__(self, metadata: Metadata, image: Image, last: frozenset[str]) -> None:
        self.metadata, self.last = metadata, last
        self.closure = Closure(image)
        self.queue: deque[Member] = deque()
        self.pending: list[str] = []
        self.present: dict[str, list[str]] = {}  # one-of interface: its providers in the image
        self.chosen: dict[str, Choice] = {}

    def run(self) -> Closure:
        """Follows everything. Unknown names are left out: the pool checks report them."""
        for name in FIXED:
            self.queue.append(Member(name, "", "always", "every image stands on it"))
        for name in self.closure.image.components:
            self.queue.append(Member(name, "", "named", f"image {self.closure.image.name} names it"))
        while self.queue or self.pending:
            if self.queue:
                self._reach(self.queue.popleft())
            else:
                self._bind(self._next())
        self._add_requested()
        return self.closure

    def displaced(self) -> set[str]:
        """Interfaces whose choice must give way to a provider that is in the image by name."""
        return {name for name, there in self.present.items()
                if len(there) > 1 and name in self.chosen and not self.chosen[name].firm}

    def _reach(self, member: Member) -> None:
        part = self.metadata.part(member.name)
        if part is None or member.name in self.closure.members:
            return
        self.closure.members[member.name] = member
        for verb, name in part.dependencies:
            self.queue.append(Member(name, member.name, verb, f"{member.name} {verb} it"))
        if isinstance(part, Interface):
            if part.one_of:
                self.pending.append(part.name)
            else:
                self._collect(part)
        elif isinstance(part, Component):
            for name in part.provides:
                if name in self.metadata.interfaces and self.metadata.interfaces[name].one_of:
                    self.present.setdefault(name, []).append(part.name)
            for name in part.invites:
                self.queue.append(Member(name, member.name, "invites", f"{member.name} invites its providers"))

    def _collect(self, interface: Interface) -> None:
        names = tuple(c.name for c in self.metadata.providers(interface.name)
                      if self.metadata.supported(c) and self.metadata.is_enabled(c.name) and not c.on_request)
        reason = f"every provider of {interface.name} that works here"
        self.closure.bindings[interface.name] = Binding(interface.name, names, "all", reason)
        for name in names:
            self.queue.append(Member(name, interface.name, "provider", reason))

    def _add_requested(self) -> None:
        """Providers that come only with who names them are among those of their many-of interfaces as well."""
        parts = (self.metadata.components.get(name) for name in self.closure.members)
        for component in [part for part in parts if part is not None and part.on_request]:
            for name in component.provides:
                binding = self.closure.bindings.get(name)
                if binding is not None and binding.source == "all":
                    self.closure.bindings[name] = replace(binding, providers=(*binding.providers, component.name))

    def _next(self) -> str:
        """The interface to bind next: one that has its provider already, or the first reached."""
        order = sorted(self.pending, key=lambda name: (name not in self.present, name in self.last))
        self.pending.remove(order[0])
        return order[0]

    def _bind(self, interface: str) -> None:
        choices = ranked(self.metadata, self.closure.image, interface)
        there = self.present.get(interface, [])
        firm = next((c for c in choices if c.firm), None)
        if there and not firm:
            self._bound(interface, Choice(there[0], "direct", f"{there[0]} is in the image anyway"), choices)
            return
        # A strong choice that cannot be is an error already; a weaker one must not hide it.
        choice = choices[0] if choices else None
        if choice is None or fault(self.metadata, interface, choice):
            return
        self._bound(interface, choice, choices)
        self.chosen[interface] = choice
        self.queue.append(Member(choice.provider, interface, "provider", choice.reason))

    def _bound(self, interface: str, choice: Choice, choices: list[Choice]) -> None:
        weaker = tuple(c.reason for c in choices
                       if c.source in ("cache", "preset", "default") and c.provider != choice.provider)
        self.closure.bindings[interface] = Binding(interface, (choice.provider,), choice.source,
                                                   choice.reason, weaker)


def close(metadata: Metadata, image: Image) -> Closure:
    """The closure of `image`; its problems are those of binding one-of interfaces twice."""
    last: frozenset[str] = frozenset()
    while True:
        current = _Pass(metadata, image, last)
        closure = current.run()
        displaced = current.displaced() - last
        if not displaced:
            closure.problems += _clashes(current)
            return closure
        last |= displaced


def _clashes(done: _Pass) -> Iterator[Problem]:
    for interface, there in done.present.items():
        if len(there) > 1:
            closure = done.closure
            ways = [f"{name}: {_way(done, interface, name)}" for name in there]
            fixes = [fix for name in there if (fix := _let_go(done, interface, name))]
            yield problem("two providers", f"image {closure.image.name} holds {' and '.join(there)}, "
                          f"which both provide {interface}; it takes one.", image=closure.image.name,
                          subject=(interface, *sorted(there)), chains=ways,
                          fix=" or ".join(fixes) or
                          f"let all but one go; components depend on {interface}, not on a provider")


def _let_go(done: _Pass, interface: str, name: str) -> str:
    """How this one would leave the image, or ""."""
    member, image = done.closure.members[name], done.closure.image
    if member.edge == "named":
        return f"remove {name} from COMPONENTS of unicore_image({image.name} ...)"
    part = done.metadata.part(member.parent)
    if member.edge in ("requires", "uses") and part is not None and interface not in getattr(part, "provides", ()):
        return f"{member.edge.upper()} {interface} instead of {name} in {call(part)}"
    return ""


def _way(done: _Pass, interface: str, name: str) -> str:
    member = done.closure.members[name]
    text = done.closure.told(name)
    return f"{text} ({member.reason})" if member.parent == interface else text
