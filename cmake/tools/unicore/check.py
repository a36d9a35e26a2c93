# SPDX-License-Identifier: BSD-3-Clause
"""Check the pools against the house rules: includes, READMEs, no #if on a CPU or platform.

Reads BUILD/unicore/metadata.json, so that it works in a tree that does not resolve, too.
"""
from __future__ import annotations

import argparse
import os
import re
import sys
from pathlib import Path
from typing import Iterator

from unicore.failure import Failure
from unicore.resolver import includes
from unicore.resolver.model import FIXED, Image, Metadata, Part, load
from unicore.resolver.problems import Problem, merge, problem, render, short

# What compilers and Unicore's own build predefine for a CPU or a platform.
_MACROS = re.compile(
    r"\b(?:__x86_64(?:__)?|__amd64(?:__)?|__i[3-6]86(?:__)?|_M_(?:X64|IX86|ARM64|ARM)|__aarch64__|__arm(?:__)?|"
    r"__ARM_[A-Z0-9_]+|__thumb__|__mips[a-z0-9_]*|_MIPS_[A-Z_]+|__linux(?:__)?|__gnu_linux__|__XEN__|"
    r"__unix(?:__)?|UNICORE_(?:PLATFORM|ARCH(?:ITECTURE)?)(?:_[A-Z0-9_]+)?)\b")
# The whole condition, over lines that end in a backslash.
_CONDITION = re.compile(r"^[ \t]*#[ \t]*(?:el)?if(?:n?def)?\b(?:[^\\\n]|\\[\s\S])*", re.MULTILINE)
FEWEST_WORDS = 20  # of a README, its title apart
_CODE = (".hpp", ".h", ".cpp", ".c", ".S", ".inc", ".ipp", ".cc", ".hh")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--metadata", type=Path, default=None, metavar="FILE",
                        help="default: unicore/metadata.json of the tree")


def main(args: argparse.Namespace) -> int:
    """1 when a rule is broken."""
    path = args.metadata or args.tree / "unicore" / "metadata.json"
    try:
        metadata = load(path)
    except FileNotFoundError:
        raise Failure(f"{path} does not exist: configure the tree, or name one with --tree") from None
    found = merge(check(metadata))
    for one in found:
        print("\n".join(render(one)), file=sys.stderr)
    checked = sum(1 for _ in includes.parts(metadata))
    print(f"{checked} components and interfaces checked, {len(found) or 'no'} "
          f"problem{'' if len(found) == 1 else 's'}")
    return 1 if found else 0


def check(metadata: Metadata) -> Iterator[Problem]:
    """Every broken rule."""
    yield from includes.check(metadata, None)
    places = sorted({part.root for part in (*metadata.interfaces.values(), *metadata.components.values())}
                    | {image.root for image in metadata.images})
    for part in includes.parts(metadata):
        yield from readme(metadata, part)
        if part.name.partition(".")[0] not in FIXED:
            yield from conditions(metadata, part, places)
    for image in metadata.images:
        yield from conditions(metadata, image, places)


def readme(metadata: Metadata, part: Part) -> Iterator[Problem]:
    """Every folder of a component or an interface has a README.md with more than a title in it."""
    path = os.path.join(part.root, "README.md")
    where = short(part.root, *metadata.target.roots)
    try:
        with open(path, encoding="utf-8") as file:
            words = [word for line in file if not line.startswith(("#", "<!--")) for word in line.split()]
    except OSError:
        yield problem("missing README", f"{part.name} has no README.md.", where=where,
                      fix="write one: what it does, theory, limits, the specifications it follows")
        return
    if len(words) < FEWEST_WORDS:
        yield problem("empty README", f"the README.md of {part.name} says next to nothing.", where=where,
                      fix="what it does, theory, limits, the specifications it follows")


def conditions(metadata: Metadata, owner: Part | Image, places: list[str]) -> Iterator[Problem]:
    """No #if on a CPU or a platform outside of architectures/ and platforms/ (style rule 9)."""
    for path in _code(owner.root, places):
        with open(path, encoding="utf-8", errors="replace") as file:
            text = file.read()
        for match in _CONDITION.finditer(text):
            macro = _MACROS.search(match.group())
            if macro:
                line = text.count("\n", 0, match.start()) + 1
                yield problem("condition on the target", f"{owner.name} asks for {macro.group()} in an #if.",
                              where=f"{short(path, *metadata.target.roots)}:{line}",
                              fix="ask `arch` or `platform` for what differs, through their contracts")


def _code(root: str, places: list[str]) -> Iterator[str]:
    """The sources and headers of a folder, without those of components inside of it."""
    inner = {place for place in places if place != root}
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(f for f in folders if os.path.join(folder, f) not in inner and f != "build")
        yield from (os.path.join(folder, name) for name in sorted(files) if name.endswith(_CODE))
