# SPDX-License-Identifier: BSD-3-Clause
"""What hello takes on a pair: bytes, instructions, memory. Of release trees."""
from __future__ import annotations

import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import List, Optional

from unicore.bench_guest import CASES, boot_bars, memory_bars, smallest
from unicore.bench_report import Bar
from unicore.bench_tools import Guest, clean_environment, plugin
from unicore.failure import Failure
from unicore.run_process import complain
from unicore.run_targets import Machine, Process, RunError, runner_for
from unicore.run_tree import BuiltTree


@dataclass
class Figures:
    """None: not known, a note says why."""

    size: Optional[int] = None
    instructions: Optional[int] = None
    memory: Optional[int] = None  # KiB
    notes: List[str] = field(default_factory=list)

    def row(self) -> List[str]:
        """For the table."""
        return ["" if value is None else f"{value:,}" for value in (self.size, self.instructions, self.memory)]


def lines_of(root: Path, architecture: str) -> int:
    """Lines of code that only this architecture has: its own folder, and those of its name in platforms. No tests."""
    folders = [root / "architectures" / architecture, *(root / "platforms").glob(f"*/{architecture}")]
    files = {file for folder in folders for kind in ("cpp", "hpp", "S", "lds") for file in folder.rglob(f"*.{kind}")
             if "test" not in file.relative_to(root).parts}
    return sum(len(file.read_text(encoding="utf-8").splitlines()) for file in files)


def _first(bars: List[Bar], notes: List[str]) -> Optional[int]:
    if bars and bars[0].measured is not None:
        return int(bars[0].measured)
    notes += [bar.note for bar in bars[:1]]
    return None


def _of_process(runner: Process, image: Path, scratch: Path) -> int:
    """Instructions from start to exit, under user emulation. Errors: Failure."""
    with tempfile.TemporaryDirectory(dir=scratch) as folder:
        out = Path(folder) / "out"
        command = [runner.emulator_path(), "-plugin", f"{plugin(scratch)},start=0,out={out}", str(image)]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              timeout=60, check=False, env=clean_environment())
        if done.returncode or not out.exists():
            raise Failure(f"nothing was counted: {done.stderr.decode(errors='replace').strip()}")
        return int(out.read_text(encoding="ascii").split()[1])


def _runs(tree: BuiltTree, kib: int) -> bool:
    """Whether hello says hello and ends well in that much memory, started as a user would."""
    command = [sys.executable, "-B", sys.argv[0], "--tree", str(tree.root), "run", "hello", "--memory", f"{kib}K",
               "--timeout", "15"]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          timeout=60, check=False, env=clean_environment())
    return done.returncode == 0 and b"Hello" in done.stdout


def figures(root: Path) -> Figures:
    """Measured on the release tree at `root`, of the first machine of the pair."""
    result = Figures()
    if not (root / "unicore").is_dir():
        result.notes.append(f"{root.name} is not built")
        return result
    tree = BuiltTree(root)
    complain(f"unicore matrix: measuring {tree.pair} …")
    try:
        image = tree.bootable("hello").resolve()
        result.size = image.stat().st_size
        scratch = tree.scratch / "bench"
        scratch.mkdir(parents=True, exist_ok=True)
        runner = runner_for(tree.target["platform"], tree.target["architecture"])
        if isinstance(runner, Process):
            result.instructions = _of_process(runner, image, scratch)
            result.notes.append("instructions from start to exit; a process has no RAM of its own")
        elif isinstance(runner, Machine) and tree.pair in CASES:
            guest = Guest(runner, image, scratch)
            result.instructions = _first(boot_bars(guest, tree.pair, quick=True), result.notes)
            result.memory = _first(memory_bars(guest, tree.pair, quick=True), result.notes)
            if result.memory is None:
                result.notes.append("the board has the memory that it has")
        else:
            result.memory = smallest(lambda kib: _runs(tree, kib))
            result.notes.append("instructions are not told apart from those of what boots it")
    except (Failure, RunError) as failure:
        result.notes.append(str(failure))
    return result
