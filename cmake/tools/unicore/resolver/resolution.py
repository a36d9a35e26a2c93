# SPDX-License-Identifier: BSD-3-Clause
"""Runs all checks over the metadata and resolves every image."""
from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from unicore.resolver import choices, constraints, includes, option_values, pool, target
from unicore.resolver.closure import Closure, close
from unicore.resolver.model import Image, Metadata, Setting
from unicore.resolver.order import BootGraph, Step, boot_order
from unicore.resolver.problems import Problem


@dataclass(frozen=True)
class Resolved:
    """One image, ready to be generated."""

    image: Image
    closure: Closure
    steps: list[Step]
    settings: list[Setting]
    early: dict[str, list[str]]  # dependencies that carry no boot order


@dataclass
class Resolution:
    """All images of the tree, and everything that is wrong."""

    metadata: Metadata
    images: list[Resolved] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def resolve(metadata: Metadata, include_cache: Path | None = None) -> Resolution:
    """Does not stop at the first problem: the user corrects all of them at once."""
    result = Resolution(metadata, problems=list(target.check(metadata)))
    if result.problems:
        return result  # everything would be unmet here
    result.problems += pool.check(metadata)
    result.problems += option_values.check(metadata)
    result.problems += choices.check(metadata)
    for image in metadata.images:
        closure = close(metadata, image)
        graph = BootGraph(metadata, closure)
        steps, cycles = boot_order(metadata, closure, graph)
        result.problems += constraints.check(metadata, closure)
        result.problems += cycles
        settings = sorted((s for s in metadata.settings if s.component in closure.members),
                          key=lambda setting: setting.name)
        result.images.append(Resolved(image, closure, steps, settings, graph.early()))
    result.problems += includes.check(metadata, include_cache)
    return result
