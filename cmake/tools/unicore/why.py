# SPDX-License-Identifier: BSD-3-Clause
"""Tell why a component is in an image: the chain, everything else that needs it, the choice."""
from __future__ import annotations

import argparse
from typing import Iterator

from unicore.resolver.chains import ARROW
from unicore.tree import Record, Tree


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("image", metavar="IMAGE")
    parser.add_argument("component", metavar="COMPONENT", help="or an interface")


def main(args: argparse.Namespace) -> int:
    """1 when it is not in the image, and then says why not."""
    tree = Tree(args.tree)
    image, part = tree.image(args.image), tree.part(args.component)
    member = find(image, part["name"])
    if member is None:
        from unicore.why_not import why_not

        print("\n".join(why_not(tree, image, part["name"])))
        return 1
    print("\n".join(why(tree, image, member)))
    return 0


def find(image: Record, name: str) -> Record | None:
    """Its entry in the closure."""
    return next((member for member in image["closure"] if member["name"] == name), None)


def why(tree: Tree, image: Record, member: Record) -> Iterator[str]:
    """The lines of the answer."""
    name = member["name"]
    yield f"{name} is in {image['name']}: {member['reason']}."
    yield f"  chain      {ARROW.join(('image ' + image['name'], *member['chain']))}"
    others = sorted(set(needed_by(tree, image, name)) - {member["parent"]})
    if others:
        yield f"  needed by  {', '.join(others)}"
    for interface, binding in image["bindings"].items():
        if name in binding["providers"]:
            yield f"  provides   {interface}: {binding['reason']}"
            yield from (f"             not counted: {text}" for text in binding["overrides"])
        if name == interface:
            yield f"  bound to   {', '.join(binding['providers'])}: {binding['reason']}"
    variables = [o["variable"] for o in tree.data["options"] if o["component"] == name]
    if variables:
        yield f"  options    {', '.join(variables)}"


def needed_by(tree: Tree, image: Record, name: str) -> Iterator[str]:
    """Everything in the image that depends on `name` directly."""
    if name in image["asks_for"]:
        yield f"image {image['name']}"
    for member in image["closure"]:
        part = tree.components.get(member["name"]) or tree.interfaces[member["name"]]
        bound = image["bindings"].get(member["name"], {}).get("providers", [])
        if name in (*part["requires"], *part["uses"], *part.get("invites", ()), *part.get("provides", ()), *bound):
            yield member["name"]
