# SPDX-License-Identifier: BSD-3-Clause
"""List the options of the tree: value, what they may be, help."""
from __future__ import annotations

import argparse

from unicore.tree import Tree, table


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--changed", action="store_true", help="only those that differ from their default")
    parser.add_argument("--image", default="", metavar="IMAGE", help="only those that this image holds")


def main(args: argparse.Namespace) -> int:
    tree = Tree(args.tree)
    wanted = set(tree.image(args.image)["options"]) if args.image else None
    rows = []
    for option in sorted(tree.data["options"], key=lambda o: o["variable"]):
        if (wanted is not None and option["variable"] not in wanted) or (args.changed and not option["changed"]):
            continue
        note = option["help"]
        if not option["when_holds"]:
            note = f"(only when {option['when']}) {note}".rstrip()
        mark = "*" if option["changed"] else " "
        rows.append((f"{mark} {option['variable']}", option["effective"] or '""', option["allowed"], note))
    print("\n".join(table([("  variable", "value", "allowed", "help"), *rows], "")) if rows else "no options")
    if any(row[0].startswith("*") for row in rows):
        print("* differs from its default")
    return 0
