# SPDX-License-Identifier: BSD-3-Clause
"""Bars of threads, in the example `threads`: two yield to each other, or one has a mutex, as often as its argument says."""
from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import List

from unicore.bench_guest import CASES
from unicore.bench_report import Bar
from unicore.bench_tools import Guest, built, clean_environment, median
from unicore.failure import Failure
from unicore.run_accel import tool

IMAGE = "threads"
_FEW, _MANY = 10_000, 20_000  # as many digits
_LINE = re.compile(r"ping pong, (\d+) times: (\d+) ns")
_WHAT = "yield to another thread and back"


def instruction_bars(guest: Guest, pair: str) -> List[Bar]:
    """Guest instructions of a turn, with the loops: many turns against few, so that all else cancels out.
    Errors: Failure."""
    bars = []
    for what, limit, peer, more in ((_WHAT, 80, "about 200", []), ("lock and unlock a mutex that is free", 12, "", ["lock"])):
        case = CASES[pair][0]
        runs = [guest.boot(machine=case.machine, memory=case.memory, arguments=[str(turns), *more], count=True,
                           start=case.entry) for turns in (_FEW, _MANY)]
        bar = Bar("threads", f"{what}, instructions, {pair}", "", "<=", limit, peer=peer)
        if all(run.status == 0 for run in runs):
            bar.measured = round((runs[1].instructions - runs[0].instructions) / (_MANY - _FEW), 2)
            bar.raw = {str(turns): run.instructions for turns, run in zip((_FEW, _MANY), runs)}
        else:
            bar.note = f"it ended with {[run.status for run in runs]}: {runs[0].console[-200:]!r} {runs[0].complaint}"
        bars.append(bar)
    return bars


def process_bars(image: Path, scratch: Path, quick: bool) -> List[Bar]:
    """Nanoseconds of a turn, natively, against two POSIX threads on one processor, in turns. Errors: Failure."""
    baseline = built(scratch, "yield.c", "yield", tool("gcc", "clang-19"), ["-pthread"])
    ours: List[float] = []
    theirs: List[float] = []
    for _ in range(3 if quick else 9):
        found = _LINE.search(_run([str(image), "1000000"]))
        if not found:
            raise Failure(f"{image.name} does not say how long it took")
        ours.append(int(found[2]) / int(found[1]))
        theirs.append(float(_run([str(baseline), "10000"])))
    bar = Bar("threads", f"{_WHAT}, natively, against two pthreads", "×", "<=", 0.05, median(ours) / median(theirs))
    bar.note = f"medians {median(ours):,.1f} and {median(theirs):,.1f} ns over {len(ours)} turns"
    bar.raw = {"ours_ns": ours, "baseline_ns": theirs}
    return [bar]


def _run(command: List[str]) -> str:
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          encoding="utf-8", timeout=120, check=False, env=clean_environment())
    if done.returncode:
        raise Failure(f"{command[0]} ended with {done.returncode}: {done.stderr.strip()}")
    return done.stdout
