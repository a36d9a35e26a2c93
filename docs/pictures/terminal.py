#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Runs a command in a terminal and draws, as an SVG picture, what the terminal shows at the end."""
from __future__ import annotations

import argparse
import os
import pty
import re
import shlex
import sys
from pathlib import Path
from xml.sax.saxutils import escape

COLUMNS = 100
CHARACTER, LINE, MARGIN, BAR = 7.8, 18, 14, 30  # of a 13 px monospaced font
_CONTROL = re.compile(r"\x1b\[([0-9;?]*)([A-Za-z])|\x1b[()][A-Z0-9]|\x1b[=>]")


def record(command: list[str]) -> tuple[int, str]:
    """Exit status and everything that the command wrote to its terminal."""
    chunks: list[bytes] = []

    def read(descriptor: int) -> bytes:
        data = os.read(descriptor, 4096)
        chunks.append(data)
        return data

    os.environ.update(COLUMNS=str(COLUMNS), TERM="xterm", LC_ALL="C.UTF-8")
    status = pty.spawn(command, read)
    return os.waitstatus_to_exitcode(status), b"".join(chunks).decode("utf-8", "replace")


def screen(text: str) -> list[str]:
    """The lines that stay: carriage returns and line erasures are carried out, colours left away."""
    lines, line, at, index = [], "", 0, 0
    while index < len(text):
        control = _CONTROL.match(text, index)
        if control:
            if control[2] == "K":
                line = line[:at]
            index = control.end()
            continue
        character = text[index]
        index += 1
        if character == "\r":
            at = 0
        elif character == "\n":
            lines.append(line.rstrip())
            line, at = "", 0
        elif character == "\b":
            at = max(at - 1, 0)
        elif character >= " ":
            line = line[:at] + character + line[at + 1:]
            at += 1
    return [*lines, line.rstrip()] if line.strip() else lines


def fold(lines: list[str]) -> list[str]:
    """Lines as wide as the terminal."""
    return [line[i:i + COLUMNS] for line in lines for i in range(0, max(len(line), 1), COLUMNS)]


def shortened(lines: list[str], patterns: list[str]) -> list[str]:
    """Without lines that match; what was left out in a row, empty lines included, is shown as one "⋮"."""
    found: list[str] = []
    gap = False
    for line in lines:
        if any(re.search(pattern, line) for pattern in patterns):
            gap = True
            while found and not found[-1]:
                found.pop()
        elif line or not gap:
            found += ["  ⋮"] * gap + [line]
            gap = False
    return found


def colour(line: str) -> str:
    """The class of a line."""
    if line.startswith("$ "):
        return "prompt"
    if line.startswith("==> "):
        return "step"
    if re.match(r"\s*(--|Preset|\[\d+/\d+\]|⋮|  [A-Z_]+(:[A-Z]+)?=|ninja:)", line):
        return "dim"
    return "text"


def svg(title: str, lines: list[str]) -> str:
    """The picture."""
    width = round(COLUMNS * CHARACTER + 2 * MARGIN)
    height = BAR + len(lines) * LINE + 2 * MARGIN - 4
    rows = [f'<text class="{colour(line)}" x="{MARGIN}" y="{BAR + MARGIN + LINE * (i + 1) - 6}" '
            f'xml:space="preserve">{escape(line)}</text>' for i, line in enumerate(lines) if line]
    dots = "".join(f'<circle cx="{18 + 20 * i}" cy="15" r="6" fill="{fill}"/>'
                   for i, fill in enumerate(("#ff5f57", "#febc2e", "#28c840")))
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'role="img" aria-label="{escape(title)}">',
        "<style>text{font:13px ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,monospace}.text{fill:#e6edf3}"
        ".prompt{fill:#7ee787;font-weight:bold}.step{fill:#79c0ff;font-weight:bold}.dim{fill:#8b949e}</style>",
        f'<rect width="{width}" height="{height}" rx="8" fill="#0d1117"/>', dots,
        f'<text class="dim" x="{width / 2}" y="20" text-anchor="middle">{escape(title)}</text>', *rows, "</svg>", ""])


def main() -> int:
    """The command's exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--leave-out", action="append", default=[], metavar="REGEX", help="lines not to show")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    args = parser.parse_args()
    status, text = record(args.command)
    here = str(Path.cwd())
    lines = [f"$ {shlex.join(args.command)}", *(line.replace(here, "…") for line in screen(text))]
    args.out.write_text(svg(shlex.join(args.command), fold(shortened(lines, args.leave_out))), encoding="utf-8")
    return status


if __name__ == "__main__":
    sys.exit(main())
