# SPDX-License-Identifier: BSD-3-Clause
"""The boot order: each step after the steps of everything that its component depends on.

Depending on an interface means waiting for all its providers, except for its own providers, which
want its headers only. Two kinds of dependencies carry no order:
- of what `arch` and `platform` are made of on these two: the entry code has brought both up far
  enough for that before boot.cpp runs;
- of a component on itself by way of parts that have no step.
Of steps that do not wait for each other, those of invited providers come first, with what they wait for: who uses
`power` finds the toolstack's requests listened to.
Two steps that wait for each other, or components that depend on each other without an interface
between them, are an error.
"""
from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import Callable, Iterable, Iterator

from unicore.resolver.chains import ARROW, story
from unicore.resolver.closure import Closure
from unicore.resolver.model import FIXED, Component, Interface, Metadata
from unicore.resolver.problems import Problem, problem

Edges = Callable[[str], Iterable[str]]


@dataclass(frozen=True)
class Step:
    """One step, and for each step that it waits for the path that makes it wait."""

    component: str
    after: tuple[tuple[str, tuple[str, ...]], ...]


class BootGraph:
    """The dependencies of a closure that order its boot."""

    def __init__(self, metadata: Metadata, closure: Closure) -> None:
        self._metadata, self._closure = metadata, closure
        self._edges: dict[str, list[str]] = {}
        self._early = {name: frozenset(FIXED) for name in self._foundation("arch")}
        for name in self._foundation("platform"):
            self._early.setdefault(name, frozenset(("platform",)))

    def _providers(self, interface: str) -> tuple[str, ...]:
        binding = self._closure.bindings.get(interface)
        return binding.providers if binding else ()

    def _foundation(self, interface: str) -> set[str]:
        """What the provider of `interface` is made of, itself included."""
        found: set[str] = set()
        waiting = list(self._providers(interface))
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting += [n for n in self._all(name) if n not in FIXED]
        return found

    def _all(self, name: str) -> list[str]:
        part = self._metadata.part(name)
        names = [n for _, n in part.dependencies] if part else []
        if isinstance(part, Interface):
            names += self._providers(name)
        elif isinstance(part, Component):
            # A provider wants its interface's headers, thus only what these need.
            names = [n for n in names if n not in part.provides]
            for interface in (self._metadata.interfaces.get(own) for own in part.provides):
                names += [n for _, n in interface.dependencies] if interface else []
        return sorted({n for n in names if n in self._closure.members})

    def edges(self, name: str) -> list[str]:
        """What must be ready before `name`."""
        if name not in self._edges:
            early = self._early.get(name, frozenset())
            self._edges[name] = [n for n in self._all(name) if n not in early]
        return self._edges[name]

    def early(self) -> dict[str, list[str]]:
        """The dependencies that carry no order, because the entry code has seen to them."""
        return {name: found for name in sorted(self._early)
                if (found := [n for n in self._all(name) if n in self._early[name]])}

    def invited(self) -> set[str]:
        """The providers that somebody invited, and all below them."""
        waiting = [provider for name in self._closure.members
                   if isinstance(part := self._metadata.part(name), Component)
                   for interface in part.invites for provider in self._providers(interface)]
        found: set[str] = set()
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting += self.edges(name)
        return found

    def is_step(self, name: str) -> bool:
        part = self._metadata.part(name)
        return isinstance(part, Component) and bool(part.init)


def path(start: str, goals: set[str], edges: Edges, through: Callable[[str], bool]) -> tuple[str, ...]:
    """A shortest path of at least one edge from `start` into `goals`, or ()."""
    before: dict[str, str] = {}
    level = [start]
    while level:
        following = []
        for name in level:
            for other in edges(name):
                if other in goals:
                    links = [other, name]
                    while links[-1] != start:
                        links.append(before[links[-1]])
                    return tuple(reversed(links))
                if other not in before and other != start and through(other):
                    before[other] = name
                    following.append(other)
        level = following
    return ()


def steps(graph: BootGraph, closure: Closure) -> tuple[list[Step], list[tuple[str, ...]]]:
    """The steps in order (of equals, invited ones first, then by name), and the cycles that make an order impossible."""
    names = sorted(name for name in closure.members if graph.is_step(name))
    waits = {name: _waits(name, graph) for name in names}
    missing = {name: len(after) for name, after in waits.items()}
    invited = graph.invited()
    ready = [(name not in invited, name) for name in names if not missing[name]]
    order: list[Step] = []
    while ready:
        name = heapq.heappop(ready)[1]
        order.append(Step(name, tuple(sorted(waits[name].items()))))
        for other in names:
            if name in waits[other]:
                missing[other] -= 1
                if not missing[other]:
                    heapq.heappush(ready, (other not in invited, other))
    done = {step.component for step in order}
    stuck = {name: [n for n in waits[name] if n not in done] for name in names if name not in done}
    return order, list(_step_cycles(stuck, waits))


def _waits(start: str, graph: BootGraph) -> dict[str, tuple[str, ...]]:
    """The nearest steps below `start`, each with the path there; stepless parts are looked through."""
    found: dict[str, tuple[str, ...]] = {}
    seen, level = {start}, [(start,)]
    while level:
        following = []
        for links in level:
            for other in graph.edges(links[-1]):
                if other in seen:
                    continue
                seen.add(other)
                if graph.is_step(other):
                    found[other] = (*links, other)
                else:
                    following.append((*links, other))
        level = following
    return found


def _step_cycles(stuck: dict[str, list[str]],
                 waits: dict[str, dict[str, tuple[str, ...]]]) -> Iterator[tuple[str, ...]]:
    """Rings of steps that wait for each other, with the stepless parts between them."""
    reported: set[str] = set()
    for name in stuck:
        ring = path(name, {name}, lambda n: stuck.get(n, ()), lambda _: True)
        if ring and not reported & set(ring):
            reported |= set(ring)
            links = [name]
            for one, other in zip(ring, ring[1:]):
                links += waits[one][other][1:]
            yield tuple(links)


def _component_cycles(metadata: Metadata, graph: BootGraph, closure: Closure) -> Iterator[tuple[str, ...]]:
    """Cycles without any interface in them."""
    def edges(name: str) -> list[str]:
        return [n for n in graph.edges(name) if n in metadata.components]

    left = {n: edges(n) for n in closure.members if n in metadata.components}
    while ready := [name for name, below in left.items() if not any(n in left for n in below)]:
        for name in ready:
            del left[name]
    reported: set[str] = set()
    for name in sorted(left):  # what is in a cycle or above one
        ring = path(name, {name}, edges, lambda _: True) if name not in reported else ()
        if ring:
            reported |= set(ring)
            yield ring


def boot_order(metadata: Metadata, closure: Closure, graph: BootGraph) -> tuple[list[Step], list[Problem]]:
    """The steps of the image, or why there is no order."""
    order, cycles = steps(graph, closure)
    rings = list(_component_cycles(metadata, graph, closure))
    told = {frozenset(ring) for ring in rings}
    rings += [ring for ring in cycles if frozenset(ring) not in told]
    return order, [_cycle(metadata, closure, ring) for ring in rings]


def _cycle(metadata: Metadata, closure: Closure, ring: tuple[str, ...]) -> Problem:
    first = ring.index(min(ring))
    ring = (*ring[first:-1], *ring[:first], ring[first])
    parts = sorted(set(ring))
    what = (f"{', '.join(parts[:-1])} and {parts[-1]} depend on each other, so that none can start first."
            if len(parts) > 1 else f"{parts[0]} depends on itself.")
    told = story(metadata, ring)
    if ring[0] in metadata.interfaces:  # the story begins with what it does
        told = f"{ring[0]} is {told}"
    return problem("dependency cycle", what, image=closure.image.name, subject=parts,
                   cycle=ARROW.join(ring), because=told, needed_by=closure.told(ring[0]),
                   fix="take one of these dependencies away: move what both need into a third component, or "
                       "put an interface between them")
