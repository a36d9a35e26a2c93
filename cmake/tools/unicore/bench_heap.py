# SPDX-License-Identifier: BSD-3-Clause
"""Bars of heaps, in the example `heap`: instructions of a block that is taken and released, and a workload of thousands
of blocks against the heaps of this machine."""
from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Dict, List, Optional

from unicore.bench_guest import count_turns
from unicore.bench_report import Bar
from unicore.bench_tools import Guest, built, clean_environment, median
from unicore.failure import Failure
from unicore.run_accel import MEASURE, tool

TLSF, CACHED, MIMALLOC = "heap-tlsf", "heap-tlsf-cache", "heap-mimalloc"
_LINE = re.compile(r"churn, (\d+) times: (\d+) ns, 0 bytes left")
_CHURN = 2_000_000
# What is done, how often in a turn.
_CASES = {"split": ("64 B, split off a larger block and joined with it again", 1),
          "reuse": ("64 B, where one of this size was released before", 1),
          "join": ("the longest: 32 and 64 B split off, joined on both sides", 2)}


def instruction_bars(guests: Dict[str, Guest], pair: str) -> List[Bar]:
    """Guest instructions for allocate and release together. The bar is of a block as programs have most of them; the
    others are the worst cases of memory.tlsf, which the cache in front saves. Errors: Failure."""
    bars = []
    for image, guest in guests.items():
        who = "TLSF with a cache in front" if image == CACHED else "TLSF alone"
        for name, (what, blocks) in _CASES.items():
            bar = Bar("memory", f"instructions of a block, {pair}, {who}: {what}", "",
                      *(("<=", 120) if image == CACHED or name == "reuse" else ()))
            bars.append(count_turns(bar, guest, pair, lambda turns, name=name: [name, str(turns)], blocks))
    return bars


def process_bars(images: Dict[str, Path], scratch: Path, workload: Path, quick: bool) -> List[Bar]:
    """Nanoseconds of a turn of the workload, natively, all heaps one after the other in each round. Errors: Failure."""
    compiler, flags = tool("gcc", "clang-19"), [f"-I{workload}"]
    libc = built(scratch, "heap.c", "heap", compiler, flags)
    ours: Dict[str, List[float]] = {name: [] for name in images}
    theirs: Dict[str, List[float]] = {"glibc": [], "glibc without tcache": []}
    system = _with_mimalloc(scratch, compiler, flags)
    if system:
        theirs["mimalloc"] = []
    for _ in range(3 if quick else 9):
        for name, image in images.items():
            found = _LINE.search(_run([str(image), "churn", str(_CHURN)]))
            if not found:
                raise Failure(f"{image.name} does not say how long it took, or left blocks behind")
            ours[name].append(int(found[2]) / int(found[1]))
        for name, times in theirs.items():
            program = system if name == "mimalloc" and system else libc
            times.append(float(_run([str(program), str(_CHURN)], tcache=name != "glibc without tcache")))
    bars = [_against(ours[TLSF], "TLSF", theirs["glibc without tcache"], "glibc's heap with its cache off", 1.0),
            _against(ours[TLSF], "TLSF", theirs["glibc"], "glibc's heap", 2.5)]
    if system:
        bars.append(_against(ours[MIMALLOC], "mimalloc", theirs["mimalloc"], "the system's mimalloc", 1.2))
    else:
        bars.append(Bar("memory", "time of blocks, mimalloc against the system's mimalloc", "×", "<=", 1.2,
                        note="Debian's libmimalloc-dev is not installed"))
    return bars


def _against(ours: List[float], name: str, theirs: List[float], peer: str, limit: float) -> Bar:
    bar = Bar("memory", f"time of blocks, {name} against {peer}", "×", "<=", limit,
              round(median(ours) / median(theirs), 3))
    bar.note = f"medians {median(ours):,.1f} and {median(theirs):,.1f} ns over {len(ours)} rounds"
    bar.raw = {"ours_ns": ours, "baseline_ns": theirs}
    return bar


def _with_mimalloc(scratch: Path, compiler: str, flags: List[str]) -> Optional[Path]:
    """The baseline over the system's mimalloc, or None where that is not installed."""
    program = scratch / "heap-mimalloc"
    done = subprocess.run([compiler, "-O2", "-DMIMALLOC", *flags, str(MEASURE / "heap.c"), "-o", str(program),
                           "-lmimalloc"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return None if done.returncode else program


def _run(command: List[str], tcache: bool = True) -> str:
    environment = dict(clean_environment())
    if not tcache:
        environment["GLIBC_TUNABLES"] = "glibc.malloc.tcache_count=0"
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          encoding="utf-8", timeout=120, check=False, env=environment)
    if done.returncode:
        raise Failure(f"{command[0]} ended with {done.returncode}: {done.stderr.strip()}")
    return done.stdout
