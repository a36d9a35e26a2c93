# SPDX-License-Identifier: BSD-3-Clause
"""What the simulated hypervisor does now against what is recorded. With --update, records it; Xen is to agree."""
from __future__ import annotations

import argparse
import re
import subprocess
import sys
from pathlib import Path

import traces

SEEDS = (1, 2, 3)  # domains take turns in another order, and nothing else may change


def run(program: Path, seed: int) -> str:
    """What the program prints."""
    done = subprocess.run([str(program), str(seed)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
    if done.returncode:
        sys.exit(f"{program} {seed} failed with {done.returncode}:\n{done.stderr.decode(errors='replace')}")
    return done.stdout.decode()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program", type=Path)
    parser.add_argument("--update", action="store_true", help="record what it does")
    args = parser.parse_args()
    found = []
    for seed in (SEEDS[:1] if args.update else SEEDS):
        text = run(args.program, seed)
        scenarios = re.findall(r"^agreement: scenario (\S+)$", text, re.MULTILINE)
        parts = dict(re.findall(r"^agreement: domains (\S+)\n((?:(?!agreement: domains ).*\n)*)", text, re.MULTILINE))
        for kind in traces.TYPES:
            part = parts.get(kind, "")
            seen = traces.parse(part)
            for role, reason in re.findall(r"^agreement: (\S+) (shut down, reason -?\d+)$", part, re.MULTILINE):
                seen["ends", role] = [reason]
            if args.update:
                traces.record(kind, seen)
                continue
            found += traces.compare(kind, traces.recorded(kind), seen, "simulator")
            found += traces.idle(scenarios, traces.operations(part))
        if not scenarios:
            found.append("there are no scenarios")
        if found:
            print(f"with seed {seed}: {traces.report(found)}")
            return 1
    lines = sum(len(trace) for kind in traces.TYPES for trace in traces.recorded(kind).values())
    print(f"{lines} lines {'recorded' if args.update else 'agree'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
