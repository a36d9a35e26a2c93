# SPDX-License-Identifier: BSD-3-Clause
"""Device trees of boards for which QEMU makes none."""
from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

from unicore.cache import place
from unicore.failure import Failure


def compiled(name: str) -> Path:
    """The device tree boards/NAME.dts as a blob, in the user's cache. Errors: Failure."""
    source = Path(__file__).resolve().parent.parent / "boards" / f"{name}.dts"
    target = place("boards") / f"{name}-{hashlib.sha256(source.read_bytes()).hexdigest()[:16]}.dtb"
    if not target.is_file():
        if not shutil.which("dtc"):
            raise Failure("dtc is not installed (./bootstrap installs what is needed)")
        target.parent.mkdir(parents=True, exist_ok=True)
        scratch = target.with_suffix(f".{os.getpid()}")
        done = subprocess.run(["dtc", "-q", "-I", "dts", "-O", "dtb", "-o", str(scratch), str(source)], check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8")
        if done.returncode:
            raise Failure(f"dtc cannot compile {source}: {done.stdout.strip()}")
        scratch.replace(target)
    return target
