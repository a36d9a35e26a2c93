# SPDX-License-Identifier: BSD-3-Clause
"""Builds and boots images of configurations that are drawn from the components' metadata, all pairs in turn.

What fails is printed with its seed and as commands to do it again.
"""
from __future__ import annotations

import argparse
import json
import random
import re
import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Dict, List, Tuple

from draw import Configuration, Space, draw, space

HERE = Path(__file__).resolve().parent
# Sources of entropy find nothing there: no seed, no instruction of the CPU that is the default, no device.
WITHOUT_ENTROPY = {"baremetal-arm", "xen-aarch64"}
# What a pair has, but not the machine that QEMU models for it: a Raspberry Pi 3 has no GIC, as later ones do.
NOT_ON_THE_MACHINE = {"baremetal-aarch64": {"UNICORE_PROVIDER_INTERRUPTS": "interrupts.gic"}}
# An image whose every source of entropy was left out, or whose CPU has no instruction for it, says so and does not start.
REFUSED = "boot step of entropy.csprng failed: not found"
# mimalloc takes 8 MiB, as its metadata says, and a process may be given less.
TOO_SMALL, LEAST = "boot step of memory.mimalloc failed: out of memory", 8


class Failed(Exception):
    """A configuration does not do what it should."""


class Application:
    """The application in a folder of its own, with the presets of all pairs."""

    def __init__(self, unicore: Path, scratch: Path, cmake: str) -> None:
        self.folder, self.unicore, self.cmake = scratch / "application", unicore, cmake
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.copytree(HERE / "application", self.folder)
        files = [unicore / "presets" / f"{pair}.json" for pair in self.pairs()]
        (self.folder / "CMakePresets.json").write_text(
            json.dumps({"version": 6, "include": [str(file) for file in files]}), encoding="utf-8")

    def pairs(self) -> List[str]:
        """Of the superbuild, in its order."""
        included = json.loads((self.unicore / "CMakePresets.json").read_text(encoding="utf-8"))["include"]
        return [Path(file).stem for file in included if "-" in Path(file).stem]

    def run(self, command: List[str], accepted: Tuple[int, ...] = (0,), timeout: float = 300) -> str:
        """What the command prints. Errors: Failed."""
        done = subprocess.run(command, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=timeout, check=False)
        text = done.stdout.decode(errors="replace")
        if done.returncode not in accepted:
            raise Failed(f"{shlex.join(command)}\nended with {done.returncode}:\n{text[-3000:]}")
        return text

    def configure(self, pair: str, configuration: Configuration) -> List[str]:
        """The command."""
        return [self.cmake, "--preset", pair, f"-DRANDOM_CHECKOUT={self.unicore}", "-DUNICORE_TESTS=OFF",
                *(f"-D{variable}={value}" for variable, value in sorted(configuration.items()))]

    def space(self, pair: str, rng: random.Random) -> Space:
        """What can be chosen; the tree is configured with defaults for that. Errors: Failed."""
        self.run(self.configure(pair, {"RANDOM_ENTROPY": "OFF"}))
        tree = self.folder / "build" / pair
        if pair not in WITHOUT_ENTROPY and any(self.gives_entropy(pair, component) for component in self.read(tree, "metadata")["components"]):
            self.run(self.configure(pair, {"RANDOM_ENTROPY": "ON"}))
        image = next(one for one in self.read(tree, "components")["images"] if one["name"] == "everything")
        found = space(pair, self.read(tree, "metadata"), {node["name"] for node in image["closure"]}, rng)
        for variable, without in NOT_ON_THE_MACHINE.get(pair, {}).items():
            found.values[variable] = tuple(value for value in found.values[variable] if value != without)
        return found

    @staticmethod
    def gives_entropy(pair: str, component: Dict[str, Any]) -> bool:
        """Whether this is a source of entropy on the pair."""
        platform, _, architecture = pair.partition("-")
        return ("entropy.source" in component["provides"] and platform in (component["platforms"] or [platform])
                and architecture in (component["architectures"] or [architecture]))

    @staticmethod
    def read(tree: Path, name: str) -> Dict[str, Any]:
        """A file that the build tool wrote."""
        found: Dict[str, Any] = json.loads((tree / "unicore" / f"{name}.json").read_text(encoding="utf-8"))
        return found

    def boot(self, pair: str, configuration: Configuration) -> None:
        """Builds and boots. Errors: Failed."""
        self.run(self.configure(pair, configuration))
        self.run([self.cmake, "--build", "--preset", pair], timeout=900)
        text = self.run([f"build/{pair}/unicore.sh", "run", "everything", "--timeout", "60"], accepted=(0, 134))
        sources_left_out = any(variable.startswith("UNICORE_WITH_ENTROPY_") and value == "OFF"
                               for variable, value in configuration.items())
        little = int(configuration.get("UNICORE_PLATFORM_LINUX_MEMORY", LEAST)) < LEAST
        if (not re.search("^everything works$", text, re.MULTILINE) and not (sources_left_out and REFUSED in text)
                and not (little and TOO_SMALL in text)):
            raise Failed(f"build/{pair}/unicore.sh run everything\nprints:\n{text[-3000:]}")


def main() -> int:
    """The exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--unicore", type=Path, required=True, help="the checkout")
    parser.add_argument("--scratch", type=Path, required=True, help="a folder for build trees; kept from run to run")
    parser.add_argument("--cmake", default="cmake")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=4)
    parser.add_argument("--pair", action="append", default=[], help="only this one; can be repeated")
    args = parser.parse_args()
    rng = random.Random(args.seed)
    application = Application(args.unicore.resolve(), args.scratch.resolve(), args.cmake)
    pairs = args.pair or application.pairs()
    rng.shuffle(pairs)
    spaces = [application.space(pair, rng) for pair in pairs[:args.count]]
    drawn, covered, total = draw(spaces, args.count, rng)
    print(f"seed {args.seed}: {args.count} configurations, {covered} of {total} combinations of two values", flush=True)
    failed = 0
    for number, (where, chosen) in enumerate(drawn, 1):
        begin = time.monotonic()
        pair, configuration = where.pair, where.cache(chosen)
        words = ", ".join(f"{variable.removeprefix('UNICORE_')}={value}" for variable, value in chosen.items())
        try:
            application.boot(pair, configuration)
            print(f"[{number}/{args.count}] {pair}: works, {time.monotonic() - begin:.1f} s: {words}", flush=True)
        except (Failed, subprocess.TimeoutExpired) as failure:
            failed += 1
            print(f"[{number}/{args.count}] {pair}: FAILED (seed {args.seed})\n  cd {application.folder}\n"
                  f"  {shlex.join(application.configure(pair, configuration))}\n{failure}", flush=True)
    print(f"{args.count - failed} of {args.count} configurations work")
    return int(failed != 0)


if __name__ == "__main__":
    sys.exit(main())
