# SPDX-License-Identifier: BSD-3-Clause
"""Measure what was promised: prints each bar with what came out.

Measures release trees: --tree, or those that --release-tree names, one for each platform. What a
tree cannot tell (a kvm tree nothing of processes) is left out. Numbers, not tests: the exit status
is 0 unless --enforce asks for 1 when a bar is missed.
"""
from __future__ import annotations

import argparse
import json
import platform
from pathlib import Path
from typing import Callable, Dict, List, Tuple

from unicore import bench_heap
from unicore.bench_build import cache, configure_bars, rebuild_bars
from unicore.bench_domains import domain_bars
from unicore.bench_guest import CASES, boot_bars, idle_bars, memory_bars
from unicore.bench_net import net_bars
from unicore.bench_process import start_bars
from unicore.bench_report import Bar, table
from unicore.bench_tap import ECHO, FORWARDER, echo_bars, forward_bars
from unicore.bench_threads import IMAGE as THREADS, instruction_bars, process_bars
from unicore.bench_tools import Guest
from unicore.failure import Failure
from unicore.run_process import complain
from unicore.run_targets import Machine, Process, runner_for
from unicore.run_tree import BuiltTree

NAMES = ("size", "boot", "memory", "start", "idle", "threads", "domains", "net", "forward", "configure", "rebuild")
_EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
_WORKLOAD = _EXAMPLES / "heap"
# Bars of the file that is booted: the ELF file, or the flat one.
_SIZES: Dict[str, Tuple[int, str]] = {"kvm-x86_64": (12 * 1024, "146,432 B"), "linux-x86_64": (8 * 1024, "21,496 B"),
                                      "xen-x86_64": (16 * 1024, "107,904 B"), "kvm-aarch64": (16 * 1024, "117,760 B")}
# Programs with the C and C++ libraries: their bars on linux-x86_64, and how much more kvm-x86_64 may take.
_LIBRARY_SIZES = {"libc.iprintf": 42_000, "libc.printf": 92_000, "libcxx.throw": 128_000, "libcxx.print": 330_000,
                  "libcxx.fmt": 104_000}
_MORE = {"linux-x86_64": 0, "kvm-x86_64": 3_216 + 8 * 1024}  # what hello takes more there, and some


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the command line."""
    parser.add_argument("--release-tree", type=Path, action="append", default=[], metavar="TREE",
                        help="a tree to measure, instead of --tree; repeat it for several platforms")
    parser.add_argument("--image", default="hello", help="the image to measure (default hello)")
    parser.add_argument("--only", action="append", choices=NAMES, default=[], help="measure only this; can be repeated")
    parser.add_argument("--quick", action="store_true", help="fewer runs and cases; no rebuild")
    parser.add_argument("--preset", help="preset of the fresh tree (default: the tree's own)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="where the report goes "
                        "(default: unicore/bench.json in the first tree)")
    parser.add_argument("--enforce", action="store_true", help="exit with 1 when a bar is missed or not measured")


def size_bars(tree: BuiltTree, image: str) -> List[Bar]:
    """Bytes of what is booted, and of the stripped ELF file where that is another."""
    limit, peer = _SIZES.get(tree.pair, (0, ""))
    file = tree.bootable(image)
    other = tree.elf(file) != file
    bars = [Bar("size", f"{image}, {tree.pair}, {'file' if other else 'stripped file'}", "B",
                *(("<=", limit) if limit else ()), measured=float(file.stat().st_size), peer=peer)]
    if other:
        bars.append(Bar("size", f"{image}, {tree.pair}, stripped ELF file", "B",
                        measured=float(tree.elf(file).stat().st_size)))
    return bars + [Bar("size", f"{name}, {tree.pair}, stripped file", "B", "<=", limit + _MORE[tree.pair],
                       measured=float(tree.bootable(name).stat().st_size))
                   for name, limit in _LIBRARY_SIZES.items() if tree.pair in _MORE and name in tree.built()]


def measurements(tree: BuiltTree, args: argparse.Namespace) -> List[Tuple[str, Callable[[], List[Bar]]]]:
    """What can be measured on `tree`, in order."""
    runner = runner_for(tree.target["platform"], tree.target["architecture"])
    scratch = tree.scratch / "bench"
    scratch.mkdir(parents=True, exist_ok=True)
    image = tree.bootable(args.image).resolve()
    result: List[Tuple[str, Callable[[], List[Bar]]]] = [("size", lambda: size_bars(tree, args.image))]
    if isinstance(runner, Machine) and tree.pair in CASES:
        guest = Guest(runner, image, scratch)
        result += [("boot", lambda: boot_bars(guest, tree.pair, args.quick)),
                   ("memory", lambda: memory_bars(guest, tree.pair, args.quick)),
                   ("idle", lambda: idle_bars(guest, tree.pair, args.quick))]
        if tree.pair in ("kvm-x86_64", "kvm-aarch64"):
            result += [("threads", lambda: instruction_bars(Guest(runner, tree.bootable(THREADS).resolve(), scratch), tree.pair)),
                       ("memory", lambda: bench_heap.instruction_bars(
                           {name: Guest(runner, tree.bootable(name).resolve(), scratch)
                            for name in (bench_heap.CACHED, bench_heap.TLSF)}, tree.pair))]
    elif isinstance(runner, Process):
        if tree.target["architecture"] == platform.machine():  # another's processes need an emulator, which would be measured
            result += [("start", lambda: start_bars(image, scratch, args.quick))]
        if tree.pair == "linux-x86_64":
            result += [("threads", lambda: process_bars(tree.bootable(THREADS).resolve(), scratch, args.quick)),
                       ("memory", lambda: bench_heap.process_bars(
                           {name: tree.bootable(name).resolve() for name in (bench_heap.TLSF, bench_heap.MIMALLOC)},
                           scratch, _WORKLOAD, args.quick)),
                       ("net", lambda: echo_bars(tree.bootable(ECHO).resolve(), scratch, args.quick))]
    if tree.pair == "kvm-x86_64" and isinstance(runner, Machine):
        result += [("net", lambda: net_bars(tree, runner, _EXAMPLES / "http-server", scratch, args.quick)),
                   ("forward", lambda: forward_bars(runner, tree.bootable(FORWARDER).resolve(), scratch, args.quick))]
    if tree.pair == "xen-x86_64":
        result += [("domains", lambda: domain_bars(tree, args.image, args.quick))]
    result += [("configure", lambda: configure_bars(tree, args.preset))]
    if not args.quick:
        result += [("rebuild", lambda: rebuild_bars(tree, args.preset))]
    return [entry for entry in result if not args.only or entry[0] in args.only]


def write(report: Path, bars: List[Bar]) -> None:
    """The report, of what was measured so far."""
    report.write_text(json.dumps({"bars": [bar.as_json() for bar in bars]}, indent=1) + "\n", encoding="utf-8")


def main(args: argparse.Namespace) -> int:
    """Runs the command; returns the exit status."""
    trees = [BuiltTree(path) for path in args.release_tree or [Path(args.tree)]]
    report = args.json or trees[0].scratch / "bench.json"
    bars: List[Bar] = []
    write(report, bars)
    for tree in trees:
        kind = cache(tree.root).get("CMAKE_BUILD_TYPE") if (tree.root / "CMakeCache.txt").exists() else None
        if kind not in ("Release", "MinSizeRel"):
            complain(f"unicore bench: {tree.root} is no release tree ({kind}); the bars are meant for one")
        for name, measure in measurements(tree, args):
            complain(f"unicore bench: {tree.pair}: {name} …")
            try:
                bars += measure()
            except Failure as failure:
                bars.append(Bar(name, f"{name}, {tree.pair}", "", note=str(failure)))
            write(report, bars)  # at once: all pairs take more than an hour, of which nothing shall be lost
    print("\n".join(table(bars)))
    complain(f"unicore bench: report in {report}")
    return int(args.enforce and any(bar.verdict() in ("missed", "not measured") for bar in bars))
