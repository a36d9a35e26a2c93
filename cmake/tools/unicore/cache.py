# SPDX-License-Identifier: BSD-3-Clause
"""The folder that outlives build trees, shared by all of them: what is fetched or built once."""
from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
from pathlib import Path
from typing import Iterator

from unicore.failure import Failure


def place(name: str) -> Path:
    """The folder `name` of the cache: below $UNICORE_CACHE, else below the user's cache folder."""
    named = os.environ.get("UNICORE_CACHE")
    user = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return (Path(named) if named else user / "unicore").absolute() / name


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Alone in `folder`; others wait."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with open(folder / "lock", "w", encoding="ascii") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
    except PermissionError as error:
        raise Failure(f"{error.filename}: not writable; UNICORE_CACHE can name another folder") from error


@contextlib.contextmanager
def whole(target: Path) -> Iterator[Path]:
    """A folder to fill, which becomes `target` in one step when all went well, and vanishes otherwise."""
    scratch = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        yield scratch
        scratch.chmod(0o755)
        if not target.exists():
            scratch.rename(target)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
