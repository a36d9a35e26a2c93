# SPDX-License-Identifier: BSD-3-Clause
"""Images as domains of each type, PV and PVH, or Arm: what they print, and how they start, stop and end under xl."""
from __future__ import annotations

from domain_case import ASLEEP, DomainCase
from lab_case import main, on_arm
from unicore.lab_domains import CRASH, POWEROFF, REBOOT, domains, ends, pages, wait_for_end

HELLO = "Hello from Unicore!"


class Domains(DomainCase):
    """Every test, for one type of domain."""

    def test_hello(self) -> None:
        name = self.start("hello")
        wait_for_end(self.dom0, name)
        self.assertEqual(self.lines(name)[-2:], [HELLO, "unicore: exit status=0"])
        self.assertEqual([reason for _, reason in ends(self.dom0, name)], [POWEROFF])

    def test_arguments(self) -> None:
        name = self.start("hello", extra="-- 42")
        wait_for_end(self.dom0, name)
        self.assertEqual(self.lines(name)[-1], "unicore: exit status=42")

    def test_shutdown(self) -> None:
        name = self.asleep()
        self.dom0.check(f"xl shutdown {name}")
        wait_for_end(self.dom0, name)
        self.assert_stopped(name)
        self.assertEqual([reason for _, reason in ends(self.dom0, name)], [POWEROFF])

    def test_shutdown_at_once(self) -> None:
        """The wish may be there before the domain runs."""
        name = self.start("sleeper")
        self.dom0.check(f"xl shutdown {name}")
        wait_for_end(self.dom0, name)
        self.assertEqual(self.lines(name)[-1], "unicore: exit status=0")

    def test_shutdown_of_who_computes(self) -> None:
        """Events come where nothing waits, or masks and unmasks them."""
        name = self.start("sleeper", extra="-- compute")
        self.dom0.wait_for_console(name, "^sleeper: computing$")
        self.dom0.check(f"xl shutdown {name}")
        wait_for_end(self.dom0, name)
        self.assertEqual(self.lines(name)[-1], "unicore: exit status=0")

    def test_reboot(self) -> None:
        name = self.asleep(on_reboot="restart")
        before = domains(self.dom0)[name].id
        self.dom0.check(f"xl reboot {name}")
        self.dom0.wait_until(lambda: domains(self.dom0).get(name, domains(self.dom0)["Domain-0"]).id > before, 30,
                             lambda: f"{name} does not come back")
        self.dom0.wait_for_console(name, f"(?s)^{ASLEEP}$.*^unicore: exit status=0$.*^{ASLEEP}$")
        self.sleeps(name)
        self.assertEqual(ends(self.dom0, name), [(before, REBOOT)])
        self.dom0.check(f"xl shutdown {name}")
        wait_for_end(self.dom0, name)
        self.assert_stopped(name)

    def test_destroy(self) -> None:
        name = self.asleep()
        self.dom0.check(f"xl destroy {name}")
        wait_for_end(self.dom0, name, 5)
        self.assertEqual(self.lines(name)[-1], ASLEEP)

    def test_pause(self) -> None:
        name = self.asleep()
        self.dom0.check(f"xl pause {name}")
        self.assertEqual(domains(self.dom0)[name].state[2], "p")
        self.dom0.check(f"xl unpause {name} && xl shutdown {name}")
        wait_for_end(self.dom0, name)
        self.assert_stopped(name)

    def test_panic(self) -> None:
        name = self.start("hello", extra="debug.drill=panic", on_crash="preserve")
        self.dom0.wait_until(lambda: "c" in domains(self.dom0)[name].state, 30, lambda: f"{name} does not crash")
        self.assertEqual(domains(self.dom0)[name].state, "---sc-")
        lines = self.lines(name)
        self.assertTrue(any("panic" in line for line in lines), lines)
        self.assertRegex(lines[-1], r"^unicore: exit status=\d+ \(panic\)$")
        self.dom0.wait_until(lambda: bool(ends(self.dom0, name)), 30, lambda: f"xl does not tell of {name}'s end")
        self.assertEqual([reason for _, reason in ends(self.dom0, name)], [CRASH])


class Pv(Domains):
    TYPE = "pv"


class Pvh(Domains):
    TYPE = "pvh"


class Arm(Domains):
    """There is one type on Arm, whatever a configuration says."""

    TYPE = "arm"

    def test_target(self) -> None:
        """Memory goes and comes as the store says."""
        name = self.asleep()
        count, node = pages(self.dom0, name), f"/local/domain/{domains(self.dom0)[name].id}/memory/target"
        start = int(self.dom0.check(f"xenstore-read {node}"))
        for less in (1, 3, 0):
            self.dom0.check(f"xenstore-write {node} {start - 1024 * less}")
            self.dom0.wait_until(lambda: pages(self.dom0, name) == count - 256 * less, 30,
                                 lambda: f"{name} has {pages(self.dom0, name)} pages of {count}")
        self.dom0.check(f"xl shutdown {name}")
        wait_for_end(self.dom0, name)
        self.assert_stopped(name)

    def test_date(self) -> None:
        """The dom0 has told the hypervisor what time it is."""
        name = self.start("conformance.time.wall.time.xen.wall")
        wait_for_end(self.dom0, name)
        self.assertEqual(self.lines(name)[-1], "unicore: exit status=0")


del Domains  # or its tests would run without a type
if on_arm:
    del Pv, Pvh
else:
    del Arm


if __name__ == "__main__":
    main()
