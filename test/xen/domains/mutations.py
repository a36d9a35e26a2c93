#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Prove that the tests of rings, of the bus and of network devices find mistakes: make one at a time, in a copy of the source, and run them.

A mutated copy is compiled with its original's command and linked into the component's test in front of the library,
which thus does not bring the original. The product code knows nothing of it.
"""
from __future__ import annotations

import argparse
import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Tuple

# name: component, source, what is there once, what stands there instead
MUTATIONS: dict[str, tuple[str, str, str, str]] = {
    "ring-index-unchecked": ("xen.ring", "ring.cpp", "if (producer - consumed_ > possible) {", "if (false) {"),
    "ring-answers-unasked": ("xen.ring", "ring.cpp", "(side_ == Side::front ? 0 : size_)", "size_"),
    "ring-one-look-only": ("xen.ring", "ring.cpp", "other end's producer\n    return look();", "\n    return false;"),
    "ring-notifies-too-much": ("xen.ring", "ring.cpp", "(std::memory_order_relaxed) < count;", "(std::memory_order_relaxed) <= count;"),
    "ring-overfull": ("xen.ring", "ring.cpp", "if (free() == 0) return", "if (free() > size_) return"),
    "bus-fast-restart-missed": ("xen.bus", "device.cpp", "case Phase::attached:\n            if (other_ == State::initialising || other_ == State::init_wait)",
                                "case Phase::attached:\n            if (other_ == State::initialising)"),
    "bus-prepared-not-detached": ("xen.bus", "device.cpp", "if (phase_ == Phase::prepared || phase_ == Phase::attached) driver_",
                                  "if (phase_ == Phase::attached) driver_"),
    "bus-brings-nodes-back": ("xen.bus", "device.cpp", "if (!before && before.error() != Error::out_of_range) return unexpected(before.error());", ""),
    "bus-any-domain": ("xen.bus", "device.cpp", "where.empty() || domain >= DOMID_FIRST_RESERVED", "where.empty()"),
    "bus-fails-again-and-again": ("xen.bus", "device.cpp", "if (failed_with_ != State::unknown) return false;", ""),
    "bus-old-connection": ("xen.bus", "device.cpp", "            reopen_ = true;\n        }\n    }\n    started_", "        }\n    }\n    started_"),
    "store-length-unchecked": ("xen.store", "client.cpp", "if (header_.len > XENSTORE_PAYLOAD_MAX) return fail();", ""),
    "store-any-reply": ("xen.store", "client.cpp", "if (header_.type != XS_ERROR && header_.type != std::uint32_t{request->type}) return fail();", ""),
    "net-page-not-taken-away": ("net.xen", "receiver.cpp", "if (!grants_[buffer.number].end()) return lie_",
                                "static_cast<void>(grants_[buffer.number].end());\n    if (false) return lie_"),
    "net-part-outside": ("net.xen", "receiver.cpp", "if (response.offset + size > page_size) return", "if (false) return"),
    "net-other-answers": ("net.xen", "receiver.cpp", "if (answer.response.id != place) return", "if (false) return"),
    "net-endless-packets": ("net.xen", "receiver.cpp", "> most_answers) return", "> 4000) return"),
    "net-any-flags": ("net.xen", "receiver.cpp", "if ((response.flags & ~known_flags) != 0) return", "if (false) return"),
    "net-keeps-nothing": ("net.xen", "receiver.cpp", "if (pool_.statistics().free < wanted - (put_ - taken_)) {", "if (false) {"),
    "net-any-page": ("net.xen", "transmitter.cpp", "if (response.id >= pages || uses_[response.id] == Use::none)",
                     "if (response.id >= pages)"),
    "net-more-said": ("net.xen", "transmitter.cpp", "if (extras_-- == 0) return", "if (false) return"),
    "net-headers-cut": ("net.xen", "headers.cpp", " || !frame.holds(at + size)", ""),
    "net-told-twice": ("net.xen", "queue.cpp", "if (std::exchange(waiting, false) && ", "if ("),
    "net-less-accepted": ("net.xen", "connection.cpp", "} else if (!features.cover(features_)) {", "} else if (false) {"),
}


def commands(build: Path, target: str) -> list[str]:
    return subprocess.run(["ninja", "-C", str(build), "-t", "commands", target], check=True, capture_output=True,
                          text=True).stdout.splitlines()


def mutated(build: Path, root: Path, name: str, target: str) -> Path:
    """The program `target`, linked with the mutation in it."""
    component, source, before, after = MUTATIONS[name]
    original = root.joinpath("components", *component.split("."), source)
    text = original.read_text()
    if text.count(before) != 1:
        sys.exit(f"mutation {name}: the text is {text.count(before)} times in {original}; adapt the mutation")
    folder = build / "mutations" / f"{target}-{name}"
    folder.mkdir(parents=True, exist_ok=True)
    mutant = folder / source
    mutant.write_text(text.replace(before, after))

    compiled = next(e for e in json.loads((build / "compile_commands.json").read_text()) if Path(e["file"]) == original)
    arguments = shlex.split(compiled["command"])
    arguments[arguments.index("-o") + 1] = str(folder / "mutant.o")
    arguments[arguments.index("-c") + 1] = str(mutant)
    arguments += ["-w", "-I", str(original.parent)]
    subprocess.run(arguments, check=True, cwd=compiled["directory"])

    link = shlex.split(re.sub(r"^: && | && :$", "", commands(build, target)[-1]))
    out = link.index("-o")
    link[out + 1] = str(folder / target)
    link.insert(out, str(folder / "mutant.o"))
    subprocess.run(link, check=True, cwd=build)
    return folder / target


def caught(build: Path, root: Path, name: str) -> bool:
    """Whether the component's test finds it."""
    program = mutated(build, root, name, f"{MUTATIONS[name][0]}.test")
    try:
        result = subprocess.run([str(program)], capture_output=True, text=True, errors="replace", timeout=120)
    except subprocess.TimeoutExpired:
        return True
    # A test that failed, or a sanitizer that stopped it; not a program that did not start.
    return result.returncode != 0 and ("FAILED" in result.stdout or "Sanitizer" in result.stderr or "runtime error" in result.stderr)


def replayed(build: Path, root: Path, name: str) -> bool:
    """Whether the fuzz program finds it, and finds it again with nothing but the seed that it printed."""
    program = mutated(build, root, name, "xen.fuzz.test")

    def fuzz(**settings: str) -> Tuple[int, str, str]:
        """Exit status, the seed, and what was wrong."""
        result = subprocess.run([str(program)], capture_output=True, text=True, errors="replace", timeout=300,
                                env={**os.environ, **settings})
        seed = re.search(r"replay: UNICORE_SEED=(\d+) ", result.stderr)
        wrong = re.search(r"^fuzz: (?!failed)(.*)|SUMMARY: (.*)|runtime error: (.*)", result.stderr, re.MULTILINE)
        return result.returncode, seed[1] if seed else "", wrong[0] if wrong else ""

    first = fuzz(UNICORE_CASES="2000")
    print(f"{name}: seed {first[1] or 'none'}: {first[2]}", flush=True)
    return first[0] != 0 and first[1] != "" and fuzz(UNICORE_CASES="1", UNICORE_SEED=first[1]) == first


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tree", type=Path, required=True)
    parser.add_argument("--replay", action="store_true", help="let the fuzz program find it, then replay the seed")
    parser.add_argument("names", nargs="*", metavar="mutation", help="default: all")
    args = parser.parse_args()
    names = args.names or list(MUTATIONS)
    missed = []
    for name in names:
        found = (replayed if args.replay else caught)(args.tree.resolve(), Path(__file__).resolve().parents[3], name)
        print(f"{name}: {'caught' if found else 'MISSED'}", flush=True)
        if not found:
            missed.append(name)
    print(f"{len(names) - len(missed)} of {len(names)} mutations caught")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
