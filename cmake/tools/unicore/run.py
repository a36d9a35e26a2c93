# SPDX-License-Identifier: BSD-3-Clause
"""Boot an image, show its console, exit with its status.

Exit status: the image's, from the last `unicore: exit status=N` line; 125 when it stopped without
one or could not be started; 124 at the time limit; 128+signal when this tool was interrupted.
"""
from __future__ import annotations

import argparse
import os
import shlex
import signal
import sys
from pathlib import Path
from typing import Any, List, Optional, Sequence

from unicore.failure import Failure
from unicore.run_accel import choose
from unicore.run_console import Console
from unicore.run_process import Conversation, Outcome, complain, spawn
from unicore.run_targets import Machine, Options, Runner, RunError, runner_for
from unicore.run_tree import BuiltTree
from unicore.symbolise import Annotator

NO_STATUS = 125
TIMED_OUT = 124


def start_arguments(parser: argparse.ArgumentParser) -> None:
    """What `run` and `debug` both take."""
    parser.add_argument("image", metavar="IMAGE", help="name of an image in the tree, or a path to one")
    parser.add_argument("--machine", help="kvm: pc (default), q35 or microvm, with QEMU's options; "
                        "xen: the domain's type, pv (default) or pvh, on Arm the interrupt controller, gicv2 or gicv3; baremetal: bios (default), q35 or "
                        "uefi, with -disk behind bios and uefi for the image on a disk")
    parser.add_argument("--memory", help="RAM, as QEMU takes it (default 128M)")
    parser.add_argument("--cpu", help="CPU model (default max; host under KVM)")
    parser.add_argument("--accel", choices=("tcg", "kvm", "auto"), default="tcg",
                        help="accelerator; auto: KVM where a probe shows that it works (default tcg)")
    parser.add_argument("--setting", action="append", default=[], metavar="NAME=VALUE", help="a run-time setting")
    parser.add_argument("--append", default="", metavar="TEXT", help="settings text, passed on as it is")
    parser.add_argument("--qemu-arg", action="append", default=[], metavar="ARG", help="one more argument for QEMU")
    parser.add_argument("--timeout", type=float, metavar="S", help="end it after S seconds, exit status 124")
    take_rest(parser)


def take_rest(parser: argparse.ArgumentParser) -> None:
    """Makes `parser` hand what follows `--` on as `arguments`, untouched, `--` among it included.

    argparse cannot: it gives a `*` positional up at the first option, and drops later `--`.
    """
    parser.epilog = "What follows -- are the image's own arguments."
    parse = parser.parse_args

    def parse_args(words: Optional[Sequence[str]] = None, namespace: Any = None) -> Any:
        words = list(sys.argv[1:] if words is None else words)
        cut = words.index("--") if "--" in words else len(words)
        found = parse(words[:cut], namespace)
        found.arguments = words[cut + 1:]
        return found

    parser.parse_args = parse_args  # type: ignore[method-assign,assignment]


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the command line."""
    start_arguments(parser)
    parser.add_argument("--icount", action="store_true", help="virtual time counts instructions: repeatable")
    parser.add_argument("--quiet", action="store_true", help="do not show the console, only exit with its status")
    parser.add_argument("--dry-run", action="store_true", help="print the command line instead of running it")


def options_of(args: argparse.Namespace, tree: BuiltTree, runner: Runner) -> Options:
    """The runner's options from the command line. Errors: RunError."""
    image = tree.bootable(args.image)
    accel = args.accel
    if isinstance(runner, Machine):
        if "kvm" in runner.accelerators:
            accel = choose(args.accel, runner, tree.scratch / "accel.json")
        elif accel == "auto":
            accel = runner.accelerators[0]
    return Options(image=image, name=image.name, arguments=args.arguments, settings=args.setting, append=args.append,
                   machine=args.machine, memory=args.memory, cpu=args.cpu, accel=accel,
                   icount=getattr(args, "icount", False), qemu_args=args.qemu_arg,
                   keep=getattr(args, "dry_run", False))


def main(args: argparse.Namespace) -> int:
    """Runs the command; returns the exit status."""
    try:
        tree = BuiltTree(Path(args.tree))
        runner = runner_for(tree.target["platform"], tree.target["architecture"])
        options = options_of(args, tree, runner)
        if args.dry_run:
            print(shlex.join(runner.command(options)))
            return 0
        return run(runner, options, tree, timeout=args.timeout, quiet=args.quiet)
    except Failure as error:
        complain(f"unicore run: {error}")
        return NO_STATUS


def run(runner: Runner, options: Options, tree: BuiltTree, timeout: Optional[float] = None, quiet: bool = False) -> int:
    """Runs one image on our standard input and output. Errors: RunError."""
    out = sys.stdout.fileno()

    def show(data: bytes) -> None:
        while data and not quiet:
            data = data[os.write(out, data):]

    annotator = Annotator([tree.folder, options.image.parent], tree.source)

    def on_line(line: bytes) -> None:
        text: List[str] = annotator.line(line.decode("utf-8", "replace"))
        if text:
            complain("\n".join(text))

    console = Console(show, on_line, runner.speaks_after(options))
    own = runner.console_filter()
    command = runner.command(options)
    sys.stdout.flush()
    try:
        child = spawn(command, runner.environment(options), folder=runner.folder, merge_errors=runner.merges_errors,
                      use_input=True)
    except OSError as error:
        raise RunError(f"{command[0]}: {error.strerror}") from error
    outcome = Conversation(child, lambda data: console.feed(own(data) if own else data), timeout=timeout, forward_signals=runner.forwards_signals,
                           enough=lambda: not runner.stops_by_itself and console.status is not None).run()
    console.close()
    return judge(runner, options, console, outcome, timeout)


def judge(runner: Runner, options: Options, console: Console, outcome: Outcome, timeout: Optional[float]) -> int:
    """The tool's exit status, and a message where it is not simply the image's."""
    complaints = [line for line in outcome.errors.decode("utf-8", "replace").splitlines()
                  if line.strip() and "terminating on signal" not in line]
    for line in complaints:
        complain(line)
    if outcome.timed_out:
        said = "" if console.bytes_seen else " and printed nothing"
        complain(f"unicore run: {options.name} did not stop within {timeout:g} s{said}")
        return TIMED_OUT
    if console.status is not None:
        if not runner.is_emulator and outcome.code != console.status.code:
            complain(f"unicore run: {options.name} announced status {console.status.code}, "
                     f"but the process {ending(outcome.code)}")
        return console.status.code
    if outcome.interrupted_by:
        return 128 + outcome.interrupted_by
    what = "QEMU" if runner.is_emulator else options.name
    complain(f"unicore run: {options.name} stopped without a line `unicore: exit status=N` "
             f"({what} {ending(outcome.code)})")
    return NO_STATUS


def ending(code: int) -> str:
    """How a process ended, in words."""
    if code >= 0:
        return f"exited with {code}"
    try:
        return f"was ended by {signal.Signals(-code).name}"
    except ValueError:
        return f"was ended by signal {-code}"
