# SPDX-License-Identifier: BSD-3-Clause
"""Bars of the build: configuring again, configuring afresh, and what one changed option rebuilds."""
from __future__ import annotations

import json
import re
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional, Set, Tuple

from unicore.bench_report import Bar
from unicore.failure import Failure
from unicore.resolver.config_header import header_path
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


def another_value(option: Dict[str, Any]) -> Optional[str]:
    """A value that `option`, a record of components.json, may have and has not."""
    value = str(option["effective"])
    if option["type"] == "bool":
        return "OFF" if value.upper() in ("ON", "TRUE", "YES", "1") else "ON"
    if option["type"] == "choice":
        return next((choice for choice in option["choices"] if choice != value), None)
    if option["type"] == "int":
        low, high = (int(option[end]) if option[end] else None for end in ("minimum", "maximum"))
        for candidate in (int(value) + 1, int(value) - 1):
            if (low is None or low <= candidate) and (high is None or candidate <= high):
                return str(candidate)
    return None


def choose_option(options: List[Dict[str, Any]], included: Callable[[str], int]) -> Tuple[Dict[str, Any], str]:
    """The option to change and its new value: of those that can change, the one whose component's
    header most files include. Errors: Failure."""
    found = [(included(option["component"]), option, value) for option in options
             for value in [another_value(option)] if option["when_holds"] and value is not None]
    if not found:
        raise Failure("no component of the tree has an option that could change")
    _, option, value = max(found, key=lambda entry: entry[0])
    return option, value


def dependents(where: Path) -> Dict[str, Set[str]]:
    """Objects by the generated header that they included when they were compiled, as ninja
    recorded it; "" for all objects."""
    result: Dict[str, Set[str]] = {"": set()}
    current, folder = "", str(where.resolve() / "unicore") + "/"
    for line in command(["ninja", "-C", str(where), "-t", "deps"])[1].splitlines():
        if line and not line.startswith(" "):
            current = line.partition(": #deps")[0]
            result[""].add(current)
            continue
        path = str((where.resolve() / line.strip()))  # an absolute path stays as it is
        if line.strip() and path.startswith(folder):
            result.setdefault(path[len(folder):], set()).add(current)
    return result


def compiled_now(where: Path) -> Set[str]:
    """Builds and tells which objects were compiled. A dry run would not do: it stops where globbed
    folders are checked."""
    text = command(["ninja", "-C", str(where), "-v"])[1]
    return {found for line in text.splitlines() for found in re.findall(r" -o (\S+\.(?:o|obj)) ", line)}


def rebuild_bars(tree: BuiltTree, preset: Optional[str]) -> List[Bar]:
    """Files that a changed option compiles anew, beyond those that include its header."""
    _, where = fresh(tree, preset)
    command(["cmake", "--build", str(where)])
    data = json.loads((where / "unicore/components.json").read_text(encoding="utf-8"))
    including = dependents(where)
    option, value = choose_option(data["options"], lambda name: len(including.get(header_path(name), ())))
    header, variable = header_path(option["component"]), option["variable"]
    expected = including.get(header, set())
    command(["cmake", f"-D{variable}={value}", str(where)])
    rebuilt = compiled_now(where)
    bar = Bar("rebuild", f"files compiled beyond need after one option changed, {tree.pair}", "", "<=", 0,
              float(len(rebuilt - expected)))
    bar.note = (f"{variable}={value}: {len(rebuilt)} of {len(including[''])} files are compiled anew, "
                f"{len(expected)} include {header}")
    bar.raw = {"rebuilt": sorted(rebuilt), "include": sorted(expected)}
    if expected - rebuilt:
        bar.measured, bar.note = None, f"{sorted(expected - rebuilt)} include {header} and are not rebuilt"
    return [bar]
