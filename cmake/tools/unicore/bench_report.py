# SPDX-License-Identifier: BSD-3-Clause
"""The bars: what was measured, against what was promised."""
from __future__ import annotations

import operator
from dataclasses import asdict, dataclass, field
from typing import Any, Callable, Dict, List, Optional

from unicore.size import aligned

_RELATIONS: Dict[str, Callable[[float, float], bool]] = {"<=": operator.le, "<": operator.lt, ">=": operator.ge}
_SIGNS = {"<=": "≤", "<": "<", ">=": "≥"}


@dataclass
class Bar:
    """One promise and its measurement. `measured` None: it could not be measured, `note` says why."""

    name: str  # what --only takes
    what: str
    unit: str
    relation: str = ""  # "<=", "<", ">=", or nothing when there is no promise, only information
    limit: float = 0.0
    measured: Optional[float] = None
    note: str = ""
    peer: str = ""  # the best peer, measured the same way
    raw: Dict[str, Any] = field(default_factory=dict)

    def verdict(self) -> str:
        """met, missed, not measured, or nothing for mere information."""
        if self.measured is None:
            return "not measured"
        if not self.relation:
            return ""
        return "met" if _RELATIONS[self.relation](self.measured, self.limit) else "missed"

    def as_json(self) -> Dict[str, Any]:
        """For the JSON report."""
        return {**asdict(self), "verdict": self.verdict()}


def amount(value: float, unit: str) -> str:
    """A number with its unit, as many digits as matter."""
    if value != value or value in (float("inf"), float("-inf")):
        return str(value)
    digits = 0 if value == int(value) or abs(value) >= 1000 else 2
    return f"{value:,.{digits}f}{' ' + unit if unit else ''}"


def table(bars: List[Bar]) -> List[str]:
    """Lines to print: the table, and below it the notes."""
    rows = [["what", "bar", "measured", "verdict", "best peer"]]
    for bar in bars:
        limit = f"{_SIGNS[bar.relation]} {amount(bar.limit, bar.unit)}" if bar.relation else ""
        measured = amount(bar.measured, bar.unit) if bar.measured is not None else ""
        rows.append([bar.what, limit, measured, bar.verdict(), bar.peer])
    notes = [f"  {bar.what}: {bar.note}" for bar in bars if bar.note]
    return aligned(rows) + ([""] + notes if notes else [])
