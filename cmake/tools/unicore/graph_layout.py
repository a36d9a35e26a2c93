# SPDX-License-Identifier: BSD-3-Clause
"""A layered layout of a graph without cycles, from left to right.

The steps of Sugiyama, Tagawa and Toda (1981): each node goes to the layer after its last
predecessor; an edge over several layers gets a waypoint in each; sweeps put every node at the mean
of its neighbours to lessen crossings; the same means, kept apart by the boxes' heights, give the
positions.
"""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Mapping, Sequence

SWEEPS = 24
WAYPOINT_HEIGHT = 12.0


@dataclass
class Place:
    """Where the middle of a node is; `layer` counts from the left."""

    layer: int
    height: float
    y: float = 0.0
    before: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)


@dataclass
class Layout:
    """Places by node name, waypoints included, and for each edge the names that it runs through."""

    places: dict[str, Place]
    layers: list[list[str]]
    routes: dict[tuple[str, str], list[str]]


def layers_of(nodes: Sequence[str], edges: Sequence[tuple[str, str]]) -> dict[str, int]:
    """Longest path from a node without predecessors; then nodes move right, next to what follows."""
    before: dict[str, list[str]] = {name: [] for name in nodes}
    after: dict[str, list[str]] = {name: [] for name in nodes}
    for start, end in edges:
        after[start].append(end)
        before[end].append(start)
    layer: dict[str, int] = {}

    def depth(name: str) -> int:
        if name not in layer:
            layer[name] = max((depth(other) + 1 for other in before[name]), default=0)
        return layer[name]

    for name in nodes:
        depth(name)
    for name in sorted(nodes, key=lambda n: -layer[n]):
        # One with a single way in and several ways out: nearer to its successors means shorter lines.
        if after[name] and len(after[name]) > len(before[name]) > 0:
            layer[name] = min(layer[other] for other in after[name]) - 1
    return layer


def lay_out(nodes: Sequence[str], edges: Sequence[tuple[str, str]], heights: Mapping[str, float],
            gap: float) -> Layout:
    """Places every node so that nothing overlaps and lines are short."""
    layer = layers_of(nodes, edges)
    places = {name: Place(layer[name], heights[name]) for name in nodes}
    routes = {}
    for start, end in edges:
        route = [start]
        for level in range(layer[start] + 1, layer[end]):
            waypoint = f"{start}\t{end}\t{level}"
            places[waypoint] = Place(level, WAYPOINT_HEIGHT)
            route.append(waypoint)
        route.append(end)
        routes[start, end] = route
        for one, other in zip(route, route[1:]):
            places[one].after.append(other)
            places[other].before.append(one)
    layers: list[list[str]] = [[] for _ in range(max(layer.values(), default=0) + 1)]
    for name, place in places.items():
        layers[place.layer].append(name)
    layout = Layout(places, layers, routes)
    _order(layout)
    _position(layout, gap)
    return layout


def crossings(layout: Layout) -> int:
    """How many pairs of lines cross between neighbouring layers."""
    count = 0
    for left, right in zip(layout.layers, layout.layers[1:]):
        row = {name: i for i, name in enumerate(right)}
        ends = [sorted(row[other] for other in layout.places[name].after) for name in left]
        for i, upper in enumerate(ends):
            for lower in ends[i + 1:]:
                count += sum(1 for a in upper for b in lower if a > b)
    return count


def _order(layout: Layout) -> None:
    """Sweeps left and right; keeps the best order that was seen."""
    best, fewest = [list(layer) for layer in layout.layers], crossings(layout)
    for sweep in range(SWEEPS):
        rightwards = sweep % 2 == 0
        order = layout.layers if rightwards else layout.layers[::-1]
        for fixed, moving in zip(order, order[1:]):
            row = {name: float(i) for i, name in enumerate(fixed)}
            own = {name: float(i) for i, name in enumerate(moving)}

            def middle(name: str) -> tuple[float, float]:
                place = layout.places[name]
                near = [row[other] for other in (place.before if rightwards else place.after)]
                return (sum(near) / len(near) if near else own[name], own[name])

            moving.sort(key=middle)
        _swap_neighbours(layout)
        count = crossings(layout)
        if count < fewest:
            best, fewest = [list(layer) for layer in layout.layers], count
    layout.layers[:] = best


def _swap_neighbours(layout: Layout) -> None:
    """Exchanges two that stand next to each other where that removes a crossing."""
    for layer in layout.layers:
        for i in range(len(layer) - 1):
            before = crossings(layout)
            layer[i], layer[i + 1] = layer[i + 1], layer[i]
            if crossings(layout) >= before:
                layer[i], layer[i + 1] = layer[i + 1], layer[i]


def _position(layout: Layout, gap: float) -> None:
    """Stacks every layer, then pulls each node to the mean of its neighbours while there is room."""
    for layer in layout.layers:
        y = 0.0
        for name in layer:
            place = layout.places[name]
            place.y = y + place.height / 2
            y += place.height + gap
    for sweep in range(SWEEPS):
        order = layout.layers if sweep % 2 == 0 else layout.layers[::-1]
        for layer in order:
            wanted = []
            for name in layer:
                place = layout.places[name]
                near = (place.before if sweep % 2 == 0 else place.after) or place.before + place.after
                wanted.append(sum(layout.places[other].y for other in near) / len(near) if near else place.y)
            _settle([layout.places[name] for name in layer], wanted, gap)
    top = min(place.y - place.height / 2 for place in layout.places.values())
    for place in layout.places.values():
        place.y -= top


def _settle(column: list[Place], wanted: list[float], gap: float) -> None:
    """The positions closest to the wanted ones with no overlap (pool adjacent violators)."""
    offsets, total = [], 0.0
    for index, place in enumerate(column):
        if index:
            total += column[index - 1].height / 2 + gap + place.height / 2
        offsets.append(total)
    blocks: list[list[float]] = []  # [sum of wanted positions of the block's start, members]
    for index in range(len(column)):
        blocks.append([wanted[index] - offsets[index], 1.0])
        while len(blocks) > 1 and blocks[-2][0] / blocks[-2][1] >= blocks[-1][0] / blocks[-1][1]:
            last = blocks.pop()
            blocks[-1][0] += last[0]
            blocks[-1][1] += last[1]
    index = 0
    for total, members in blocks:
        for _ in range(int(members)):
            column[index].y = total / members + offsets[index]
            index += 1
