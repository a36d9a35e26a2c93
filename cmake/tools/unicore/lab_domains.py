# SPDX-License-Identifier: BSD-3-Clause
"""Domains of a dom0's session, as xl and the hypervisor tell of them."""
from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from typing import Dict, List, Mapping, Sequence, Tuple, Union

from unicore.domain import literal
from unicore.lab_machine import Content
from unicore.lab_session import LabError, Session
from unicore.run_tree import BuiltTree

Value = Union[str, int]
# Why a domain stopped. Source: Xen public/sched.h, SHUTDOWN_*.
POWEROFF, REBOOT, CRASH = 0, 1, 3


@dataclass(frozen=True)
class Domain:
    """A line of `xl list`. `state` is six letters or dashes: running, blocked, paused, shut down, crashed, dying."""

    id: int
    memory: int  # MiB
    state: str


def parse_list(text: str) -> Dict[str, Domain]:
    """The domains by name, of what `xl list` prints."""
    lines = re.findall(r"^(\S+) +(\d+) +(\d+) +\d+ +([a-z-]{6}) +[\d.]+$", text, re.MULTILINE)
    return {name: Domain(int(number), int(memory), state) for name, number, memory, state in lines}


def configured(text: str, settings: Mapping[str, Value]) -> str:
    """A domain's configuration with some settings, of one line each, replaced or added."""
    kept = [line for line in text.splitlines() if line.partition("=")[0].strip() not in settings]
    return "".join(f"{line}\n" for line in kept + [f"{name} = {literal(value)}" for name, value in settings.items()])


def architecture_of(tree: BuiltTree) -> str:
    """Of the dom0 that has a tree's images as its domains, in Debian's words: a 64-bit one has 32-bit domains, too."""
    return "amd64" if tree.target["architecture"] == "x86_64" else "arm64"


def image_files(tree: BuiltTree, names: Sequence[str]) -> Dict[str, Content]:
    """Images of a tree and their configurations NAME*.cfg, by their paths in the dom0: /images/NAME is
    what the configurations there boot. No names: all that are built. Errors: RunError."""
    files: Dict[str, Content] = {}
    for name in names or tree.built():
        image = tree.bootable(name)
        files[f"images/{image.name}"] = image
        for config in sorted([image.parent / f"{image.name}.cfg", *image.parent.glob(f"{image.name}.*.cfg")]):
            if config.is_file():
                text = config.read_text(encoding="utf-8")
                files[f"images/{config.name}"] = configured(text, {"kernel": f"/images/{image.name}"})
    return files


def create(dom0: Session, config: str, options: str = "", timeout: float = 60.0, **settings: Value) -> None:
    """`xl create` of the configuration at `config`, with `settings` in place of its own. Errors: LabError."""
    words = " ".join(shlex.quote(f"{name}={literal(value)}") for name, value in settings.items())
    dom0.check(f"xl create -q {options} {shlex.quote(config)} {words}", timeout)


def domains(dom0: Session) -> Dict[str, Domain]:
    """All domains by name, Domain-0 among them."""
    return parse_list(dom0.check("xl list"))


def wait_for_end(dom0: Session, name: str, timeout: float = 30.0) -> None:
    """Returns when there is no such domain any more. Errors: LabError."""
    dom0.wait_until(lambda: name not in domains(dom0), timeout, lambda: f"domain {name} is still there")


def parse_ends(log: str) -> List[Tuple[int, int]]:
    """Domain number and reason (POWEROFF, …) of each end in a log of xl's."""
    return [(int(number), int(reason)) for number, reason
            in re.findall(r"^Domain (\d+) has shut down, reason code (\d+) ", log, re.MULTILINE)]


def ends(dom0: Session, name: str) -> List[Tuple[int, int]]:
    """How the domains of that name ended since it was last created, as libxl saw it."""
    return parse_ends(dom0.run(f"cat /var/log/xen/xl-{name}.log").text)


def parse_pages(log: str, number: int) -> int:
    """Pages of domain `number`, as the hypervisor answers debug key q; the last answer counts. Errors: LabError."""
    found = re.findall(rf"General information for domain {number}:(?:(?!General information).)*?\bnr_pages=(\d+)",
                       log, re.DOTALL)
    if not found:
        raise LabError(f"the hypervisor did not tell how many pages domain {number} has")
    return int(found[-1])


def pages(dom0: Session, name: str) -> int:
    """Pages that the hypervisor counts as the domain's; `xl list` has but MiB. Errors: LabError."""
    number = domains(dom0)[name].id
    return parse_pages(dom0.check("xl debug-keys q && xl dmesg | grep -A 2 'General information' | tail -n 60"), number)


def parse_free(log: str) -> int:
    """KiB, of what the hypervisor says to debug key m; the last answer counts. Errors: LabError."""
    found = re.findall(r"Dom heap: (\d+)kB free", log)
    if not found:
        raise LabError("the hypervisor did not tell how much memory is free")
    return int(found[-1])


def free_kib(dom0: Session) -> int:
    """KiB that the hypervisor has free; `xl info` has but MiB. A domain that just ended may not have
    given everything back yet."""
    return parse_free(dom0.check("xl debug-keys m && xl dmesg | tail -n 20"))

