# SPDX-License-Identifier: BSD-3-Clause
"""A configured build tree, as the reports see it."""
from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Iterator, Sequence

from unicore.failure import Failure

Record = dict[str, Any]


class Tree:
    """A build tree and its components.json. Raises Failure when it was never configured."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        path = self.root / "unicore" / "components.json"
        try:
            self.data: Record = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise Failure(f"'{root}' is no configured Unicore build tree (it has no "
                          "unicore/components.json); name one with --tree") from None
        self.target: Record = self.data["target"]
        self.interfaces: dict[str, Record] = {i["name"]: i for i in self.data["interfaces"]}
        self.components: dict[str, Record] = {c["name"]: c for c in self.data["components"]}
        self.images: dict[str, Record] = {i["name"]: i for i in self.data["images"]}

    @property
    def pair(self) -> str:
        """The target's name: PLATFORM-ARCHITECTURE."""
        return f"{self.target['platform']}-{self.target['architecture']}"

    def image(self, name: str) -> Record:
        """The image's closure, bindings, boot order and options."""
        return self._find(name, self.images, "image")

    def part(self, name: str) -> Record:
        """The component or interface of that name."""
        return self._find(name, {**self.interfaces, **self.components}, "component or interface")

    def image_file(self, name: str) -> Path:
        """The bootable file; beside it lie NAME.debug and NAME.json."""
        return self.root / "images" / name

    def _find(self, name: str, known: dict[str, Record], what: str) -> Record:
        if name not in known:
            from unicore.resolver.names import suggestion

            listed = ", ".join(sorted(known)) if len(known) <= 12 else f"{len(known)} are known"
            raise Failure(f"no {what} is called '{name}'{suggestion(name, known)} ({listed})")
        return known[name]


def table(rows: Sequence[Sequence[str]], indent: str = "  ") -> Iterator[str]:
    """Lines with the columns aligned; the last one runs free."""
    columns = list(zip(*rows))
    widths = [max(map(len, column)) for column in columns[:-1]]
    for row in rows:
        cells = [f"{cell:<{width}}" for cell, width in zip(row, widths)]
        yield (indent + "  ".join([*cells, row[-1]])).rstrip()
