# SPDX-License-Identifier: BSD-3-Clause
"""Traces of the agreement: what a domain printed, what is recorded in traces/TYPE/SCENARIO.ROLE.txt, and how the
two differ."""
from __future__ import annotations

import difflib
import re
from pathlib import Path
from typing import Dict, Iterable, List, Sequence, Tuple

FOLDER = Path(__file__).resolve().parent / "traces"
TYPES = ("pv", "pvh")
Key = Tuple[str, str]  # scenario, role
Traces = Dict[Key, List[str]]


class TraceError(Exception):
    """What was printed is no trace."""


def parse(text: str) -> Traces:
    """The traces that a domain printed among other things. Errors: TraceError when one has no end, lacks lines,
    came twice, or tells of a wait that was for nothing."""
    traces: Traces = {}
    key: Key = ("", "")
    lines: List[str] = []
    for line in text.splitlines():
        words = line.split()
        if line.startswith("| "):
            lines.append(line[2:])
        elif line.startswith("agreement: begin "):
            if key[0]:
                raise TraceError(f"{' '.join(key)} has no end")
            key, lines = (words[2], words[3]), []
            if key in traces:
                raise TraceError(f"{' '.join(key)} came twice")
        elif line.startswith("agreement: end "):
            if key != (words[2], words[3]) or len(lines) != int(words[4]):
                raise TraceError(f"{words[2]} {words[3]} has {len(lines)} lines of {words[4]}")
            given_up = [line for line in lines if line.startswith(("gave up", "waited for nothing"))]
            if given_up:
                raise TraceError(f"{words[2]} {words[3]} {given_up[0]}")
            traces[key], key = lines, ("", "")
    if key[0]:
        raise TraceError(f"{' '.join(key)} has no end")
    return traces


def operations(text: str) -> Dict[str, int]:
    """How much was done in each scenario, all roles together."""
    done: Dict[str, int] = {}
    for scenario, count in re.findall(r"^agreement: end (\S+) \S+ \d+ lines (\d+) operations$", text, re.MULTILINE):
        done[scenario] = done.get(scenario, 0) + int(count)
    return done


def recorded(kind: str, folder: Path = FOLDER) -> Traces:
    """What is recorded for a type of domain."""
    return {tuple(path.stem.split(".")): path.read_text(encoding="utf-8").splitlines()  # type: ignore[misc]
            for path in sorted((folder / kind).glob("*.*.txt"))}


def record(kind: str, traces: Traces, folder: Path = FOLDER) -> None:
    """Replaces what is recorded for a type of domain."""
    (folder / kind).mkdir(parents=True, exist_ok=True)
    for path in (folder / kind).glob("*.txt"):
        path.unlink()
    for (scenario, role), lines in traces.items():
        text = "".join(f"{line}\n" for line in lines)
        (folder / kind / f"{scenario}.{role}.txt").write_text(text, encoding="utf-8")


def differences(kind: str, scenario: str, role: str, ours: Sequence[str], theirs: Sequence[str], who: str) -> List[str]:
    """Each line that differs: where it is, what is recorded, and what `who` did."""
    found: List[str] = []
    for tag, first, last, start, end in difflib.SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        for i in range(0 if tag == "equal" else max(last - first, end - start)):
            was = ours[first + i] if first + i < last else "(nothing)"
            now = theirs[start + i] if start + i < end else "(nothing)"
            found.append(f"{scenario} {role} ({kind}), line {min(first + i, last) + 1}:\n"
                         f"    recorded: {was}\n    {who + ':':<9} {now}")
    return found


def compare(kind: str, expected: Traces, seen: Traces, who: str) -> List[str]:
    """All that differs; one that is missing on either side, or is empty, differs."""
    found: List[str] = []
    if not expected:
        found.append(f"nothing is recorded for {kind}")
    for key in sorted({*expected, *seen}):
        name = f"{key[0]} {key[1]} ({kind})"
        if key not in expected:
            found.append(f"{name} is not recorded")
        elif key not in seen:
            found.append(f"{name} did not run")
        elif not expected[key] or not seen[key]:
            found.append(f"{name} is empty")
        else:
            found += differences(kind, key[0], key[1], expected[key], seen[key], who)
    return found


def idle(scenarios: Iterable[str], done: Dict[str, int]) -> List[str]:
    """Scenarios in which nothing was done."""
    return [f"{scenario} did nothing" for scenario in scenarios if not done.get(scenario)]


def report(found: Sequence[str], most: int = 40) -> str:
    """For a person."""
    rest = [f"and {len(found) - most} more"] if len(found) > most else []
    return "\n".join([f"{len(found)} differences", *found[:most], *rest])
