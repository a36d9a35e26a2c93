# SPDX-License-Identifier: BSD-3-Clause
"""What is wrong with a configuration, and how it is told.

A problem says what is wrong, then facts under fixed labels: who needs it, what would provide it
here and elsewhere, what to do. Lines are indented, so that CMake's message() leaves them alone.
"""
from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Iterable, Sequence

WIDTH = 100
LABEL = 12  # columns of a label, the gap behind it included


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong.

    `image` is set when it was found in one image; the same problem in several is told once.
    """

    kind: str
    what: str
    facts: tuple[tuple[str, tuple[str, ...]], ...] = ()
    image: str = ""
    subject: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, ...]:
        """Problems with equal keys are one problem."""
        return (self.kind, *(self.subject or (self.what,)))


def problem(kind: str, what: str, *, image: str = "", subject: Iterable[str] = (),
            **facts: str | Sequence[str]) -> Problem:
    """Makes one; facts become labels (`needed_by` is printed `needed by`), empty ones vanish."""
    told = []
    for label, value in facts.items():
        lines = (value,) if isinstance(value, str) else tuple(value)
        if any(lines):
            told.append((label.replace("_", " "), tuple(line for line in lines if line)))
    return Problem(kind, what, tuple(told), image, tuple(subject))


def merge(problems: Iterable[Problem]) -> list[Problem]:
    """Tells what was found in several images once, with the others named."""
    first: dict[tuple[str, ...], Problem] = {}
    others: dict[tuple[str, ...], list[str]] = {}
    for found in problems:
        if first.setdefault(found.key, found) is not found and found.image:
            images = others.setdefault(found.key, [])
            if found.image not in images and found.image != first[found.key].image:
                images.append(found.image)
    return [_with_images(found, others.get(key, [])) for key, found in first.items()]


def _with_images(found: Problem, images: list[str]) -> Problem:
    if not images:
        return found
    text = ", ".join(images[:6]) + (f" and {len(images) - 6} more" if len(images) > 6 else "")
    facts = [*found.facts]
    # `fix` stays last: it is what the reader looks for.
    position = len(facts) - 1 if facts and facts[-1][0] == "fix" else len(facts)
    facts.insert(position, ("also in", (text,)))
    return Problem(found.kind, found.what, tuple(facts), found.image, found.subject)


def wrap(text: str, first: str, rest: str) -> list[str]:
    """Breaks at spaces only, so that options and paths stay whole and can be copied."""
    lines, line, empty = [], first, True
    for word in text.split():
        if not empty and len(line) + 1 + len(word) > WIDTH:
            lines.append(line)
            line, empty = rest, True
        line += word if empty else " " + word
        empty = False
    return [*lines, line]


def render(found: Problem) -> list[str]:
    """Its lines."""
    lines = wrap(f"{found.kind}: {found.what}", "  ", "    ")
    blank = " " * (4 + LABEL)
    for label, values in found.facts:
        for position, value in enumerate(values):
            head = f"    {label:<{LABEL}}" if position == 0 else blank
            lines += wrap(value, head, blank)
    return lines


def render_all(problems: Sequence[Problem]) -> str:
    """The whole report for stderr: every problem, then how many there are."""
    merged = merge(problems)
    blocks = ["\n".join(render(found)) for found in merged]
    count = "1 problem" if len(merged) == 1 else f"{len(merged)} problems"
    # The blank line has two spaces: an empty one would end the text that message() leaves alone.
    return "\n  \n".join([*blocks, f"  {count}; nothing was generated."]) + "\n"


def short(path: str, *roots: str) -> str:
    """`path` relative to the first of `roots` that holds it, else as it is."""
    for root in roots:
        if root and path.startswith(root.rstrip("/") + "/"):
            return os.path.relpath(path, root)
    return path
