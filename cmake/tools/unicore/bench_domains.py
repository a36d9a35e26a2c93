# SPDX-License-Identifier: BSD-3-Clause
"""Bars of an image as domains under Xen: time and memory of many, the smallest memory of one."""
from __future__ import annotations

from typing import List, Optional

from unicore.bench_report import Bar
from unicore.lab_domains import configured, create, domains, free_kib, image_files
from unicore.lab_machine import Content
from unicore.lab_session import LabError, Session
from unicore.run_tree import BuiltTree

HELLO = r"(?i)^.*hello.*$"
SLEEP = "debug.drill=sleep:86400"
_LARGEST = 32  # MiB


def domain_bars(tree: BuiltTree, image: str, quick: bool) -> List[Bar]:
    """All of them, in one dom0. Errors: Failure, RunError."""
    files = image_files(tree, [image])
    config = f"images/{image}.cfg"
    many = 10 if quick else 50
    for number in range(many):
        text = files[config]
        assert isinstance(text, str)
        files[f"many/{number}.cfg"] = with_settings(text, number)
    with Session(files, memory=1024) as dom0:
        smallest = {kind: smallest_bar(dom0, f"/{config}", kind) for kind in ("pv", "pvh")}
        return many_bars(dom0, many) + list(smallest.values())


def with_settings(config: str, number: int) -> Content:
    """The configuration of one of many: PV, sleeping, 4 MiB."""
    return configured(config, {"name": f"many{number}", "type": "pv", "memory": 4, "maxmem": 4, "extra": SLEEP})


def many_bars(dom0: Session, many: int) -> List[Bar]:
    """Starts domains one after the other, as a person with a loop would, and counts."""
    what = f"of {many} sleeping PV domains of 4 MiB, each"
    time_bar, memory_bar = Bar("domains", f"xl create {what}", "s"), Bar("domains", f"memory {what}", "KiB")
    create(dom0, "/many/0.cfg", "-e")  # what Xen and the dom0 keep from the first one on is not counted
    dom0.wait_for_console("many0", HELLO)
    before = free_kib(dom0)
    script = (f"read begin x </proc/uptime; i=1; while [ $i -lt {many} ]; do xl create -q -e /many/$i.cfg || exit 1; "
              "i=$((i+1)); done; read end x </proc/uptime; echo $begin $end")
    begin, end = map(float, dom0.check(script, timeout=10.0 * many).split()[-2:])
    said = "cd /var/log/xen/console && grep -il hello guest-many*.log | wc -l"
    dom0.wait_until(lambda: int(dom0.check(said)) == many, 60, lambda: f"not all of {many} domains said hello")
    time_bar.measured = (end - begin) / (many - 1)
    memory_bar.measured = (before - free_kib(dom0)) / (many - 1)
    time_bar.note = "under emulation; the dom0 is one of Debian's kernel and xl, with nothing but busybox"
    memory_bar.note = "all that Xen has less of; 4,096 KiB are the domain's own"
    for number in range(many):
        dom0.run(f"xl destroy many{number}")
    return [time_bar, memory_bar]


def smallest_bar(dom0: Session, config: str, kind: str) -> Bar:
    """The smallest `memory=` (xl knows whole MiB) with which a domain says hello; with the least shadow
    memory for PVH."""
    bar = Bar("domains", f"smallest memory=, {kind.upper()} domain", "MiB")
    cases = [(memory, shadow) for memory in range(1, _LARGEST + 1) for shadow in ((0,) if kind == "pv" else (1, 2))]
    for memory, shadow in cases:
        taken = attempt(dom0, config, kind, memory, shadow)
        if taken is not None:
            bar.measured = float(memory)
            bar.note = f"Xen has {taken:,} KiB less" + (f", shadow_memory={shadow} MiB counted" if shadow else "")
            return bar
    bar.note = f"it does not run in {_LARGEST} MiB"
    return bar


def attempt(dom0: Session, config: str, kind: str, memory: int, shadow: int) -> Optional[int]:
    """KiB that Xen has less while such a domain sleeps; None when it does not come up to hello."""
    name = f"small-{kind}-{memory}-{shadow}"
    more = {"shadow_memory": shadow} if shadow else {}
    before = free_kib(dom0)
    try:
        create(dom0, config, "-e", name=name, type=kind, memory=memory, maxmem=memory, extra=SLEEP,
               on_crash="destroy", **more)
        dom0.wait_for_console(name, HELLO, 10.0)
        return before - free_kib(dom0)
    except LabError:
        return None
    finally:
        dom0.run(f"xl destroy {name}")
        dom0.wait_until(lambda: name not in domains(dom0), 30, lambda: f"{name} does not go away")
