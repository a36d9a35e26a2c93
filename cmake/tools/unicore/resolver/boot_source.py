# SPDX-License-Identifier: BSD-3-Clause
"""The generated boot.cpp of an image, written to be read."""
from __future__ import annotations

from typing import Iterable, Sequence

from unicore.resolver.chains import story
from unicore.resolver.config_header import quoted
from unicore.resolver.model import Component, Metadata, Setting
from unicore.resolver.order import Step
from unicore.resolver.problems import wrap

_HEADER = """// SPDX-License-Identifier: BSD-3-Clause
// How image {image} starts on {pair}. Generated from the dependencies of its components by
// cmake/tools/unicore.py; `unicore.py explain {image}` tells the rest.
#include <unicore/base/boot.hpp>
"""


def split_symbol(symbol: str) -> tuple[str, str]:
    """(namespace, function) of a qualified name; a leading :: does not matter."""
    scope, _, name = symbol.strip().removeprefix("::").rpartition("::")
    return scope, name


def declarations(steps: Iterable[Component], settings: Iterable[Setting]) -> list[str]:
    """Declares every function that the image calls, each in its namespace, sorted."""
    scopes: dict[str, set[str]] = {}
    for component in steps:
        scope, name = split_symbol(component.init)
        scopes.setdefault(scope, set()).add(f"::unicore::Result<void> {name}() noexcept;")
        if component.stop:
            scope, name = split_symbol(component.stop)
            scopes.setdefault(scope, set()).add(f"void {name}() noexcept;")
    for setting in settings:
        scope, name = split_symbol(setting.setter)
        scopes.setdefault(scope, set()).add(
            f"::unicore::Result<void> {name}(std::string_view value) noexcept;")
    lines = []
    for scope in sorted(scopes):
        functions = sorted(scopes[scope])
        if scope:
            lines += [f"namespace {scope} {{", *functions, f"}}  // namespace {scope}", ""]
        else:
            lines += [*functions, ""]
    return lines


def _step(metadata: Metadata, component: Component, step: Step) -> list[str]:
    lines = []
    for other, links in step.after:
        lines += wrap(f"After {other}: {story(metadata, links)}.", "    // ", "    // ")
    if not step.after:
        lines.append("    // Waits for no other step.")
    stop = f"&::{component.stop.removeprefix('::')}" if component.stop else "nullptr"
    return [*lines, f"    {{{quoted(component.name)}, &::{component.init.removeprefix('::')}, {stop}}},"]


def boot_source(metadata: Metadata, image: str, steps: Sequence[Step], settings: Sequence[Setting]) -> str:
    """The text of boot.cpp; `steps` are in boot order."""
    components = [metadata.components[step.component] for step in steps]
    lines = [_HEADER.format(image=image, pair=metadata.target.pair),
             *declarations(components, settings), "namespace unicore::boot {", ""]
    if steps:
        lines += ["namespace {", "", "constinit const Step step_list[] = {"]
        for component, step in zip(components, steps):
            lines += _step(metadata, component, step)
        lines += ["};", "", "}  // namespace", ""]
    if settings:
        lines += ["namespace {", "", "constinit const Setting setting_list[] = {"]
        for setting in settings:
            lines.append(f"    {{{quoted(setting.name)}, &::{setting.setter.removeprefix('::')}, "
                         f"{quoted(setting.allowed)}}},  // {setting.component}")
        lines += ["};", "", "}  // namespace", ""]
    lines += [f"constinit const char image_name[] = {quoted(image)};",
              f"constinit const std::span<const Step> steps{'{step_list}' if steps else '{}'};",
              f"constinit const std::span<const Setting> settings{'{setting_list}' if settings else '{}'};",
              "", "}  // namespace unicore::boot", ""]
    return "\n".join(lines)
