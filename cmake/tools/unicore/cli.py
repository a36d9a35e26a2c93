# SPDX-License-Identifier: BSD-3-Clause
"""Finds the module of a command, loads only that one, and runs it."""
from __future__ import annotations

import argparse
import importlib
import os
import sys
from pathlib import Path
from typing import Sequence

from unicore.failure import Failure

PACKAGE = Path(__file__).resolve().parent


def commands() -> dict[str, str]:
    """Name and one-line help of every command; reads the sources, so that listing loads nothing."""
    import ast  # for the list alone: loading a command must stay fast

    found = {}
    for path in sorted(PACKAGE.glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        defined = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
        if {"arguments", "main"} <= defined:
            help_text = (ast.get_docstring(tree) or "").partition("\n")[0]
            found[path.stem.replace("_", "-")] = help_text
    return found


def overview() -> str:
    """The text of `unicore.py --help`."""
    known = commands()
    width = max(map(len, known), default=0)
    lines = ["usage: unicore.py [--tree BUILD] COMMAND [argument…]", "", "commands:"]
    lines += [f"  {name:<{width}}  {text}" for name, text in known.items()]
    lines += ["", "--tree BUILD names the build tree; else $UNICORE_TREE, else the current folder."]
    return "\n".join(lines)


def split_command(arguments: Sequence[str]) -> tuple[list[str], str, list[str]]:
    """Takes `--tree X` in front of the command apart from it: (options, command, the rest)."""
    index = 0
    while index < len(arguments) and arguments[index].startswith("--tree"):
        index += 1 if "=" in arguments[index] else 2
    if index >= len(arguments):
        return list(arguments), "", []
    return list(arguments[:index]), arguments[index], list(arguments[index + 1 :])


def load(command: str):
    """The module of `command`; the error names the nearest command."""
    module = command.replace("-", "_")
    if not module.isidentifier() or not (PACKAGE / f"{module}.py").is_file():
        from unicore.resolver.names import suggestion

        raise Failure(f"unknown command '{command}'{suggestion(command, commands())}", status=2)
    loaded = importlib.import_module(f"unicore.{module}")
    if not hasattr(loaded, "arguments") or not hasattr(loaded, "main"):
        raise Failure(f"'{command}' is no command", status=2)
    return loaded


def main(argv: Sequence[str]) -> int:
    """Runs one command. Returns its exit status; 2 for a wrong call."""
    for stream in (sys.stdout, sys.stderr):
        # The reports draw trees; a build in the C locale must not fail over that.
        stream.reconfigure(encoding="utf-8", errors="replace")
    before, command, after = split_command(argv)
    if not command or command in ("-h", "--help"):
        print(overview(), file=sys.stdout if command else sys.stderr)
        return 0 if command else 2
    try:
        module = load(command)
        summary = (module.__doc__ or "").partition("\n")[0]
        parser = argparse.ArgumentParser(prog=f"unicore.py {command}", description=summary)
        parser.add_argument("--tree", type=Path, metavar="BUILD",
                            default=Path(os.environ.get("UNICORE_TREE", ".")),
                            help="the build tree (default: $UNICORE_TREE, else the current folder)")
        module.arguments(parser)
        return module.main(parser.parse_args([*before, *after]))
    except Failure as failure:
        text = str(failure)  # one that is indented is laid out already, for CMake
        print(text if text.startswith(" ") else f"unicore.py: {text}", file=sys.stderr)
        return failure.status
    except BrokenPipeError:  # `… | head` closed the pipe: nothing is wrong
        sys.stderr.close()
        return 0
