# SPDX-License-Identifier: BSD-3-Clause
"""Bars of threads, in the example `threads`: two yield to each other, or one has a mutex, as often as its argument says."""
from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import List

from unicore.bench_guest import count_turns
from unicore.bench_report import Bar
from unicore.bench_tools import Guest, built, clean_environment, median
from unicore.failure import Failure
from unicore.run_accel import tool

IMAGE = "threads"
_LINE = re.compile(r"ping pong, (\d+) times: (\d+) ns")
_WHAT = "yield to another thread and back"


def instruction_bars(guest: Guest, pair: str) -> List[Bar]:
    """Guest instructions of a turn of both threads, and of a lock. Errors: Failure."""
    switch = Bar("threads", f"{_WHAT}, instructions, {pair}", "", "<=", 80, peer="about 200")
    lock = Bar("threads", f"lock and unlock a mutex that is free, instructions, {pair}", "", "<=", 12)
    loop = count_turns(Bar("threads", "", ""), guest, pair, lambda turns: [str(turns), "nothing"])
    count_turns(lock, guest, pair, lambda turns: [str(turns), "lock"])
    if lock.measured is not None and loop.measured is not None:
        lock.measured -= loop.measured
        lock.note = f"and {loop.measured:g} of the loop around it"
    return [count_turns(switch, guest, pair, lambda turns: [str(turns)]), lock]


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
