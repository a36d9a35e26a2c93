#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Writes the generated parts of the documentation anew.

  components TREE       docs/components.md from the metadata of a build tree (`--check`: only compare)
  measurements REPORT…  the tables of measurements.md and README.md from reports of `bench`; what two measured, the later has
  matrix PAGE           the tables of matrix.md from what the target `matrix` wrote
  picture               docs/pictures/demo.svg from a run of `./bootstrap demo`
  screenshot TREE       docs/pictures/http-server.png: the web server's page in Chromium, which must show its numbers
"""
from __future__ import annotations

import argparse
import difflib
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Iterable

ROOT = Path(__file__).resolve().parent.parent
TOOL = ROOT / "cmake" / "tools" / "unicore.py"
_CHATTER = r"^(Preset CMake|  [A-Z_]+(:[A-Z]+)?=|-- (?!Configuring)|\[0/)"  # of CMake and ninja, in the picture


def components(tree: Path, check: bool) -> int:
    """1 when `check` finds a difference."""
    page = ROOT / "docs" / "components.md"
    text = subprocess.run([sys.executable, "-B", str(TOOL), "--tree", str(tree), "components", "--markdown"],
                          stdout=subprocess.PIPE, encoding="utf-8", check=True).stdout
    if not check:
        page.write_text(text, encoding="utf-8")
        return 0
    old = page.read_text(encoding="utf-8") if page.exists() else ""
    difference = list(difflib.unified_diff(old.splitlines(), text.splitlines(), "docs/components.md", "metadata",
                                           lineterm=""))
    if difference:
        print("\n".join(difference))
        print(f"\ndocs/components.md is not up to date; in the top folder: docs/update.py components {tree}")
    return int(bool(difference))


def amount(value: float | None, unit: str) -> str:
    """A number as the tables show it."""
    if value is None:
        return ""
    digits = 0 if value == int(value) or abs(value) >= 1000 else 2
    return f"{value:,.{digits}f} {unit}".rstrip()


def cells(bar: dict[str, Any]) -> list[str]:
    """A row of the table of measurements."""
    sign = {"<=": "≤ ", "<": "< ", ">=": "≥ "}.get(bar["relation"], "")
    limit = sign + amount(bar["limit"], bar["unit"]) if sign else ""
    return [bar["what"], limit, amount(bar["measured"], bar["unit"]) or bar["verdict"], bar["peer"]]


def table(head: list[str], rows: Iterable[list[str]]) -> str:
    """A Markdown table."""
    return "\n".join(["| " + " | ".join(head) + " |", "|" + "---|" * len(head),
                      *("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows)])


def put(page: Path, name: str, text: str) -> None:
    """Puts `text` between `<!-- name…` and `<!-- end of name -->`."""
    old = page.read_text(encoding="utf-8")
    new, count = re.subn(rf"(<!-- {name}[^>]*-->\n).*?(<!-- end of {name} -->)", lambda m: f"{m[1]}{text}\n{m[2]}", old,
                         flags=re.DOTALL)
    if count != 1:
        raise SystemExit(f"{page}: no place called {name}")
    page.write_text(new, encoding="utf-8")


def measurements(reports: Iterable[Path], when: str) -> int:
    """Fills the tables from reports."""
    found = {bar["what"]: bar for report in reports for bar in json.loads(report.read_text(encoding="utf-8"))["bars"]}
    bars = list(found.values())
    notes = [f"- {bar['what']}: {bar['note']}" for bar in bars if bar["note"]]
    text = table(["what", "bar", "measured", "best peer"], map(cells, bars))
    put(ROOT / "docs" / "measurements.md", "bench",
        "\n".join([f"Measured {when}." if when else "", "", text, "", *notes]).strip("\n"))
    promised = [[bar["what"], amount(bar["measured"], bar["unit"]), bar["peer"]]
                for bar in bars if bar["measured"] is not None and (bar["peer"] or bar["name"] == "start" and bar["relation"])]
    put(ROOT / "README.md", "figures", table(["release images", "measured", "best peer"], promised))
    return 0


def main() -> int:
    """The exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("components")
    one.add_argument("tree", type=Path)
    one.add_argument("--check", action="store_true")
    one = commands.add_parser("measurements")
    one.add_argument("reports", type=Path, nargs="+", metavar="REPORT")
    one.add_argument("--when", default="", help="date and machine, for the page")
    commands.add_parser("matrix").add_argument("page", type=Path)
    commands.add_parser("picture")
    commands.add_parser("screenshot").add_argument("tree", type=Path)
    args = parser.parse_args()
    if args.command == "components":
        return components(args.tree, args.check)
    if args.command == "measurements":
        return measurements(args.reports, args.when)
    if args.command == "matrix":
        put(ROOT / "docs" / "matrix.md", "matrix", args.page.read_text(encoding="utf-8").strip("\n"))
        return 0
    if args.command == "screenshot":
        return subprocess.run([sys.executable, "-B", str(ROOT / "docs/pictures/browser.py"), str(args.tree), "--out",
                               str(ROOT / "docs/pictures/http-server.png")], check=False).returncode
    return subprocess.run([sys.executable, "-B", str(ROOT / "docs/pictures/terminal.py"), "--out",
                           str(ROOT / "docs/pictures/demo.svg"), f"--leave-out={_CHATTER}", "./bootstrap", "demo"],
                          cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
