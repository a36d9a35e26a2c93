# SPDX-License-Identifier: BSD-3-Clause
"""Draws configurations so that early ones have as many pairs of values as they can: what breaks mostly needs two."""
from __future__ import annotations

import itertools
import math
import random
from dataclasses import dataclass, field
from typing import Any, Dict, FrozenSet, List, Sequence, Set, Tuple

Value = Tuple[str, str]  # a variable and what it is set to
Configuration = Dict[str, str]


@dataclass(frozen=True)
class Space:
    """What can be chosen on a pair: values by variable. For a many-of interface the variable is its name, and a value
    those of its providers that are in, of all that `switches` has."""

    pair: str
    values: Dict[str, Tuple[str, ...]]
    switches: Dict[str, Tuple[str, ...]] = field(default_factory=dict)

    def cache(self, configuration: Configuration) -> Configuration:
        """The configuration as CMake's cache variables."""
        found = {}
        for variable, value in configuration.items():
            if variable not in self.switches:
                found[variable] = value
            for provider in self.switches.get(variable, ()):
                found["UNICORE_WITH_" + provider.replace(".", "_").upper()] = "ON" if provider in value.split() else "OFF"
        return found


def numbers(option: Dict[str, Any], rng: random.Random) -> Tuple[str, ...]:
    """The default, both ends of the range, and one in between, of any magnitude alike."""
    low, high = int(option["minimum"]), int(option["maximum"])
    between = round(math.exp(rng.uniform(math.log(low + 1), math.log(high + 1)))) - 1
    return tuple(dict.fromkeys(map(str, (option["default"], low, high, between))))


def space(pair: str, metadata: Dict[str, Any], closure: Set[str], rng: random.Random) -> Space:
    """All that can be chosen for an image with the components and interfaces `closure`."""
    platform, _, architecture = pair.partition("-")
    here = {component["name"]: component for component in metadata["components"]
            if platform in (component["platforms"] or [platform])
            and architecture in (component["architectures"] or [architecture])}
    needed = {name for component in here.values() if component["name"] in closure
              for name in [*component["requires"], *component["uses"]]}
    switches: Dict[str, Tuple[str, ...]] = {}
    values: Dict[str, Tuple[str, ...]] = {"CMAKE_BUILD_TYPE": ("RelWithDebInfo", "Release")}
    for interface in metadata["interfaces"]:
        providers = sorted(name for name, component in here.items() if interface["name"] in component["provides"])
        if interface["name"] not in closure or len(providers) < 2:
            continue
        if interface["kind"] == "one-of":
            closure = closure | set(providers)  # with their options
            variable = "UNICORE_PROVIDER_" + interface["name"].replace(".", "_").upper()
            values[variable] = tuple(providers)
        else:
            # One that others name cannot be left out.
            fixed = tuple(name for name in providers if name in needed)
            providers = [name for name in providers if name not in needed]
            subsets = [one for size in range(0 if fixed else 1, len(providers) + 1)
                       for one in itertools.combinations(providers, size)]
            values[interface["name"]] = tuple(" ".join(one) for one in subsets)
            switches[interface["name"]] = tuple(providers)
    for option in metadata["options"]:
        if option["component"] not in closure or option["component"] not in here or not option["when_holds"]:
            continue
        if option["type"] == "int":
            values[option["variable"]] = numbers(option, rng)
        elif option["type"] == "choice":
            values[option["variable"]] = tuple(option["choices"])
        elif option["type"] == "bool":
            values[option["variable"]] = ("ON", "OFF")
        elif option["variable"] == "UNICORE_BASE_LOG_COMPONENTS":
            values[option["variable"]] = ("", "memory.*=debug", "application=info,*=none")
    return Space(pair, values, switches)


def combinations(pair: str, chosen: Sequence[Value]) -> Set[FrozenSet[Value]]:
    """Two values each; the pair is one, too."""
    return set(map(frozenset, itertools.combinations([("pair", pair), *chosen], 2)))


def all_combinations(spaces: Sequence[Space]) -> Set[FrozenSet[Value]]:
    """What there is to cover."""
    found: Set[FrozenSet[Value]] = set()
    for one in spaces:
        for (a, of_a), (b, of_b) in itertools.combinations({"pair": (one.pair,), **one.values}.items(), 2):
            found |= {frozenset(((a, x), (b, y))) for x in of_a for y in of_b}
    return found


def draw(spaces: Sequence[Space], count: int, rng: random.Random) -> "Tuple[List[Tuple[Space, Configuration]], int, int]":
    """`count` configurations, and how many of all combinations of two values they have. Each time, of some candidates
    the one that has most which none had before; the pairs of platform and architecture take turns."""
    left = all_combinations(spaces)
    total = len(left)
    drawn: List[Tuple[Space, Configuration]] = []
    turns: List[Space] = []
    for _ in range(count):
        if not turns:
            turns = list(spaces)
            rng.shuffle(turns)
        where = turns.pop()
        candidates = []
        for _ in range(20):
            candidates.append({variable: rng.choice(values) for variable, values in where.values.items()})
        best = max(candidates, key=lambda one: len(combinations(where.pair, list(one.items())) & left))
        left -= combinations(where.pair, list(best.items()))
        drawn.append((where, best))
    return drawn, total - len(left), total
