# SPDX-License-Identifier: BSD-3-Clause
"""Draw what an image holds and why, as an SVG picture.

Shown are the dependencies that others do not imply: with a -> b and b -> c, a -> c is left out.
"""
from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

from unicore.tree import Record, Tree


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("image", metavar="IMAGE")
    parser.add_argument("--out", type=Path, default=None, metavar="FILE", help="default: standard output")


def main(args: argparse.Namespace) -> int:
    from unicore.graph_svg import draw

    tree = Tree(args.tree)
    text = draw(image_graph(tree, tree.image(args.image)))
    if args.out is None:
        sys.stdout.write(text)
    else:
        args.out.write_text(text, encoding="utf-8")
        print(f"wrote {args.out}")
    return 0


@dataclass(frozen=True)
class Node:
    """A box: kind is image, component, one-of, many-of, target (arch and platform) or external."""

    name: str
    kind: str
    note: str = ""


@dataclass(frozen=True)
class Edge:
    """An arrow: kind is names, requires, uses, bound (from an interface to its provider) or provides."""

    start: str
    end: str
    kind: str


@dataclass(frozen=True)
class Graph:
    """What is drawn; `back` are dependencies against the direction of the others, which are told."""

    title: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    back: tuple[Edge, ...]


def image_graph(tree: Tree, image: Record) -> Graph:
    """The closure without what follows from the rest."""
    root = f"image {image['name']}"
    nodes = [Node(root, "image", tree.pair)]
    wanted = [Edge(root, name, "names") for name in ("arch", "platform", *image["asks_for"])]
    early = {(start, end) for start, ends in image["early"].items() for end in ends}
    for member in image["closure"]:
        name = member["name"]
        nodes.append(_node(tree, member))
        part = tree.components.get(name) or tree.interfaces[name]
        own = set(part.get("provides", ()))
        if member["edge"] == "provides":  # nothing else needs the interface
            wanted.append(Edge(member["parent"], name, "provides"))
        else:
            wanted += [Edge(name, other, "bound")
                       for other in image["bindings"].get(name, {}).get("providers", [])]
        for kind in ("requires", "uses", "invites"):
            wanted += [Edge(name, other, kind) for other in part.get(kind, ()) if other not in own and other != name]
    edges = list({(edge.start, edge.end): edge for edge in reversed(wanted)}.values())
    edges.sort(key=lambda e: (e.start, e.end))
    back = [edge for edge in edges if (edge.start, edge.end) in early]
    forward, more = without_cycles(root, [edge for edge in edges if (edge.start, edge.end) not in early])
    title = f"{image['name']} on {tree.pair}: {len(image['closure'])} parts"
    return Graph(title, tuple(nodes), tuple(reduced(forward)), (*back, *more))


def _node(tree: Tree, member: Record) -> Node:
    name = member["name"]
    if name in tree.interfaces:
        kind = tree.interfaces[name]["kind"]
        return Node(name, kind, f"{kind} interface")
    summary = tree.components[name]["summary"]
    target = name.partition(".")[0] in ("arch", "platform")
    return Node(name, "external" if member["kind"] == "external" else "target" if target else "component", summary)


def without_cycles(root: str, edges: list[Edge]) -> tuple[list[Edge], list[Edge]]:
    """Takes out the edges that lead back to where a walk from the root came from."""
    following: dict[str, list[Edge]] = {}
    for edge in edges:
        following.setdefault(edge.start, []).append(edge)
    forward, back, done = [], [], set()

    def walk(name: str, way: set[str]) -> None:
        done.add(name)
        for edge in following.get(name, []):
            if edge.end in way:
                back.append(edge)
                continue
            forward.append(edge)
            if edge.end not in done:
                walk(edge.end, way | {edge.end})

    walk(root, {root})
    return forward, back


def reduced(edges: list[Edge]) -> list[Edge]:
    """Leaves out each edge whose end is reached from its start another way; bindings stay."""
    following: dict[str, set[str]] = {}
    for edge in edges:
        following.setdefault(edge.start, set()).add(edge.end)
    below: dict[str, set[str]] = {}

    def reach(name: str) -> set[str]:
        if name not in below:
            ends = following.get(name, set())
            below[name] = ends.union(*(reach(end) for end in ends))
        return below[name]

    return [edge for edge in edges if edge.kind == "bound" or
            not any(edge.end in reach(other) for other in following[edge.start] if other != edge.end)]
