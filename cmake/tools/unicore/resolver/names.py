# SPDX-License-Identifier: BSD-3-Clause
"""Names of components, the variables made of them, and the nearest name to a misspelt one."""
from __future__ import annotations

import re
from typing import Iterable

_PART = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9][a-z0-9_]*)*\Z")
_IMAGE = re.compile(r"[a-z0-9][a-z0-9_.-]*\Z")

PART_RULE = "a-z, 0-9 and _, in parts joined by dots, starting with a letter"
IMAGE_RULE = "a-z, 0-9, _, . and -, starting with a letter or digit"


def is_part_name(name: str) -> bool:
    """Whether a component or interface may be called `name` (PART_RULE)."""
    return _PART.match(name) is not None


def is_image_name(name: str) -> bool:
    """Whether an image may be called `name` (IMAGE_RULE)."""
    return _IMAGE.match(name) is not None


def mended(name: str, image: bool = False) -> str:
    """What `name` may be instead: `Lamp-Red` -> lamp_red; "" when nothing like it is allowed."""
    text = re.sub(r"[^a-z0-9_.-]" if image else r"[^a-z0-9_.]", "_", name.lower())
    return text if (is_image_name if image else is_part_name)(text) else ""


def variable_part(name: str) -> str:
    """`memory.tlsf` as cache variables spell it: MEMORY_TLSF."""
    return name.replace(".", "_").replace("-", "_").upper()


def provider_variable(interface: str) -> str:
    """The cache variable that chooses the provider of a one-of interface."""
    return f"UNICORE_PROVIDER_{variable_part(interface)}"


def enable_variable(component: str) -> str:
    """The cache variable that leaves a provider of a many-of interface in or out."""
    return f"UNICORE_WITH_{variable_part(component)}"


def namespace(name: str) -> str:
    """The C++ namespace of a component: `unicore::memory::tlsf`."""
    parts = (f"_{part}" if part[0].isdigit() else part for part in name.split("."))
    return "unicore::" + "::".join(parts)


def include_folder(name: str) -> str:
    """Where its headers live below an include folder: `unicore/memory/tlsf`."""
    return "unicore/" + name.replace(".", "/")


def distance(one: str, other: str) -> int:
    """Damerau-Levenshtein distance: insert, delete, replace, or swap two neighbours."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        current = [i]
        for j, b in enumerate(other, 1):
            cost = min(row[j] + 1, current[j - 1] + 1, row[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and b == one[i - 2]:
                cost = min(cost, before[j - 2] + 1)
            current.append(cost)
        before, row = row, current
    return row[-1]


def nearest(name: str, candidates: Iterable[str]) -> str:
    """The candidate that `name` most likely stands for, or "" when none is near.

    Near is a third of the letters wrong at most, in the whole name or in its last part (`tlfs` is
    near `memory.tlsf`, and `net.tlsf` too).
    """
    pool = sorted(set(candidates) - {name})
    last = name.rpartition(".")[2]
    return nearest_whole(name, pool) or _closest(
        last, ((c.rpartition(".")[2], c) for c in pool if "." in c))


def nearest_whole(name: str, candidates: Iterable[str]) -> str:
    """As `nearest`, but for names whose part behind the last dot says little, such as those of files."""
    return _closest(name, ((c, c) for c in sorted(set(candidates) - {name})))


def _closest(name: str, spelled: Iterable[tuple[str, str]]) -> str:
    """The second of the pair whose first is closest to `name`, or ""."""
    allowed = max(1, min(4, len(name) // 3))
    close = [(distance(name, text), result) for text, result in spelled
             if abs(len(name) - len(text)) <= allowed]
    best = min(close, default=(allowed + 1, ""))
    return best[1] if best[0] <= allowed else ""


def suggestion(name: str, candidates: Iterable[str]) -> str:
    """`; did you mean X?`, or nothing."""
    found = nearest(name, candidates)
    return f"; did you mean '{found}'?" if found else ""
