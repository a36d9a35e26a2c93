# SPDX-License-Identifier: BSD-3-Clause
"""Tell why a component is not in an image; without one, a line for each that is absent."""
from __future__ import annotations

import argparse
from typing import Iterator

from unicore.resolver.names import enable_variable, provider_variable
from unicore.tree import Record, Tree, table


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("image", metavar="IMAGE")
    parser.add_argument("component", metavar="COMPONENT", nargs="?", default="", help="or an interface")


def main(args: argparse.Namespace) -> int:
    tree = Tree(args.tree)
    image = tree.image(args.image)
    if args.component:
        print("\n".join(why_not(tree, image, tree.part(args.component)["name"])))
        return 0
    inside = {member["name"] for member in image["closure"]}
    rows = [(name, reasons(tree, image, name)[0]) for name in sorted(tree.components) if name not in inside]
    print(f"Not in {image['name']} on {tree.pair}:" if rows else f"{image['name']} holds every component.")
    print("\n".join(table(rows)))
    return 0


def why_not(tree: Tree, image: Record, name: str) -> Iterator[str]:
    """The lines of the answer for one component or interface."""
    from unicore.why import find, why

    member = find(image, name)
    if member is not None:
        yield from why(tree, image, member)
        return
    yield f"{name} is not in {image['name']} on {tree.pair}:"
    found = reasons(tree, image, name)
    yield from (f"  {reason}" for reason in found)
    yield from (f"  to have it: {line}" for line in remedies(tree, image, name))


def reasons(tree: Tree, image: Record, name: str) -> list[str]:
    """Why it is absent, the decisive reason first; never empty."""
    part = tree.components.get(name)
    if part is None:
        return ["nothing in the image requires or uses it" + _provider_hint(tree, name)]
    found = []
    if not part["available"]:
        found.append(f"it {part['unavailable_because']}" if part["unavailable_because"].startswith("is ")
                     else part["unavailable_because"])
    for interface in part["provides"]:
        binding = image["bindings"].get(interface)
        if binding is None:
            found.append(f"nothing in the image requires or uses {interface}, which it provides")
        elif tree.interfaces[interface]["kind"] == "one-of":
            found.append(f"{interface} is bound to {binding['providers'][0]}: {binding['reason']}")
        elif part.get("on_request"):
            found.append("it comes only with who names it")
    for other in part["conflicts"]:
        if any(member["name"] == other for member in image["closure"]):
            found.append(f"it conflicts with {other}, which is in the image")
    if not found or not part["provides"]:
        found.append("nothing in the image requires or uses it")
    return found


def remedies(tree: Tree, image: Record, name: str) -> Iterator[str]:
    """What to write for the image to hold it."""
    part = tree.components.get(name)
    if part is None:
        yield f"name {name} in COMPONENTS of unicore_image({image['name']} ...)"
        return
    if not part["available"]:
        if part["unavailable_because"].startswith("UNICORE_WITH_"):
            yield f"-D{enable_variable(name)}=ON"
        else:
            yield "build for a target that it supports"
        return
    for interface in part["provides"]:
        binding = image["bindings"].get(interface)
        if part.get("on_request"):
            continue
        if binding is None:
            yield f"name something that needs {interface}, or {interface} itself, in COMPONENTS"
        elif tree.interfaces[interface]["kind"] == "one-of" and binding["source"] not in ("target", "direct"):
            yield (f"-D{provider_variable(interface)}={name} for the whole tree, or PROVIDERS "
                   f"{interface}={name} in unicore_image({image['name']} ...)")
    if not part["provides"] or part.get("on_request"):
        yield f"name {name} in COMPONENTS of unicore_image({image['name']} ...)"


def _provider_hint(tree: Tree, interface: str) -> str:
    here = [name for name in tree.interfaces[interface]["providers"] if tree.components[name]["available"]]
    return "" if here else f", and nothing provides it on {tree.pair}"
