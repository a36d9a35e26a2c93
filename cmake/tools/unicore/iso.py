# SPDX-License-Identifier: BSD-3-Clause
"""Make the ISO image of a PC: GRUB for BIOS and UEFI, and an ELF file that it loads through Multiboot 2.

The same file boots from an optical drive (El Torito) and, written to one, from a disk (MBR with an EFI system
partition). It holds no time and nothing of the folder that it was made in.
"""
from __future__ import annotations

import argparse
import os
from pathlib import Path

from unicore.failure import Failure
from unicore.iso_image import write_iso
from unicore.run_tree import BuiltTree


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the command line."""
    parser.add_argument("image", metavar="IMAGE", help="name of an image in the tree")
    parser.add_argument("--elf", type=Path, metavar="FILE", help="the file to load (default: the tree's IMAGE.elf)")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="the ISO image to write")
    parser.add_argument("--append", default="", metavar="TEXT",
                        help="the command line that GRUB hands over: setting=value … -- argument …")


def main(args: argparse.Namespace) -> int:
    tree = BuiltTree(args.tree)
    elf = args.elf or tree.folder / f"{args.image}.elf"
    if not elf.is_file():
        raise Failure(f"{elf} is missing: build the image first")
    temporary = args.out.with_name(args.out.name + ".new")
    write_iso(temporary, args.image, elf, args.append)
    os.replace(temporary, args.out)
    return 0
