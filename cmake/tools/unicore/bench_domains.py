# SPDX-License-Identifier: BSD-3-Clause
"""Bars of an image as domains under Xen: time and memory of many, the smallest memory of one."""
from __future__ import annotations

from typing import Dict, List, Optional

from unicore.bench_report import Bar
from unicore.lab_domains import Value, configured, create, domains, free_kib, image_files, wait_for_end
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
    time_bar = Bar("domains", f"xl create {what}", "s")
    memory_bar = Bar("domains", f"memory {what}", "KiB", "<=", 4.1 * 1024)
    create(dom0, "/many/0.cfg", "-e")  # what Xen and the dom0 keep from the first one on is not counted
    wait_for_sleep(dom0, 1)
    before = free_kib(dom0)
    script = (f"read begin x </proc/uptime; i=1; while [ $i -lt {many} ]; do xl create -q -e /many/$i.cfg || exit 1; "
              "i=$((i+1)); done; read end x </proc/uptime; echo $begin $end")
    begin, end = map(float, dom0.check(script, timeout=10.0 * many).split()[-2:])
    wait_for_sleep(dom0, many)
    time_bar.measured = (end - begin) / (many - 1)
    memory_bar.measured = (before - free_kib(dom0)) / (many - 1)
    time_bar.note = "under emulation; the dom0 is one of Debian's kernel and xl, with nothing but busybox"
    memory_bar.note = "all that Xen has less of; 4,096 KiB are the domain's own"
    dom0.check(f"i=0; while [ $i -lt {many} ]; do xl destroy many$i; i=$((i+1)); done", timeout=5.0 * many)
    return [time_bar, memory_bar]


def wait_for_sleep(dom0: Session, count: int) -> None:
    """Returns when that many domains sleep. Errors: LabError."""
    dom0.wait_until(lambda: [d.state for d in domains(dom0).values()].count("-b----") == count, 60,
                    lambda: f"not all of {count} domains sleep: {dom0.check('xl list')}")


def smallest_bar(dom0: Session, config: str, kind: str) -> Bar:
    """The smallest `memory=` (xl knows whole MiB) with which a domain says hello; of a PVH domain together
    with the least `shadow_memory=`, which holds the hypervisor's tables for it."""
    what = "memory=" if kind == "pv" else "memory= and shadow_memory="
    bar = Bar("domains", f"smallest {kind.upper()} domain, {what}", "MiB", "<=", 4)
    cases = [(memory, shadow) for memory in range(1, _LARGEST + 1) for shadow in ((0,) if kind == "pv" else (1, 2))]
    for memory, shadow in sorted(cases, key=sum):
        taken = attempt(dom0, config, kind, memory, shadow)
        if taken is not None:
            bar.measured = float(memory + shadow)
            bar.note = f"Xen has {taken:,} KiB less" + (f", memory={memory}, shadow_memory={shadow}" if shadow else "")
            return bar
    bar.note = f"it does not run in {_LARGEST} MiB"
    return bar


def attempt(dom0: Session, config: str, kind: str, memory: int, shadow: int) -> Optional[int]:
    """KiB that Xen has less while such a domain sleeps; None when it does not come up to hello."""
    name = f"small-{kind}-{memory}-{shadow}"
    settings: Dict[str, Value] = {"name": name, "type": kind, "memory": memory, "maxmem": memory, "on_crash": "destroy"}
    if shadow:
        settings["shadow_memory"] = shadow
    try:
        create(dom0, config, "-e", on_poweroff="preserve", **settings)
        dom0.wait_for_console(name, HELLO, 10.0)
        end(dom0, name)
        before = free_kib(dom0)
        create(dom0, config, "-e", extra=SLEEP, **settings)
        wait_for_sleep(dom0, 1)
        return before - free_kib(dom0)
    except LabError:
        return None
    finally:
        end(dom0, name)


def end(dom0: Session, name: str) -> None:
    """Destroys a domain, if it is there, and waits until it is gone."""
    dom0.run(f"xl destroy {name}")
    wait_for_end(dom0, name)
