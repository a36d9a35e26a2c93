# SPDX-License-Identifier: BSD-3-Clause
"""Draws an account as an SVG treemap: a box for each component, in it a box for each section.

Area is bytes in the file. The layout keeps boxes near squares.
Source: Bruls, Huizing, van Wijk, "Squarified Treemaps" (2000).
"""
from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Dict, List, Sequence, Tuple

from unicore.size_account import CODE, CONSTANTS, DATA, UNLOADED, ZEROED, Account

_WIDTH, _HEIGHT, _TOP, _LEGEND, _EDGE = 1200.0, 760.0, 44.0, 34.0, 10.0
_COLOURS = {CODE: "#9ecae9", CONSTANTS: "#b7dfa8", DATA: "#ffcf8f", ZEROED: "#e2d3ee", UNLOADED: "#d9d9d9"}
_CHARACTER, _BOLD = 0.58, 0.68  # width of a character of the font, in its size
_SMALLEST = 9.0  # size of the smallest readable text


@dataclass(frozen=True)
class Box:
    """A rectangle of the drawing."""

    x: float
    y: float
    width: float
    height: float

    def inside(self, edge: float, top: float) -> "Box":
        """What is left within a frame of `edge` and a title of `top`."""
        return Box(self.x + edge, self.y + top, max(self.width - 2 * edge, 0), max(self.height - top - edge, 0))


def squarify(sizes: Sequence[float], box: Box) -> List[Box]:
    """Boxes with areas in proportion to `sizes` (positive, descending) that fill `box`."""
    scale = box.width * box.height / sum(sizes) if sizes else 0
    result: List[Box] = []
    left = list(sizes)
    while left:
        side = min(box.width, box.height)
        row = [left.pop(0)]
        while left and _worst(row + left[:1], side, scale) <= _worst(row, side, scale):
            row.append(left.pop(0))
        depth = sum(row) * scale / side if side else 0
        at = 0.0
        for size in row:
            length = size * scale / depth if depth else 0
            if box.width >= box.height:
                result.append(Box(box.x, box.y + at, depth, length))
            else:
                result.append(Box(box.x + at, box.y, length, depth))
            at += length
        if box.width >= box.height:
            box = Box(box.x + depth, box.y, box.width - depth, box.height)
        else:
            box = Box(box.x, box.y + depth, box.width, box.height - depth)
    return result


def _worst(row: Sequence[float], side: float, scale: float) -> float:
    """The largest ratio of a box's sides if `row` is laid along `side`."""
    total = sum(row) * scale
    if not side or not total:
        return float("inf")
    return max(side * side * max(row) * scale / (total * total), total * total / (side * side * min(row) * scale))


def _label(box: Box, lines: Sequence[str], size: float) -> str:
    """As many of `lines` as fit into `box` from its top left corner, each shrunk if need be."""
    text, y = "", box.y
    for line in lines:
        fitting = min(size, (box.width - 6) / max(len(line) * _CHARACTER, 1))
        if fitting < _SMALLEST or y + fitting * 1.25 > box.y + box.height:
            break
        y += fitting * 1.2
        text += f'<text x="{box.x + 4:.1f}" y="{y:.1f}" font-size="{fitting:.1f}">{escape(line)}</text>\n'
    return text


def _title(box: Box, name: str, size: str) -> str:
    """The title of a component's box: its size goes first, then the end of its name."""
    room = int((box.width - 6) / (_BOLD * _SMALLEST))
    text = f"{name} {size}" if len(name) + 1 + len(size) <= room else name
    if len(text) > room:
        text = text[:max(room - 1, 1)] + "…"
    fitting = min(14.0, (box.width - 6) / (len(text) * _BOLD))
    return (f'<text x="{box.x + 4:.1f}" y="{box.y + 15.5:.1f}" font-size="{fitting:.1f}" font-weight="bold" '
            f'fill="#fff">{escape(text)}</text>\n')


def _rectangle(box: Box, fill: str, title: str) -> str:
    return (f'<rect x="{box.x:.1f}" y="{box.y:.1f}" width="{box.width:.1f}" height="{box.height:.1f}" '
            f'fill="{fill}" stroke="#fff" stroke-width="1"><title>{escape(title)}</title></rect>\n')


def treemap(account: Account) -> str:
    """The drawing as SVG text."""
    groups: List[Tuple[str, Dict[Tuple[str, str], int]]] = []
    for component, parts in account.by_component().items():
        cells: Dict[Tuple[str, str], int] = {}
        for part in parts:
            if part.file:
                key = (part.section, part.kind)
                cells[key] = cells.get(key, 0) + part.file
        if cells:
            groups.append((component, cells))
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH:g} {_HEIGHT:g}" width="{_WIDTH:g}" '
           f'height="{_HEIGHT:g}" font-family="DejaVu Sans, Verdana, sans-serif" fill="#1b1b1b">\n'
           f'<rect width="100%" height="100%" fill="#fff"/>\n'
           f'<text x="{_EDGE + 2:g}" y="29" font-size="19"><tspan font-weight="bold">{escape(account.image)}</tspan>: '
           f'{account.file:,} bytes in the file, {account.memory:,} in memory</text>\n']
    area = Box(_EDGE, _TOP, _WIDTH - 2 * _EDGE, _HEIGHT - _TOP - _LEGEND - _EDGE)
    for (component, cells), box in zip(groups, squarify([sum(c.values()) for _, c in groups], area)):
        total = sum(cells.values())
        title = f"{component} {total:,}"
        out.append(_rectangle(box, "#49525e", title))
        header = box.height > 34 and box.width > 40
        inner = box.inside(2, 20 if header else 2)
        if header:
            out.append(_title(box, component, f"{total:,}"))
        ordered = sorted(cells.items(), key=lambda item: -item[1])
        for ((section, kind), size), cell in zip(ordered, squarify([size for _, size in ordered], inner)):
            out.append(_rectangle(cell, _COLOURS[kind], f"{component} {section or kind} {size:,}"))
            names = [section or kind, f"{size:,}"] if header else [component, f"{size:,}"]
            out.append(_label(cell, names, 13))
    x, used = _EDGE, {kind for _, cells in groups for _, kind in cells}
    for kind, colour in _COLOURS.items():
        if kind in used:
            y = _HEIGHT - _LEGEND + 4
            out.append(f'<rect x="{x:g}" y="{y:g}" width="16" height="16" fill="{colour}"/>'
                       f'<text x="{x + 22:g}" y="{y + 13:g}" font-size="13">{kind}</text>\n')
            x += 40 + 8 * len(kind)
    return "".join(out) + "</svg>\n"
