# SPDX-License-Identifier: BSD-3-Clause
"""Tests of images as domains of one type, most of them of one that sleeps."""
from __future__ import annotations

from lab_case import LabCase, on_arm
from unicore.lab_domains import Value, create, domains

ASLEEP, AWAKE = "sleeper: asleep", "sleeper: awake"


class DomainCase(LabCase):
    """A test for one type of domain."""

    TYPE = ""
    IMAGES = ("hello", "sleeper", "conformance.time.wall.time.xen.wall")

    def start(self, image: str, options: str = "", **settings: Value) -> str:
        """Creates a domain with what the tree generated for the image; returns its name."""
        name = f"{self.id().rpartition('.')[2].replace('_', '-')}-{self.TYPE}"
        if not on_arm:
            settings["type"] = self.TYPE
        create(self.dom0, f"/images/{image}.cfg", options, name=name, **settings)
        return name

    def asleep(self, **settings: Value) -> str:
        """Creates a domain and waits until its main sleeps."""
        name = self.start("sleeper", **settings)
        self.dom0.wait_for_console(name, f"^{ASLEEP}$")
        self.sleeps(name)
        return name

    def sleeps(self, name: str) -> None:
        """Waits until the domain has nothing to do."""
        self.dom0.wait_until(lambda: domains(self.dom0)[name].state == "-b----", 10, lambda: f"{name} does not sleep")

    def assert_stopped(self, name: str) -> None:
        """It was asked to stop and did so in order."""
        self.assertEqual(self.lines(name)[-3:], [ASLEEP, AWAKE, "unicore: exit status=0"])
