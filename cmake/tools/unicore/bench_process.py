# SPDX-License-Identifier: BSD-3-Clause
"""Bars of an image that is a Linux process: from its start to its exit, against a static C hello."""
from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import List, Optional

from unicore.bench_report import Bar
from unicore.bench_tools import built, clean_environment, median, quantile
from unicore.failure import Failure
from unicore.run_accel import tool


def _output(command: List[str]) -> str:
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          encoding="utf-8", timeout=300, check=False, env=clean_environment())
    if done.returncode:
        raise Failure(f"{command[0]}: {done.stderr.strip()}")
    return done.stdout


def kernel_and_user(program: Path) -> Optional[str]:
    """Instructions as perf counts them, where the machine lets it; None elsewhere."""
    if not shutil.which("perf"):
        return None
    done = subprocess.run(["perf", "stat", "-x", ";", "-r", "5", "-e", "instructions:u,instructions:k", str(program)],
                          stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                          encoding="utf-8", timeout=60, check=False)
    counts = [line.split(";")[0] for line in done.stderr.splitlines() if ";" in line]
    if len(counts) != 2 or not all(count.replace(".", "").isdigit() for count in counts):
        return None
    return f"user {counts[0]}, kernel {counts[1]}"


def start_bars(image: Path, scratch: Path, quick: bool) -> List[Bar]:
    """The ratio of medians of many starts, image and baseline in turns. Errors: Failure."""
    compiler = tool("gcc", "clang-19")
    starter = built(scratch, "start.c", "start", compiler, [])
    baseline = built(scratch, "hello.c", "hello-static", compiler, ["-static"])
    lines = _output([str(starter), "30" if quick else "600", str(image), str(baseline)]).splitlines()
    pairs = [tuple(map(float, line.split())) for line in lines]
    ours, theirs = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    ratios = [a / b for a, b in pairs]
    ratio = Bar("start", "start to exit, against a static C hello", "×", "<=", 1.0, median(ours) / median(theirs))
    ratio.note = (f"medians {median(ours) / 1000:,.0f} and {median(theirs) / 1000:,.0f} µs over {len(pairs)} turns; "
                  f"ratio of a turn, middle half: {quantile(ratios, 0.25):.2f} to {quantile(ratios, 0.75):.2f}")
    ratio.raw = {"ours_ns": ours, "baseline_ns": theirs}
    counts = [int(_output([str(starter), "-i", str(program)])) for program in (image, baseline)]
    steps = Bar("start", "user-mode instructions, start to exit", "", measured=float(counts[0]),
                note=f"the static C hello executes {counts[1]:,}")
    hardware = [kernel_and_user(program) for program in (image, baseline)]
    if all(hardware):
        steps.note += f"; perf: {hardware[0]} against {hardware[1]}"
    return [ratio, steps]
