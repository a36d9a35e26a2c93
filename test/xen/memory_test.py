# SPDX-License-Identifier: BSD-3-Clause
"""Memory that domains are asked to give back, and what is left of them: as Xen counts it."""
from __future__ import annotations

from domain_case import ASLEEP, DomainCase
from lab_case import main
from unicore.lab_domains import domains, free_kib, pages, wait_for_end
from unicore.lab_session import LabError


class Memory(DomainCase):
    """Every test, for one type of domain."""

    def target(self, name: str) -> int:
        """MiB that the domain is to have."""
        return int(self.dom0.check(f"xenstore-read /local/domain/{domains(self.dom0)[name].id}/memory/target")) // 1024

    def has(self, name: str, count: int) -> None:
        """Waits until the hypervisor counts so many pages as the domain's."""
        self.dom0.wait_until(lambda: pages(self.dom0, name) == count, 30,
                             lambda: f"{name} has {pages(self.dom0, name)} pages, not {count}")
        self.sleeps(name)

    def test_mem_set(self) -> None:
        """What is asked for is given, to the page, and comes back."""
        name = self.asleep()
        start, count, free = self.target(name), pages(self.dom0, name), free_kib(self.dom0)
        for less in (1, 3, 2, 0):
            self.dom0.check(f"xl mem-set {name} {start - less}")
            self.has(name, count - 256 * less)
            self.assertAlmostEqual(free_kib(self.dom0), free + 1024 * less, delta=16)
        self.dom0.check(f"xl shutdown {name}")
        wait_for_end(self.dom0, name)
        self.assert_stopped(name)

    def test_mem_set_of_much(self) -> None:
        """Thousands of pages go and come, while the domain sleeps on."""
        name = self.asleep(memory=64)
        count = pages(self.dom0, name)
        for less in (56, 0):
            self.dom0.check(f"xl mem-set {name} {64 - less}")
            self.has(name, count - 256 * less)
        self.dom0.check(f"xl shutdown {name}")
        wait_for_end(self.dom0, name)
        self.assert_stopped(name)

    def test_mem_set_far_too_little(self) -> None:
        """The domain gives what it can and lives on, with its reserve; so it does with what is no number."""
        name = self.asleep()
        start, count = self.target(name), pages(self.dom0, name)
        self.dom0.check(f"xl mem-set {name} 1")
        self.dom0.wait_until(lambda: pages(self.dom0, name) < 512, 15, lambda: f"{name} gives {pages(self.dom0, name)}")
        self.sleeps(name)
        least = pages(self.dom0, name)
        self.assertGreater(least, 256)
        node = f"/local/domain/{domains(self.dom0)[name].id}/memory/target"
        for target in ("", "nonsense", "-1", "99999999999999999999", "0"):
            self.dom0.check(f"xenstore-write -- {node} '{target}'")
        self.has(name, least)
        self.dom0.check(f"xenstore-rm {node}; xenstore-write {node} {1024 * start}; xl mem-set {name} {start}")
        self.has(name, count)
        self.dom0.check(f"xl mem-set {name} 1; xl shutdown {name}")
        wait_for_end(self.dom0, name)
        self.assert_stopped(name)

    def test_mem_set_before_the_start(self) -> None:
        """A target that is there before the domain runs is met."""
        name = self.start("sleeper", "-p")
        start, count = self.target(name), pages(self.dom0, name)
        self.dom0.check(f"xl mem-set {name} {start - 1} && xl unpause {name}")
        self.dom0.wait_until(lambda: pages(self.dom0, name) <= count - 256, 15, lambda: f"{name} gives nothing")
        self.sleeps(name)
        count = pages(self.dom0, name)
        self.dom0.check(f"xl mem-set {name} {start}")
        self.has(name, count + 256)

    def test_maxmem(self) -> None:
        """A PVH domain that is built with less than its memory map says gives the difference back, and can have it
        later. A PV domain has no place for more than it was built with."""
        name = self.asleep(memory=8, maxmem=12)
        self.dom0.wait_until(lambda: pages(self.dom0, name) < 2048 + 64, 15, lambda: f"{name} has too many pages")
        self.sleeps(name)
        count, most = pages(self.dom0, name), 4 if self.TYPE == "pvh" else 0
        self.assertGreater(count, 2048 - 64)
        for more in (4, 1, 0):
            self.dom0.check(f"xl mem-set {name} {8 + more}")
            self.has(name, count + 256 * min(more, most))
        self.dom0.check(f"xl shutdown {name}")
        wait_for_end(self.dom0, name)
        self.assert_stopped(name)

    def test_reboot_after_mem_set(self) -> None:
        """The domain comes back with what it had."""
        name = self.asleep(on_reboot="restart")
        count, before, start = pages(self.dom0, name), domains(self.dom0)[name].id, self.target(name)
        self.dom0.check(f"xl mem-set {name} {start - 2}")
        self.has(name, count - 512)
        self.dom0.check(f"xl reboot {name}")
        self.dom0.wait_until(lambda: domains(self.dom0).get(name, domains(self.dom0)["Domain-0"]).id > before, 30,
                             lambda: f"{name} does not come back")
        self.dom0.wait_for_console(name, f"(?s)^{ASLEEP}$.*^unicore: exit status=0$.*^{ASLEEP}$")
        self.has(name, count - 512)
        self.assertEqual(self.target(name), start - 2)

    def test_memory_comes_back(self) -> None:
        """Nothing of a domain stays after its orderly end: no page, no grant that is still in use."""
        self.clear()
        for turn in range(2):  # the first one makes Xen and the dom0 keep some for themselves
            before = free_kib(self.dom0)
            name = self.asleep()
            self.assertLess(free_kib(self.dom0), before - 1024)
            self.dom0.check(f"xl shutdown {name}")
            wait_for_end(self.dom0, name)
            try:
                self.dom0.wait_until(lambda: free_kib(self.dom0) >= before - 16, 10,
                                     lambda: f"{before - free_kib(self.dom0)} KiB are missing")
            except LabError:
                if turn:
                    raise


class Pv(Memory):
    TYPE = "pv"


class Pvh(Memory):
    TYPE = "pvh"


del Memory  # or its tests would run without a type


if __name__ == "__main__":
    main()
