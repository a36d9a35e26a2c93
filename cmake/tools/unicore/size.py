# SPDX-License-Identifier: BSD-3-Clause
"""Account for an image, byte by byte: per component and section, as a table, SVG treemap, JSON.

Every byte of the file and of memory is in one row, so the totals are exact. Rows in parentheses
are the linker's: headers, padding, the build-id, room that its script leaves (stacks, guard pages),
and strings and constants that several components hold.
"""
from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Dict, List

from unicore.failure import Failure
from unicore.run_tree import BuiltTree
from unicore.size_account import Account, account
from unicore.size_lto import split_lto
from unicore.size_map import component_of, read_map
from unicore.size_strings import split_strings
from unicore.size_treemap import treemap
from unicore.symbolise_elf import Elf, ElfError

_MOST_COLUMNS = 9


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the command line."""
    parser.add_argument("image", metavar="IMAGE", help="name of an image in the tree, or a path to one")
    parser.add_argument("--svg", type=Path, metavar="FILE", help="also draw a treemap")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the account")
    parser.add_argument("--limit", type=int, default=0, metavar="N", help="show the N largest, sum the rest up")
    parser.add_argument("--compare", type=Path, metavar="OTHER.json", help="show what changed since --json wrote it")


def measure(tree: BuiltTree, name: str) -> Account:
    """The account of an image. Errors: Failure."""
    image = tree.bootable(name)
    try:
        known = {*tree.components, *tree.interfaces}
        linked = Elf(tree.companion(image, ".debug"))
        inputs = split_lto(read_map(tree.companion(image, ".map")), tree.root)
        inputs = split_strings(inputs, linked, tree.root, lambda entry: component_of(entry, known))
        return account(image.name, Elf(tree.elf(image)), linked, inputs, known)
    except (OSError, ValueError, ElfError) as error:
        raise Failure(f"{image}: {error}") from error


def aligned(rows: List[List[str]]) -> List[str]:
    """Lines of a table, the first column to the left, the others to the right."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return ["  ".join(cell.ljust(width) if column == 0 else cell.rjust(width)
                      for column, (cell, width) in enumerate(zip(row, widths))).rstrip() for row in rows]


def table(result: Account, limit: int = 0) -> List[str]:
    """Lines to print: a row per component, a column per output section, totals in the last row."""
    weight: Dict[str, int] = {}
    for part in result.parts:
        weight[part.section] = weight.get(part.section, 0) + max(part.file, part.memory)
    named = [name for name in weight if name]
    columns = named if len(named) <= _MOST_COLUMNS else sorted(named, key=lambda name: -weight[name])[:_MOST_COLUMNS]
    others = set(weight) - set(columns)
    head = ["component", *columns, *["other"] * bool(others), "file", "memory", "share"]

    def row(label: str, parts: List) -> List[str]:
        cells = [sum(max(p.file, p.memory) for p in parts if p.section == column) for column in columns]
        if others:
            cells.append(sum(max(p.file, p.memory) for p in parts if p.section in others))
        file = sum(part.file for part in parts)
        words = [f"{cell:,}" if cell else "" for cell in cells]
        return [label, *words, f"{file:,}", f"{sum(p.memory for p in parts):,}", f"{100 * file / result.file:.1f} %"]

    groups = list(result.by_component().items())
    shown = groups[:limit] if 0 < limit < len(groups) else groups
    rows = [row(name, parts) for name, parts in shown]
    rest = [part for _, parts in groups[len(shown):] for part in parts]
    if rest:
        rows.append(row(f"({len(groups) - len(shown)} more)", rest))
    return aligned([head, *rows, row("total", result.parts)])


def comparison(old: Account, new: Account, limit: int = 0) -> List[str]:
    """Lines to print: what grew and shrank, the largest change first; totals in the last row."""
    before, after = old.by_component(), new.by_component()
    changes = []
    for name in {*before, *after}:
        sums = [[sum(getattr(part, what) for part in parts.get(name, [])) for parts in (before, after)]
                for what in ("file", "memory")]
        if sums[0][0] != sums[0][1] or sums[1][0] != sums[1][1]:
            changes.append((name, sums[0], sums[1]))
    changes.sort(key=lambda change: (-abs(change[1][1] - change[1][0]), -abs(change[2][1] - change[2][0]), change[0]))
    if not changes:
        return ["no component changed its size"]
    rows = [["component", "file before", "now", "change", "memory before", "now", "change"]]
    for name, file, memory in [*(changes[:limit] if limit > 0 else changes),
                               ("total", [old.file, new.file], [old.memory, new.memory])]:
        rows.append([name, *(word for pair in (file, memory)
                             for word in (f"{pair[0]:,}", f"{pair[1]:,}", f"{pair[1] - pair[0]:+,}"))])
    return aligned(rows)


def main(args: argparse.Namespace) -> int:
    """Runs the command; returns the exit status."""
    result = measure(BuiltTree(Path(args.tree)), args.image)
    print(f"{result.image}: {result.file:,} bytes in the file, {result.memory:,} in memory\n")
    print("\n".join(table(result, args.limit)))
    if args.compare:
        try:
            old = Account.from_json(json.loads(args.compare.read_text(encoding="utf-8")))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise Failure(f"{args.compare} is not what --json writes: {error}") from error
        print(f"\nagainst {args.compare}:\n" + "\n".join(comparison(old, result, args.limit)))
    if args.json:
        args.json.write_text(json.dumps(result.as_json(), indent=1) + "\n", encoding="utf-8")
    if args.svg:
        args.svg.write_text(treemap(result), encoding="utf-8")
        print(f"\ntreemap: {args.svg}")
    return 0
