# SPDX-License-Identifier: BSD-3-Clause
"""The files of a build tree's images."""
from __future__ import annotations

import difflib
import os
from pathlib import Path
from typing import Dict, List

from unicore.run_targets import RunError
from unicore.tree import Tree

_COMPANIONS = (".debug", ".elf", ".map", ".json", ".svg", ".cfg", ".xml")


class BuiltTree(Tree):
    """A configured build tree with the images that were built in it."""

    @property
    def folder(self) -> Path:
        """Where the bootable files are, each with NAME.debug, NAME.map, NAME.json, NAME.elf if it is none."""
        return self.root / "images"

    @property
    def scratch(self) -> Path:
        """Where the tools keep what is theirs."""
        return self.root / "unicore"

    def built(self) -> List[str]:
        """Names of the images that were built."""
        if not self.folder.is_dir():
            return []
        return sorted(file.name for file in self.folder.iterdir()
                      if file.is_file() and file.suffix not in _COMPANIONS)

    def bootable(self, name: str) -> Path:
        """The bootable file of image `name`; a path to a file works too. Errors: RunError."""
        inside = self.folder / name
        if "/" not in name and inside.is_file():
            return inside
        if Path(name).is_file():
            return Path(name)
        if name in self.images:
            raise RunError(f"image {name} is not built yet (cmake --build {self.root})")
        near = difflib.get_close_matches(name, self.built(), 1)
        hint = f"; did you mean {near[0]}?" if near else f" (there: {', '.join(self.built()) or 'none'})"
        raise RunError(f"no image {name} in {self.folder}{hint}")

    def elf(self, image: Path) -> Path:
        """The stripped ELF file of a bootable file: itself, where the platform loads that."""
        made_from = Path(f"{image}.elf")
        return made_from if made_from.is_file() else image

    def prefixes(self) -> Dict[str, Path]:
        """Where the compiler's file names start from: images must not depend on where they were
        built, so it was told to write these words for the folders."""
        roots = {"./unicore": "unicore_root", "./build": "build_root", ".": "source_root"}
        return {word: Path(self.target[key]) for word, key in roots.items() if self.target.get(key)}

    def source(self, name: str) -> str:
        """The file that the compiler calls `name`, from the current folder if it is below; `name`
        itself when there is no such file here."""
        plain = name if name.startswith(("./", "/")) else f"./{name}"
        for word, root in self.prefixes().items():
            if plain.startswith(word + "/") and (root / plain[len(word) + 1:]).is_file():
                path = os.path.relpath(root / plain[len(word) + 1:])
                return str(root / plain[len(word) + 1:]) if path.startswith("..") else path
        return name

    def companion(self, image: Path, suffix: str) -> Path:
        """The file beside `image` with `suffix` (.debug, .map, .json). Errors: RunError."""
        for file in (Path(f"{image}{suffix}"), self.folder / (image.name + suffix)):
            if file.is_file():
                return file
        raise RunError(f"{image}{suffix} is missing: build the image first")
