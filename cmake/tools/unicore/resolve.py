# SPDX-License-Identifier: BSD-3-Clause
"""Resolve every image of a configure (called by CMake).

Prints all problems to stderr and returns 1, or generates BUILD/unicore: resolution.cmake,
components.json, images/NAME/boot.cpp and the config headers.
"""
from __future__ import annotations

import argparse
import sys
from pathlib import Path

from unicore.failure import Failure
from unicore.resolver.model import load
from unicore.resolver.outputs import generate
from unicore.resolver.problems import render_all, wrap
from unicore.resolver.resolution import resolve


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--metadata", type=Path, required=True, metavar="FILE",
                        help="what CMake collected: BUILD/unicore/metadata.json")
    parser.add_argument("--out", type=Path, required=True, metavar="FOLDER",
                        help="where to generate: BUILD/unicore")


def main(args: argparse.Namespace) -> int:
    out = args.out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    try:
        metadata = load(args.metadata)
    except Failure as failure:
        raise Failure("\n".join(wrap(str(failure), "  ", "  "))) from None
    resolution = resolve(metadata, out / "includes.json")
    if resolution.problems:
        sys.stderr.write(render_all(resolution.problems))
        return 1
    generate(resolution, out)
    return 0
