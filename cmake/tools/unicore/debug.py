# SPDX-License-Identifier: BSD-3-Clause
"""Start an image stopped and a debugger on it, symbols loaded, breakpoint at main.

A machine waits before its first instruction: `continue` takes it to main. A process is started by
`run`. With --wait no debugger is started; the tool says how to connect one.
"""
from __future__ import annotations

import argparse
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import List, Optional

from unicore.failure import Failure
from unicore.ports import free_port
from unicore.run import options_of, start_arguments
from unicore.run_process import complain, end, spawn
from unicore.run_targets import Machine, Options, Process, RunError, runner_for
from unicore.run_tree import BuiltTree

_LISTEN = "0A"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the command line."""
    start_arguments(parser)
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--gdb", dest="debugger", action="store_const", const="gdb", help="use gdb (default if there)")
    which.add_argument("--lldb", dest="debugger", action="store_const", const="lldb", help="use lldb")
    which.add_argument("--wait", action="store_true", help="start no debugger, wait for one to connect")
    parser.add_argument("--port", type=int, default=0, help="TCP port on 127.0.0.1 (default: a free one)")
    parser.add_argument("--batch", action="append", default=[], metavar="COMMANDS",
                        help="run these debugger commands (apart by ;) and end")


def find_debugger(wish: Optional[str]) -> List[str]:
    """Kind (gdb or lldb) and path. Errors: RunError that says what to install."""
    names = {"gdb": ("gdb", "gdb-multiarch"), "lldb": ("lldb-19", "lldb")}
    for kind in [wish] if wish else ["gdb", "lldb"]:
        for name in names[kind]:
            path = shutil.which(name)
            if path:
                return [kind, path]
    raise RunError(f"{wish or 'neither gdb nor lldb'} is {'not ' if wish else ''}installed")


def listens(port: int) -> bool:
    """Whether somebody listens on `port`; asks the kernel, as connecting would use the stub up."""
    for line in Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]:
        words = line.split()
        if words[3] == _LISTEN and int(words[1].partition(":")[2], 16) == port:
            return True
    return False


def gdb_line(path: str, setup: List[str], batch: List[str]) -> List[str]:
    """gdb's command line: quiet set-up, then the user's commands."""
    line = [path, "-q", "-nx"] if batch else [path, "-q"]
    line += ["-batch"] if batch else []
    for command in ["set confirm off", "set pagination off", *setup, *batch]:
        line += ["-ex", command]
    return line


def lldb_line(path: str, setup: List[str], batch: List[str]) -> List[str]:
    """lldb's command line, likewise."""
    line = [path, "--no-lldbinit", "--batch"] if batch else [path]
    for command in [*setup, *batch]:
        line += ["-o", command]
    return line


def source_setup(kind: str, tree: BuiltTree) -> List[str]:
    """Commands that tell where the sources are."""
    places = tree.prefixes().items()
    if kind == "gdb":  # the last rule must not catch what the ones before are for
        return [f"set substitute-path {word} {root}" for word, root in places if word != "."] + [
            f"directory {root}" for word, root in places if word == "."]
    return ["settings set target.source-map " + " ".join(f"{word} {shlex.quote(str(root))}" for word, root in places)
            ] if places else []


def machine_setup(kind: str, machine: Machine, debug_file: Path, port: int) -> List[str]:
    """Commands that connect to the stub. Breakpoints in hardware: KVM writes software ones into
    memory, which the firmware then overwrites with the image."""
    if kind == "gdb":
        return [f"set architecture {machine.debug_architecture}", f"file {debug_file}",
                f"target remote 127.0.0.1:{port}", "hbreak main"]
    return [f"target create {shlex.quote(str(debug_file))}", f"gdb-remote 127.0.0.1:{port}",
            "breakpoint set --hardware --name main"]


def process_setup(kind: str, options: Options, debug_file: Path) -> List[str]:
    """Commands that load the image with its symbols and arguments."""
    words = shlex.join(options.arguments)
    if kind == "gdb":
        return [f"exec-file {options.image}", f"symbol-file {debug_file}", f"set args {words}",
                "break main"]
    # The same program: lldb places no breakpoints in a file without section headers.
    setup = [f"target create {shlex.quote(str(debug_file))}", "breakpoint set --name main"]
    return setup + ([f"settings set -- target.run-args {words}"] if words else [])


def main(args: argparse.Namespace) -> int:
    """Runs the command; returns the debugger's exit status."""
    tree = BuiltTree(Path(args.tree))
    runner = runner_for(tree.target["platform"], tree.target["architecture"])
    options = options_of(args, tree, runner)
    debug_file = tree.companion(options.image, ".debug")
    batch = [word.strip() for text in args.batch for word in re.split(r"[;\n]", text) if word.strip()]
    kind, path = ("wait", "") if args.wait else find_debugger(args.debugger)
    compose = gdb_line if kind == "gdb" else lldb_line
    sources = source_setup(kind, tree)
    if isinstance(runner, Process):
        if runner.prefix() or args.wait:
            raise RunError("a process is debugged here by starting it under a debugger of its own architecture")
        command = compose(path, sources + process_setup(kind, options, debug_file), batch)
        return converse(subprocess.Popen(command, env=runner.environment(options)), args.timeout)
    assert isinstance(runner, Machine)
    port = args.port or free_port()
    options.qemu_args = [*options.qemu_args, "-S", "-gdb", f"tcp:127.0.0.1:{port}"]
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))  # so that QEMU is ended
    machine = spawn(runner.command(options), folder=runner.folder, stdout=None, merge_errors=True)
    try:
        await_stub(machine, port)
        if args.wait:
            complain(f"unicore debug: {options.name} waits on 127.0.0.1:{port}. For gdb:\n"
                     + "\n".join("  " + line for line in source_setup("gdb", tree)
                                 + machine_setup("gdb", runner, debug_file, port)))
            return converse(machine, args.timeout)
        setup = sources + machine_setup(kind, runner, debug_file, port)
        return converse(subprocess.Popen(compose(path, setup, batch)), args.timeout)
    finally:
        end(machine)


def await_stub(machine: "subprocess.Popen[bytes]", port: int) -> None:
    """Returns when QEMU listens. Errors: Failure when it ended, or does not within 10 s."""
    deadline = time.monotonic() + 10.0
    while not listens(port):
        if machine.poll() is not None:
            raise Failure(f"QEMU exited with {machine.returncode} before a debugger could connect")
        if time.monotonic() > deadline:
            raise Failure(f"QEMU does not listen on port {port}")
        time.sleep(0.02)


def converse(process: "subprocess.Popen[bytes]", timeout: Optional[float]) -> int:
    """Leaves the terminal, Ctrl-C included, to `process` until it ends; 124 at the time limit."""
    old = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        return process.wait(timeout)
    except subprocess.TimeoutExpired:
        end(process)
        complain(f"unicore debug: not done within {timeout:g} s")
        return 124
    finally:
        signal.signal(signal.SIGINT, old)
