#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Does what a page of the documentation says, in a copy of the sources, and compares what comes out.

All pages share one copy, one after the other: before each its sources are restored and its build
trees keep of their cache only what is CMake's own. Objects and compiler checks stay, so nothing is done twice.
"""
from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from page import PageError, Step, mismatch, steps

_SHELL = """\
set -e
trap 'docs_status=$?; pwd >"$DOCS_STATE/pwd"; export -p >"$DOCS_STATE/env"; exit $docs_status' EXIT
[ ! -e "$DOCS_STATE/env" ] || . "$DOCS_STATE/env"
"""


def source_files(source: Path) -> list[str]:
    """What belongs to the sources: all files that git does not ignore."""
    listed = subprocess.run(["git", "-C", str(source), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    if listed.returncode == 0 and listed.stdout:
        names = [name for name in listed.stdout.decode().split("\0") if name]
    else:  # no repository: an export
        names = [str(path.relative_to(source)) for path in source.rglob("*")
                 if not {"build", ".git", "__pycache__"} & set(path.relative_to(source).parts)]
    return [name for name in names if (source / name).is_file()]


def restore(source: Path, copy: Path) -> None:
    """Makes `copy` what `source` is; its build trees lose what was chosen in them. What has to be written
    is as new as that, however old it is in `source`: ninja goes by time."""
    wanted = set(source_files(source))
    for name in wanted:
        old, new = source / name, copy / name
        content = old.read_bytes()
        if new.is_file() and new.read_bytes() == content:
            continue
        new.parent.mkdir(parents=True, exist_ok=True)
        new.write_bytes(content)
        shutil.copymode(old, new)
    for path in copy.rglob("*"):
        relative = path.relative_to(copy)
        if path.is_file() and relative.parts[0] != "build" and str(relative) not in wanted:
            path.unlink()
    for folder in sorted((path for path in copy.rglob("*") if path.is_dir()), reverse=True):
        if folder.relative_to(copy).parts[0] != "build" and not any(folder.iterdir()):
            folder.rmdir()
    for cache in copy.glob("build/*/CMakeCache.txt"):
        lines = cache.read_text(encoding="utf-8").splitlines()
        cache.write_text("".join(f"{line}\n" for line in lines if line.startswith("CMAKE_")), encoding="utf-8")


class Session:
    """The reader's terminal: blocks run one after the other, in the folder where the last one ended."""

    def __init__(self, start: Path, state: Path, deadline: float) -> None:
        shutil.rmtree(state, ignore_errors=True)
        state.mkdir(parents=True)
        self.top = self.folder = start
        self.state, self.deadline = state, deadline

    def run(self, text: str) -> tuple[int, str]:
        """Status and output of one block. Errors: TimeoutError."""
        environment = {**os.environ, "DOCS_STATE": str(self.state), "PYTHONDONTWRITEBYTECODE": "1", "NO_COLOR": "1"}
        for name in ("MAKEFLAGS", "NINJA_STATUS", "UNICORE_TREE", "UNICORE_ROOT", "UNICORE"):
            environment.pop(name, None)
        process = subprocess.Popen(["sh", "-c", _SHELL + text + "\n"], cwd=self.folder, env=environment,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                   start_new_session=True)
        try:
            output, _ = process.communicate(timeout=max(1.0, self.deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)  # the session that was started above, nothing else
            output, _ = process.communicate()
            raise TimeoutError(output.decode("utf-8", "replace")) from None
        where = self.state / "pwd"
        if where.exists():
            self.folder = Path(where.read_text(encoding="utf-8").rstrip("\n"))
        return process.returncode, output.decode("utf-8", "replace").replace("\r", "")


def perform(session: Session, step: Step) -> str | None:
    """Does one step; a sentence when it fails."""
    block = step.block
    if step.kind == "write":
        path = session.folder / str(block.value("file"))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block.text + "\n", encoding="utf-8")
        print(f"--- {path.name} is written")
        return None
    if step.kind == "find":
        path = session.top / str(block.value("of"))
        if not path.is_file():
            return f"{path} does not exist"
        wrong = mismatch(block.text.split("\n"), path.read_text(encoding="utf-8").split("\n"), anywhere=True)
        return f"{block.value('of')} does not hold the excerpt: {wrong}" if wrong else None
    print(f"--- {block.text}", flush=True)
    begin = time.monotonic()
    try:
        status, output = session.run(block.text)
    except TimeoutError as late:
        return f"not done in time; until then:\n{late}"
    print(output, end="")
    print(f"--- status {status}, {time.monotonic() - begin:.1f} s", flush=True)
    expected_status = int(block.value("status") or 0)
    if status != expected_status:
        return f"exit status {status}, expected {expected_status}"
    if step.expected is None:
        return None
    return mismatch(step.expected.text.split("\n"), output.rstrip("\n").split("\n"))


def main() -> int:
    """1 when the page is not true."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("page", type=Path)
    parser.add_argument("--source", type=Path, required=True, help="the sources to copy")
    parser.add_argument("--scratch", type=Path, required=True, help="where to; the copy is its folder unicore")
    parser.add_argument("--timeout", type=float, default=280.0, metavar="S")
    args = parser.parse_args()
    deadline = time.monotonic() + args.timeout
    copy = args.scratch.resolve() / "unicore"
    try:
        todo = steps(args.page.read_text(encoding="utf-8"))
    except PageError as error:
        print(f"{args.page}: {error}")
        return 1
    if not todo:
        print(f"{args.page}: nothing to run")
        return 0
    restore(args.source.resolve(), copy)
    session = Session(copy, args.scratch.resolve() / "state", deadline)
    for step in todo:
        wrong = perform(session, step)
        if wrong:
            print(f"\n{args.page}:{step.block.line}: {wrong}")
            return 1
    print(f"{args.page}: {len(todo)} steps are as it says")
    return 0


if __name__ == "__main__":
    sys.exit(main())
