# SPDX-License-Identifier: BSD-3-Clause
"""Explain an image: its closure as a tree with reasons, providers, boot order, changed options."""
from __future__ import annotations

import argparse
from typing import Iterator

from unicore.resolver.names import provider_variable
from unicore.tree import Record, Tree, table

_TREE_WIDTH = 44  # columns up to the reasons, unless names are longer


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("image", metavar="IMAGE")


def main(args: argparse.Namespace) -> int:
    tree = Tree(args.tree)
    print("\n".join(explain(tree, args.image)))
    return 0


def explain(tree: Tree, name: str) -> Iterator[str]:
    """The lines of the report."""
    image = tree.image(name)
    kinds = [member["kind"] for member in image["closure"]]
    counts = ", ".join(f"{kinds.count(kind)} {kind if kinds.count(kind) == 1 else kind + 's'}"
                       for kind in ("component", "interface", "external") if kinds.count(kind))
    yield f"{name} on {tree.pair}: {counts}"
    yield ""
    yield from closure_tree(image)
    yield from _section("Providers", _providers(tree, image))
    yield from _section("Boot order", _boot(image))
    yield from _section("Options that differ from their default", _options(tree, image))
    yield from _section("Settings of its command line", _settings(tree, image))
    yield from _section("Notes", _notes(image))


def closure_tree(image: Record) -> Iterator[str]:
    """Each part once, below what first brought it in."""
    below: dict[str, list[Record]] = {}
    for member in image["closure"]:
        below.setdefault(member["parent"], []).append(member)
    rows: list[tuple[str, str]] = []

    def walk(parent: str, indent: str) -> None:
        members = below.get(parent, [])
        for index, member in enumerate(members):
            last = index == len(members) - 1
            rows.append((f"{indent}{'└─' if last else '├─'} {member['name']}", member["reason"]))
            walk(member["name"], indent + ("   " if last else "│  "))

    walk("", "")
    width = max([_TREE_WIDTH, *(len(row[0]) for row in rows)])
    yield f"image {image['name']}"
    for left, reason in rows:
        yield f"{left:<{width}}  {reason}"


def _section(title: str, lines: Iterator[str]) -> Iterator[str]:
    found = list(lines)
    if found:
        yield from ("", title, *found)


def _providers(tree: Tree, image: Record) -> Iterator[str]:
    rows = []
    for interface, binding in image["bindings"].items():
        if binding["source"] == "target":
            continue
        others = [name for name in tree.interfaces[interface]["providers"]
                  if name not in binding["providers"] and tree.components[name]["available"]]
        note = binding["reason"] + "".join(f"; not counted: {text}" for text in binding["overrides"])
        if binding["source"] not in ("all", "direct") and others:
            note += f"; -D{provider_variable(interface)}={others[0]} is possible"
        rows.append((interface, ", ".join(binding["providers"]), note))
    yield from table(rows)


def _boot(image: Record) -> Iterator[str]:
    rows = []
    for position, step in enumerate(image["boot"], 1):
        after = "after " + ", ".join(step["after"]) if step["after"] else "waits for nothing"
        rows.append((f"{position:>2}", step["component"], after))
    yield from table(rows)
    if not rows:
        yield "  nothing to start: main runs at once"


def _options(tree: Tree, image: Record) -> Iterator[str]:
    wanted = set(image["options"])
    yield from table([(o["variable"], o["effective"], f"default {o['default'] or 'empty'}")
                      for o in tree.data["options"] if o["variable"] in wanted and o["changed"]])


def _settings(tree: Tree, image: Record) -> Iterator[str]:
    wanted = set(image["settings"])
    yield from table([(s["name"], f"{s['help']} ({s['allowed']})") for s in tree.data["settings"]
                      if s["name"] in wanted])


def _notes(image: Record) -> Iterator[str]:
    for interface in image["providers_unused"]:
        yield f"  PROVIDERS {interface}={image['providers_asked'][interface]} has no effect: nothing needs it"
