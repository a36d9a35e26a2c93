# SPDX-License-Identifier: BSD-3-Clause
"""What a page of the documentation says that can be checked: its fenced blocks.

    ```sh run [status=N]     is run, in the reader's shell, and must end with that status (0)
    ```sh by-hand            is not: it asks questions, needs a network, or takes long
    ```text                  right after a block that is run: what the terminal shows
    ```cpp file=PATH         is written to PATH below the current folder, as the reader is told to
    ```cpp of=PATH           stands in PATH of the sources like this already

In text and in excerpts `…` stands for anything within a line, and alone on a line for any lines.
"""
from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Iterator, Sequence

_FENCE = re.compile(r"^(?P<indent> {0,3})(?P<fence>`{3,})(?P<info>[^`]*)$")
ANYTHING = "…"


class PageError(Exception):
    """The page itself is wrong."""


@dataclass(frozen=True)
class Block:
    """One fenced block; `line` is where it begins, from 1."""

    line: int
    language: str
    words: tuple[str, ...]
    text: str
    follows: int | None  # the index of the block right before it, when only blank lines are between

    def value(self, key: str) -> str | None:
        """What `key=` says."""
        return next((word.partition("=")[2] for word in self.words if word.startswith(key + "=")), None)


def blocks(text: str) -> list[Block]:
    """The fenced blocks of a page. Errors: PageError for one that does not end."""
    found: list[Block] = []
    lines = text.split("\n")
    index, last_end = 0, -1
    while index < len(lines):
        match = _FENCE.match(lines[index])
        if not match:
            index += 1
            continue
        start, indent, fence = index, len(match["indent"]), match["fence"]
        index += 1
        while index < len(lines) and not re.fullmatch(rf" {{0,3}}`{{{len(fence)},}}\s*", lines[index]):
            index += 1
        if index == len(lines):
            raise PageError(f"line {start + 1}: a block that does not end")
        inner = [line[indent:] if not line[:indent].strip() else line for line in lines[start + 1:index]]
        between = lines[last_end + 1:start]
        words = match["info"].split()
        found.append(Block(start + 1, words[0] if words else "", tuple(words[1:]), "\n".join(inner),
                           len(found) - 1 if found and not any(line.strip() for line in between) else None))
        last_end = index
        index += 1
    return found


@dataclass(frozen=True)
class Step:
    """What to do with one block: run, write or find."""

    kind: str
    block: Block
    expected: Block | None = None  # of run: what the terminal shows


def steps(text: str) -> list[Step]:
    """What a page asks for, in order. Errors: PageError when a block does not say what it is."""
    all_blocks = blocks(text)
    outputs = {block.follows: block for block in all_blocks if block.language == "text" and block.follows is not None}
    found = []
    for index, block in enumerate(all_blocks):
        if block.language in ("sh", "bash", "shell", "console"):
            if block.language != "sh" or ("run" in block.words) == ("by-hand" in block.words):
                raise PageError(f"line {block.line}: commands are either `sh run` or `sh by-hand`")
            if "run" in block.words:
                found.append(Step("run", block, outputs.get(index)))
        elif block.value("file"):
            found.append(Step("write", block))
        elif block.value("of"):
            found.append(Step("find", block))
    return found


def line_pattern(line: str) -> re.Pattern[str]:
    """What one expected line means."""
    return re.compile(".*".join(re.escape(part) for part in line.rstrip().split(ANYTHING)))


def mismatch(expected: Sequence[str], actual: Sequence[str], anywhere: bool = False) -> str | None:
    """None when `actual` is what `expected` says; else a sentence. `anywhere`: as a part of it."""
    wanted = [line.rstrip() for line in expected]
    if anywhere:
        wanted = [ANYTHING, *wanted, ANYTHING]
    shown = [line.rstrip() for line in actual]
    # reached[i]: which numbers of lines of `shown` the first i of `wanted` can take
    reached: list[set[int]] = [{0}]
    for line in wanted:
        before = reached[-1]
        if line == ANYTHING:
            reached.append(set(range(min(before), len(shown) + 1)) if before else set())
        else:
            pattern = line_pattern(line)
            reached.append({at + 1 for at in before if at < len(shown) and pattern.fullmatch(shown[at])})
        if not reached[-1]:
            if len(before) > 1:
                return f"no line {line!r} where one is expected"
            at = max(before)
            return f"expected {line!r}, found {shown[at] if at < len(shown) else 'the end'!r}"
    if len(shown) not in reached[-1]:
        return f"unexpected line {shown[max(reached[-1])]!r}"
    return None


def headings(text: str) -> Iterator[str]:
    """The anchors of a page: those that GitHub makes of headings, and those that the page names."""
    fenced = {line for block in blocks(text) for line in range(block.line, block.line + block.text.count("\n") + 2)}
    seen: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), 1):
        yield from re.findall(r'<a id="([^"]+)">', line)
        match = re.match(r"^#{1,6}\s+(.*?)\s*#*$", line)
        if not match or number in fenced:
            continue
        title = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", match[1]).replace("`", "")
        slug = re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
        count = seen.get(slug, 0)
        seen[slug] = count + 1
        yield f"{slug}-{count}" if count else slug


def links(text: str) -> Iterator[tuple[int, str]]:
    """Line and target of every link and picture outside of code."""
    fenced = {line for block in blocks(text) for line in range(block.line, block.line + block.text.count("\n") + 3)}
    for number, line in enumerate(text.split("\n"), 1):
        if number in fenced or line.startswith("    "):
            continue
        bare = re.sub(r"`[^`]*`", "", line)
        yield from ((number, target) for target in re.findall(r"\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)", bare))
        yield from ((number, target) for target in re.findall(r'(?:src|href)="([^"]+)"', bare))
