# SPDX-License-Identifier: BSD-3-Clause
"""Bars of the build: configuring again, configuring afresh, and what one changed option rebuilds."""
from __future__ import annotations

import json
import re
import shutil
import subprocess
import time
from pathlib import Path
from typing import Dict, List, Optional, Set, Tuple

from unicore.bench_report import Bar
from unicore.failure import Failure
from unicore.run_tree import BuiltTree


def cache(tree: Path) -> Dict[str, str]:
    """The tree's CMake cache. Errors: Failure."""
    try:
        text = (tree / "CMakeCache.txt").read_text(encoding="utf-8")
    except OSError as error:
        raise Failure(f"{tree}: {error.strerror}: CMakeCache.txt") from error
    return {name: value for name, value in re.findall(r"^([^#/\n][^:\n]*):[A-Z]+=(.*)$", text, re.M)}


def command(words: List[str], timeout: float = 900.0) -> Tuple[float, str]:
    """Runs a step of the build; seconds and output. Errors: Failure with the end of its output."""
    begin = time.monotonic()
    done = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          encoding="utf-8", errors="replace", timeout=timeout, check=False)
    if done.returncode:
        raise Failure(f"{' '.join(words)} failed:\n{done.stdout[-2000:]}")
    return time.monotonic() - begin, done.stdout


def fresh(tree: BuiltTree, preset: Optional[str]) -> Tuple[float, Path]:
    """Configures a new tree like `tree`; seconds and where. Errors: Failure."""
    values = cache(tree.root)
    preset = preset or values.get("UNICORE_PRESET") or tree.pair
    where = tree.scratch / "bench" / "tree"
    shutil.rmtree(where, ignore_errors=True)
    source = values["CMAKE_HOME_DIRECTORY"]
    begin = time.monotonic()
    done = subprocess.run(["cmake", "--preset", preset, "-B", str(where)], cwd=source, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", timeout=900, check=False)
    if done.returncode:
        raise Failure(f"cmake --preset {preset} in {source} failed:\n{done.stdout[-2000:]}")
    return time.monotonic() - begin, where


def configure_bars(tree: BuiltTree, preset: Optional[str]) -> List[Bar]:
    """Seconds to configure: a fresh tree with everything cached, and the same tree again."""
    first, where = fresh(tree, preset)
    again = min(command(["cmake", str(where)])[0] for _ in range(3))
    return [Bar("configure", f"configure again, {tree.pair}", "s", "<", 5, again),
            Bar("configure", f"configure a fresh tree, warm cache, {tree.pair}", "s", "", 0, first)]


def another_value(option: Dict[str, object]) -> Optional[str]:
    """A value that `option` may have and has not."""
    kind, value = option.get("type"), option.get("value", option.get("default"))
    if kind == "bool":
        return "OFF" if str(value).upper() in ("ON", "TRUE", "1") else "ON"
    if kind == "choice":
        return next((str(c) for c in option.get("choices") or [] if str(c) != str(value)), None)  # type: ignore
    if kind == "int":
        low, high = (option.get("range") or [None, None])  # type: ignore
        for candidate in (int(str(value)) + 1, int(str(value)) - 1):
            if (low is None or int(low) <= candidate) and (high is None or candidate <= int(high)):
                return str(candidate)
    return None


def choose_option(data: Dict[str, object]) -> Tuple[str, str, str]:
    """Component, cache variable and new value of the first option that can be changed. Errors: Failure."""
    options = data.get("options") or [
        {**option, "component": component["name"]}
        for component in data.get("components", []) for option in component.get("options", [])]  # type: ignore
    for option in options:  # type: ignore
        value = another_value(option)
        if value is not None:
            return str(option["component"]), str(option["variable"]), value
    raise Failure("no component of the tree has an option that could change")


def dependents(where: Path, header: str) -> Set[str]:
    """Objects that included `header` when they were compiled, by ninja's own records."""
    result, current = set(), ""
    for line in command(["ninja", "-C", str(where), "-t", "deps"])[1].splitlines():
        if line and not line.startswith(" "):
            current = line.partition(":")[0]
        elif line.strip().endswith(header):
            result.add(current)
    return result


def would_compile(where: Path) -> Set[str]:
    """Objects that ninja would compile now."""
    text = command(["ninja", "-C", str(where), "-n", "-v"])[1]
    return {found for line in text.splitlines() for found in re.findall(r" -o (\S+\.(?:o|obj)) ", line)}


def rebuild_bars(tree: BuiltTree, preset: Optional[str]) -> List[Bar]:
    """Files that a changed option compiles anew, beyond those that include its header."""
    _, where = fresh(tree, preset)
    command(["cmake", "--build", str(where)])
    data = json.loads((where / "unicore/components.json").read_text(encoding="utf-8"))
    component, variable, value = choose_option(data)
    header = f"unicore/{component.replace('.', '/')}/config.hpp"
    expected = dependents(where, header)
    all_objects = len(command(["ninja", "-C", str(where), "-t", "deps"])[1].split(": #deps")) - 1
    command(["cmake", f"-D{variable}={value}", str(where)])
    # The header is written while configuring, so ninja knows at once what it makes stale.
    rebuilt = would_compile(where)
    bar = Bar("rebuild", f"files compiled beyond need after one option changed, {tree.pair}", "", "<=", 0,
              float(len(rebuilt - expected)))
    bar.note = (f"{variable}={value}: {len(rebuilt)} of {all_objects} files are compiled anew, "
                f"{len(expected)} include {header}")
    bar.raw = {"rebuilt": sorted(rebuilt), "include": sorted(expected)}
    if expected - rebuilt:
        bar.measured, bar.note = None, f"{sorted(expected - rebuilt)} include {header} and are not rebuilt"
    return [bar]
