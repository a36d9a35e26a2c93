# SPDX-License-Identifier: BSD-3-Clause
"""List the pool with its state in this tree; --markdown writes the component reference."""
from __future__ import annotations

import argparse
from typing import Iterator

from unicore.tree import Record, Tree, table


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--markdown", action="store_true",
                        help="the reference page: what is declared, whatever this tree is for")
    parser.add_argument("--links", default="../", metavar="PREFIX",
                        help="what leads from the reference page to the top of the sources (default: ../)")


def main(args: argparse.Namespace) -> int:
    tree = Tree(args.tree)
    if args.markdown:
        from unicore.reference import reference

        lines = reference(tree, args.links)
    else:
        lines = listing(tree)
    print("\n".join(lines))
    return 0


def listing(tree: Tree) -> Iterator[str]:
    """The pool as this tree sees it."""
    yield f"The pool, for {tree.pair}"
    yield ""
    yield "Interfaces"
    yield from table([(name, i["kind"], _providers(tree, i)) for name, i in sorted(tree.interfaces.items())])
    yield ""
    yield "Components"
    yield from table([(name, state(tree, c), c["summary"]) for name, c in sorted(tree.components.items())])


def state(tree: Tree, component: Record) -> str:
    """What this tree makes of it, in few words."""
    if not component["available"]:
        return component["unavailable_because"]
    images = component["images"]
    if not images:
        return "unused"
    if len(images) == len(tree.images) and len(images) > 1:
        return "in every image"
    return "in " + (", ".join(images) if len(images) <= 3 else f"{len(images)} images")


def _providers(tree: Tree, interface: Record) -> str:
    """The providers; those that do not work here in brackets, the default first."""
    names = sorted(interface["providers"], key=lambda name: (name != interface["default"], name))
    told = [name if tree.components[name]["available"] else f"({name})" for name in names]
    return ", ".join(told) or "no provider"
