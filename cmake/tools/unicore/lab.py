# SPDX-License-Identifier: BSD-3-Clause
"""Xen with a Linux dom0 under QEMU, for tests and for people.

show: what is in the cache, and where. fetch: get what is missing; with --update, newer packages.
shell: a dom0 on this terminal, with images of the tree and their configurations in /images.
"""
from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import Dict

from unicore.failure import Failure
from unicore.lab_cache import SEEDS, cache, level, manifest
from unicore.lab_domains import architecture_of, image_files
from unicore.lab_machine import Content, command, prepare
from unicore.lab_machine_arm import command as command_on_arm
from unicore.run_process import complain, end, spawn
from unicore.run_tree import BuiltTree
from unicore.tree import table


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the command line."""
    actions = parser.add_subparsers(dest="action", metavar="show|fetch|shell")
    actions.required = True
    actions.add_parser("show", help="what is in the cache, and where")
    fetch = actions.add_parser("fetch", help="get what is missing")
    fetch.add_argument("level", nargs="*", metavar="LEVEL", help=f"{', '.join(SEEDS)} (default: all)")
    fetch.add_argument("--update", action="store_true", help="look for newer packages")
    shell = actions.add_parser("shell", help="a dom0 on this terminal")
    shell.add_argument("images", nargs="*", metavar="IMAGE", help="images of the tree (default: all that are built)")
    shell.add_argument("--memory", type=int, default=2048, metavar="MIB", help="RAM of the machine (default 2048)")
    shell.add_argument("--file", action="append", type=Path, default=[], help="one more file for /images")
    shell.add_argument("--qemu-arg", action="append", default=[], metavar="ARG",
                       help="one more argument for QEMU (paths absolute)")


def main(args: argparse.Namespace) -> int:
    """Runs the command; returns its exit status."""
    if args.action == "show":
        return show()
    if args.action == "fetch":
        unknown = [name for name in args.level if name not in SEEDS]
        if unknown:
            raise Failure(f"no level {unknown[0]}: there is {', '.join(SEEDS)}", status=2)
        for name in args.level or SEEDS:
            print(level(name, args.update))
        return 0
    return shell(args)


def show() -> int:
    """Prints the cache's content."""
    print(f"in {cache()}")
    for name in SEEDS:
        packages = manifest(name)
        print(f"{name}:" + ("" if packages else " not fetched yet (unicore.py lab fetch)"))
        rows = [[p["name"], p["version"], f"{p['size'] / 1e6:.2f} MB"] for p in packages]
        print("\n".join(table(rows)), end="\n" if rows else "")
    return 0


def shell(args: argparse.Namespace) -> int:
    """Runs a dom0 on our terminal until its shell ends."""
    files: Dict[str, Content] = {f"images/{file.name}": file for file in args.file}
    architecture = "amd64"
    if args.images or (Path(args.tree) / "unicore" / "components.json").is_file():
        tree = BuiltTree(Path(args.tree))
        files.update(image_files(tree, args.images))
        architecture = architecture_of(tree)
    with tempfile.TemporaryDirectory(prefix="unicore-lab-") as folder:
        prepare(files, Path(folder), architecture)
        # Control-C is for the dom0, not for QEMU.
        serial = ["-chardev", "stdio,id=terminal,signal=off", "-serial", "chardev:terminal"]
        asked = ([], args.memory, 384, "shell", serial + args.qemu_arg)
        line = command(*asked) if architecture == "amd64" else command_on_arm(Path(folder), *asked)
        complain("unicore lab: booting; a shell comes up in ten seconds or so, Control-D there ends it")
        child = spawn(line, folder=Path(folder), merge_errors=True, use_input=True, stdout=None)
        try:
            return child.wait()
        finally:
            end(child)
