# SPDX-License-Identifier: BSD-3-Clause
"""The files of a build tree's images."""
from __future__ import annotations

import difflib
from pathlib import Path
from typing import List

from unicore.run_targets import RunError
from unicore.tree import Tree

_COMPANIONS = (".debug", ".map", ".json", ".svg")


class BuiltTree(Tree):
    """A configured build tree with the images that were built in it."""

    @property
    def folder(self) -> Path:
        """Where the bootable files are, each with NAME.debug, NAME.map and NAME.json."""
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

    def companion(self, image: Path, suffix: str) -> Path:
        """The file beside `image` with `suffix` (.debug, .map, .json). Errors: RunError."""
        for file in (Path(f"{image}{suffix}"), self.folder / (image.name + suffix)):
            if file.is_file():
                return file
        raise RunError(f"{image}{suffix} is missing: build the image first")
