#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Checks every relative link, picture and anchor of every page of the repository.

Also that what the index of docs/ should name is named, and that blocks of commands say whether they are run.
"""
from __future__ import annotations

import argparse
import sys
from pathlib import Path
from urllib.parse import unquote

from page import PageError, headings, links, steps
from run_page import source_files


def wrong_links(page: Path, root: Path) -> list[str]:
    """A sentence for each link that leads nowhere."""
    text = page.read_text(encoding="utf-8")
    found = []
    for line, target in links(text):
        if "://" in target or target.startswith("mailto:"):
            continue
        path, _, anchor = unquote(target).partition("#")
        place = page if not path else (page.parent / path).resolve()
        where = f"{page.relative_to(root)}:{line}"
        if not place.exists():
            found.append(f"{where}: {target} does not exist")
        elif root not in (place, *place.parents):
            found.append(f"{where}: {target} is outside of the repository")
        elif anchor and place.suffix == ".md" and anchor not in set(headings(place.read_text(encoding="utf-8"))):
            found.append(f"{where}: {place.name} has no heading for #{anchor}")
    return found


def main() -> int:
    """1 when something leads nowhere."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("root", type=Path)
    root = parser.parse_args().root.resolve()
    pages = [root / name for name in source_files(root) if name.endswith(".md")]
    found = []
    for page in sorted(pages):
        try:
            found += wrong_links(page, root)
            if page.parent == root / "docs" or page.parent == root:
                steps(page.read_text(encoding="utf-8"))
        except PageError as error:
            found.append(f"{page.relative_to(root)}: {error}")
    index = root / "docs" / "README.md"
    named = {target.partition("#")[0] for _, target in links(index.read_text(encoding="utf-8"))}
    found += [f"docs/README.md: does not name {page.name}" for page in sorted(pages)
              if page.parent == root / "docs" and page != index and page.name not in named]
    print("\n".join(found) if found else f"{len(pages)} pages, every link leads somewhere")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
