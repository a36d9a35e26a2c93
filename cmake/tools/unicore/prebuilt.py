# SPDX-License-Identifier: BSD-3-Clause
"""Build a library of others for one architecture, once for all trees: `--out` becomes a copy of it.

RECIPE is the folder of a CMake project that takes the sources from -DSOURCE=DIR and is built with an architecture's
toolchain file. What it makes is kept by everything that it is made of: sources, recipe, toolchain file, compiler.

    …/unicore/built/NAME-KEY/LIBRARY
    …/unicore/built/NAME-KEY/HEADERS/   where the recipe makes headers that belong to the library
"""
from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import List, Tuple

from unicore.cache import locked, place, whole
from unicore.failure import Failure
from unicore.run_process import complain
from unicore.source import pinned_arguments, source


def arguments(parser: argparse.ArgumentParser) -> None:
    pinned_arguments(parser)
    parser.add_argument("--name", required=True, help="of the component")
    parser.add_argument("--recipe", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--toolchain", type=Path, required=True, metavar="FILE", help="the architecture's")
    parser.add_argument("--compiler", required=True, help="the C compiler that the toolchain file finds")
    parser.add_argument("--library", required=True, metavar="NAME", help="what the recipe makes")
    parser.add_argument("--headers", metavar="NAME", help="a folder that the recipe makes; its copy stands beside --out")
    parser.add_argument("--use", action="append", default=[], type=use, metavar="NAME=FOLDER",
                        help="-DNAME=FOLDER for the recipe: headers of others that it needs")
    parser.add_argument("--folder", type=Path, help="take the sources from here; the result is not kept")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE")


def use(text: str) -> Tuple[str, Path]:
    """What --use says."""
    name, _, folder = text.partition("=")
    return name, Path(folder)


def main(args: argparse.Namespace) -> int:
    args.out.parent.mkdir(parents=True, exist_ok=True)
    if args.folder:
        with tempfile.TemporaryDirectory(prefix="unicore-build-") as scratch:
            build(args, args.folder, Path(scratch))
            put(args, Path(scratch))
        return 0
    root = place("built")
    target = root / f"{args.name}-{args.toolchain.stem}-{key(args)}"
    if not target.is_dir():
        with locked(root):
            if not target.is_dir():
                sources = source(args.package, args.file, args.sha256, args.part)
                with tempfile.TemporaryDirectory(prefix=".build-", dir=root) as scratch, whole(target) as made:
                    complain(f"unicore: building {args.name} for {args.toolchain.stem}, once")
                    build(args, sources, Path(scratch))
                    shutil.copyfile(Path(scratch) / args.library, made / args.library)
                    if args.headers:
                        shutil.copytree(Path(scratch) / args.headers, made / args.headers)
    put(args, target)
    return 0


def key(args: argparse.Namespace) -> str:
    """Names what a library is made of."""
    version = run([args.compiler, "--version"])
    files = sorted(file for file in args.recipe.rglob("*") if file.is_file())
    files += [args.toolchain, args.toolchain.parent / "_common.cmake"]
    words = [args.sha256, *sorted(args.part), version, args.library, *filter(None, [args.headers])]
    for name, folder in args.use:
        used = sorted(file for file in folder.rglob("*") if file.is_file())
        words += [name, *(str(file.relative_to(folder)) for file in used)]
        files += used
    return hashlib.sha256("\n".join(words).encode() + b"".join(file.read_bytes() for file in files)).hexdigest()[:16]


def build(args: argparse.Namespace, sources: Path, scratch: Path) -> None:
    """Builds the recipe in `scratch`. Errors: Failure with what the tools said."""
    run(["cmake", "-G", "Ninja", "-S", str(args.recipe), "-B", str(scratch), f"-DSOURCE={sources}",
         f"-DCMAKE_TOOLCHAIN_FILE={args.toolchain}", "-DCMAKE_BUILD_TYPE=RelWithDebInfo",
         "-DCMAKE_C_FLAGS_RELWITHDEBINFO=-O2 -DNDEBUG", *(f"-D{name}={folder}" for name, folder in args.use)])
    run(["cmake", "--build", str(scratch)])


def run(line: List[str]) -> str:
    """What a program prints. Errors: Failure."""
    own = ("ASMFLAGS", "CC", "CFLAGS", "CXX", "CXXFLAGS", "LDFLAGS")
    environment = {name: value for name, value in os.environ.items() if name not in own}
    done = subprocess.run(
        line, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", errors="replace",
        env=environment, check=False)
    if done.returncode:
        raise Failure(f"{' '.join(line[:2])} failed:\n{done.stdout.strip()}")
    return done.stdout


def put(args: argparse.Namespace, made: Path) -> None:
    """Copies, so that a tree goes on when the cache is emptied. Headers have the time of now: what includes them is
    compiled again."""
    if args.headers:
        beside = args.out.with_name(args.headers)
        shutil.rmtree(beside, ignore_errors=True)
        shutil.copytree(made / args.headers, beside, copy_function=shutil.copyfile)
    temporary = args.out.with_name(args.out.name + ".new")
    shutil.copyfile(made / args.library, temporary)
    os.replace(temporary, args.out)
