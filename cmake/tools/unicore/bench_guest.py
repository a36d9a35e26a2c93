# SPDX-License-Identifier: BSD-3-Clause
"""Bars of an image on a machine: instructions to the hello line, smallest memory, instructions when idle."""
from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Callable, Dict, List, Optional, Tuple

from unicore.bench_report import Bar
from unicore.bench_tools import Boot, Guest, icount
from unicore.failure import Failure

_GRAIN = 64  # KiB
_HIGH_SHIFT = 10
FEW, MANY = 10_000, 20_000  # turns; as many digits


@dataclass(frozen=True)
class Case:
    """A machine to measure on."""

    machine: str
    memory: str = "128M"
    instructions: int = 0  # the bar from entry to hello; 0: none
    kib: Optional[int] = None  # the bar of the smallest RAM; 0: none; None: not measured here
    entry: Optional[int] = None  # where a flat file is entered (0: with the machine's start); None: the ELF file tells


# What is measured for a pair, the first machine with `quick` and for idling.
CASES: Dict[str, Tuple[Case, ...]] = {
    "kvm-x86_64": (Case("pc", instructions=5000, kib=1152), Case("pc", "8G", instructions=5000),
                   Case("microvm", kib=0), Case("q35", kib=0)),
    # QEMU loads the file 2 MiB behind the start of memory, out of its own boot loader's way.
    "kvm-aarch64": (Case("virt", instructions=40_000, kib=0, entry=0x4020_0000),
                    Case("virt", "8G", instructions=40_000, entry=0x4020_0000)),
    # QEMU itself is the loader of these; what it leaves in memory to get there is a few instructions.
    "kvm-arm": (Case("virt", kib=0, entry=0),),
    "baremetal-arm": (Case("vexpress-a15", kib=0, entry=0),),
    "baremetal-aarch64": (Case("raspi3", "1G", entry=0),),
    "baremetal-mips": (Case("malta", kib=0, entry=0),),
}
PEERS = {"kvm-x86_64": ("56,164 and 100 ms of waiting", "1,408 KiB"), "kvm-aarch64": ("13.7 million", "")}


def separate(low: int, high: int, shift: int = _HIGH_SHIFT) -> Tuple[float, float]:
    """Work (instructions) and busy-waiting (ns) of a guest that executed `low` instructions at 1 ns
    each and `high` at 2^shift ns: N(S) = W + T / 2^S."""
    factor = 2 ** shift
    waiting = (low - high) * factor / (factor - 1)
    return low - waiting, max(waiting, 0.0)


def count_turns(bar: Bar, guest: Guest, pair: str, arguments: Callable[[int], List[str]], each: int = 1) -> Bar:
    """Fills in the instructions of one of `each` things that a turn does, with the loop around them: many turns against few,
    so that all else cancels out. `arguments` are the image's, for so many turns. Errors: Failure."""
    case = CASES[pair][0]
    runs = [guest.boot(machine=case.machine, memory=case.memory, arguments=arguments(turns), count=True, start=case.entry)
            for turns in (FEW, MANY)]
    if all(run.status == 0 for run in runs):
        bar.measured = round((runs[1].instructions - runs[0].instructions) / (MANY - FEW) / each, 2)
        bar.raw = {str(turns): run.instructions for turns, run in zip((FEW, MANY), runs)}
    else:
        bar.note = f"it ended with {[run.status for run in runs]}: {runs[0].console[-200:]!r} {runs[0].complaint}"
    return bar


def boot_bars(guest: Guest, pair: str, quick: bool) -> List[Bar]:
    """Instructions from entry to the complete hello line."""
    marker = guest.hello_line()
    bars = []
    for case in CASES[pair][:1] if quick else CASES[pair]:
        runs: List[Boot] = [guest.boot(machine=case.machine, memory=case.memory, extra=icount(shift), count=True,
                                       marker=marker, start=case.entry) for shift in (0, _HIGH_SHIFT)]
        bar = Bar("boot", f"instructions from entry to hello, {pair}, {case.machine}, {case.memory}", "")
        promised = case.instructions
        if promised:
            bar.relation, bar.limit, bar.peer = "<=", promised, PEERS[pair][0]
        if all(run.found for run in runs):
            _, waiting = separate(runs[0].once, runs[1].once)
            bar.measured = float(runs[0].once)
            bar.note = (f"{runs[0].instructions:,} with each REP iteration counted, "
                        f"{waiting / 1e6:.3f} ms of busy-waiting")
            bar.raw = {"low": runs[0].once, "high": runs[1].once, "with_repeats": runs[0].instructions,
                       "busy_wait_ns": waiting}
            if promised and waiting > 1000:
                bar.measured = float("inf")  # waiting is not allowed at all, whatever the work
                bar.note = "busy-waits at boot: " + bar.note
        else:
            bar.note = f"hello never came: {runs[0].console[-200:]!r} {runs[0].complaint}"
        bars.append(bar)
    return bars


def smallest(works: Callable[[int], bool], low: int = 512, high: int = 65536) -> Optional[int]:
    """The smallest amount (multiple of the grain, in KiB) for which `works` holds, by bisection; None when it does not
    with `high`. With `low` it is known not to."""
    top = min(4 * low, high)
    while not works(top):
        if top >= high:
            return None
        low, top = top, 2 * top
    while top - low > _GRAIN:
        middle = (low + top) // 2 // _GRAIN * _GRAIN
        if works(middle):
            top = middle
        else:
            low = middle
    return top


def memory_bars(guest: Guest, pair: str, quick: bool) -> List[Bar]:
    """The smallest RAM with which the image says hello and ends with status 0."""
    begin = time.monotonic()
    marker = guest.hello_line()
    patience = max(2.0, 8 * (time.monotonic() - begin))  # a guest without enough memory hangs
    bars = []
    for case in CASES[pair][:1] if quick else CASES[pair]:
        machine, limit = case.machine, case.kib
        if limit is None:
            continue

        def works(kib: int, on: str = machine) -> bool:
            boot = guest.boot(machine=on, memory=f"{kib}K", timeout=patience)
            return boot.status == 0 and marker in boot.console

        bar = Bar("memory", f"smallest RAM, {pair}, {machine}", "KiB", *(("<=", limit) if limit else ()),
                  peer=PEERS[pair][1] if limit else "")
        least = smallest(works)
        if least is None:
            bar.note = "it does not run in 64 MiB"
        else:
            bar.measured = float(least)
        bars.append(bar)
    return bars


def idle_bars(guest: Guest, pair: str, quick: bool) -> List[Bar]:
    """Instructions per virtual second while main sleeps: a sleep of 12 s against one of 2 s, so that
    everything but ten seconds of sleeping cancels out."""
    bar = Bar("idle", f"instructions per second when idle, {pair}", "", "<", 1000, peer="10,000")
    case = CASES[pair][0]
    try:
        runs = [guest.boot(machine=case.machine, memory=case.memory, extra=icount(0), settings=[f"debug.drill=sleep:{seconds}"],
                           count=True, timeout=60.0, start=case.entry)
                for seconds in (2, 12)]
        if any(run.status != 0 for run in runs):
            raise Failure(f"sleeping (debug.drill=sleep:N) ended with {[run.status for run in runs]}, None being a minute without "
                          f"an end; console {runs[0].console[-200:]!r}")
        if not quick:
            times = []
            for seconds in (0, 2):
                begin = time.monotonic()
                guest.boot(machine=case.machine, memory=case.memory, settings=[f"debug.drill=sleep:{seconds}"])
                times.append(time.monotonic() - begin)
            if not 1.5 < times[1] - times[0] < 4.0:
                raise Failure(f"debug.drill=sleep:2 takes {times[1] - times[0]:.2f} s of real time, not 2")
        bar.measured = (runs[1].once - runs[0].once) / 10
        bar.raw = {"sleep_2": runs[0].once, "sleep_12": runs[1].once}
    except Failure as failure:
        bar.note = str(failure)
    return [bar]
