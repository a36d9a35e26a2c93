# SPDX-License-Identifier: BSD-3-Clause
"""Write what is in an image: components with licences, options, providers, toolchain, sizes.

The file holds nothing of the machine that built it: no absolute path, no time. Two builds of the
same sources in different folders give the same file.
"""
from __future__ import annotations

import argparse
import hashlib
import json
import os
from pathlib import Path
from typing import Any

from unicore.failure import Failure
from unicore.resolver.chains import ARROW
from unicore.symbolise_elf import PT_LOAD, Elf, ElfError
from unicore.tree import Record, Tree


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("image", metavar="IMAGE")
    parser.add_argument("--elf", type=Path, required=True, metavar="FILE",
                        help="the linked image; when it is NAME.debug, NAME beside it is the one described")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="the JSON file to write")


def main(args: argparse.Namespace) -> int:
    tree = Tree(args.tree)
    text = json.dumps(describe(tree, args.image, args.elf), indent=1, ensure_ascii=False) + "\n"
    temporary = args.out.with_name(args.out.name + ".new")
    temporary.write_text(text, encoding="utf-8")
    os.replace(temporary, args.out)
    return 0


def describe(tree: Tree, name: str, elf: Path) -> Record:
    """The contents of NAME.json."""
    image = tree.image(name)
    try:
        linked = Elf(elf)
        bootable = elf.with_suffix("") if elf.suffix == ".debug" and elf.with_suffix("").is_file() else elf
        file = _file(linked, bootable)
    except (ElfError, OSError) as error:
        raise Failure(str(error)) from None
    parts = [_component(tree, name, member) for member in image["closure"] if member["kind"] != "interface"]
    licences: dict[str, list[str]] = {}
    for part in parts:
        licences.setdefault(part["licence"], []).append(part["name"])
    options = {o["variable"]: o for o in tree.data["options"]}
    target = tree.target
    return {
        "schema": 1, "image": name,
        "target": {key: target[key] for key in ("platform", "architecture", "preset", "build_type")},
        "unicore": target["version"], "file": file, "toolchain": _toolchain(tree, linked),
        "components": parts, "licences": dict(sorted(licences.items())),
        "providers": {interface: {"providers": binding["providers"], "because": binding["reason"]}
                      for interface, binding in image["bindings"].items()},
        "options": [{"variable": v, "component": options[v]["component"], "value": options[v]["effective"],
                     "default": options[v]["default"]} for v in sorted(image["options"])],
        "boot": [step["component"] for step in image["boot"]], "settings": image["settings"]}


def _component(tree: Tree, image: str, member: Record) -> Record:
    part = tree.components[member["name"]]
    # A folder outside of the tree's sources would name the machine.
    folder = "" if part["external"] or os.path.isabs(part["folder"]) else part["folder"]
    version = part["version"] or ("" if part["external"] else tree.target["version"])
    record: dict[str, Any] = {"name": part["name"], "version": version, "licence": part["licence"],
                              "summary": part["summary"], "pool": part["pool"], "folder": folder,
                              "sha256": part["sha256"],
                              "because": ARROW.join((f"image {image}", *member["chain"]))}
    return {key: value for key, value in record.items() if value}


def _file(linked: Elf, bootable: Path) -> Record:
    """Size and digest of the bootable file, segments and build-id of what was linked."""
    data = bootable.read_bytes()
    loaded = [segment for segment in linked.segments if segment.kind == PT_LOAD]
    return {"name": bootable.name, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest(),
            "build_id": linked.build_id() or "", "entry": f"{linked.entry:#x}",
            "memory_bytes": sum(segment.memory_size for segment in loaded),
            "segments": [{"permissions": permissions(segment.flags), "address": f"{segment.address:#x}",
                          "file_bytes": segment.file_size, "memory_bytes": segment.memory_size}
                         for segment in loaded]}


def permissions(flags: int) -> str:
    """`r-x` of the flags of a program header."""
    return "".join(letter if flags & bit else "-" for letter, bit in (("r", 4), ("w", 2), ("x", 1)))


def _toolchain(tree: Tree, linked: Elf) -> Record:
    """The compiler as CMake knows it, the linker as it signed the file."""
    found = {"compiler": f"{tree.target['compiler']} {tree.target['compiler_version']}".strip()}
    for section in linked.sections:
        if section.name == ".comment":
            for text in linked.data[section.offset:section.offset + section.size].split(b"\0"):
                if text.startswith(b"Linker: "):
                    found["linker"] = text[len(b"Linker: "):].decode("utf-8", "replace")
    return found
