# SPDX-License-Identifier: BSD-3-Clause
"""accel PLATFORM ARCHITECTURE: prints what its images can run under here: kvm, tcg, or none without a machine."""
from __future__ import annotations

import argparse
from pathlib import Path

from unicore.run_accel import choose
from unicore.run_targets import RUNNERS, Machine


def arguments(parser: argparse.ArgumentParser) -> None:
    """The pair comes by name: CMake asks before the tree is resolved."""
    parser.add_argument("platform", metavar="PLATFORM")
    parser.add_argument("architecture", metavar="ARCHITECTURE")


def main(args: argparse.Namespace) -> int:
    """Probes /dev/kvm, once for each start of this host; returns 0. A pair that nobody runs has no machine:
    whether there is such a pair is for the resolver to say."""
    runner = RUNNERS.get((args.platform, args.architecture))
    cache = Path(args.tree) / "unicore" / "accel.json"
    print(choose("auto", runner, cache) if isinstance(runner, Machine) and "kvm" in runner.accelerators else "none")
    return 0
