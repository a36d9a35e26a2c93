# SPDX-License-Identifier: BSD-3-Clause
"""What Xen does against what is recorded of the simulated hypervisor: the same scenarios, in domains of both types."""
from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Dict

sys.path[:0] = [str(Path(__file__).resolve().parent.parent)]

from lab_case import LabCase, main  # noqa: E402  (the path comes first)
from unicore.lab_domains import create, domains, ends, wait_for_end  # noqa: E402

import traces  # noqa: E402

# As xl plugs a device in: both ends' folders with who owns them, which what is in them then has, too.
# [Xen, tools/libs/light/libxl_device.c, libxl__device_generic_add]
PLUG = """
f=/local/domain/{front}/device/echo/0 b=/local/domain/{back}/backend/echo/{front}/0
xenstore rm $f 2>/dev/null; xenstore rm $b 2>/dev/null
set -e
xenstore write $f "" $b ""
xenstore chmod $f n{front} r{back}
xenstore chmod $b n{back} r{front}
xenstore write $b/frontend-id {front} $b/state 1 $f/backend-id {back} $f/state 1 $f/backend $b $b/frontend $f
"""
UNPLUG = "xenstore rm /local/domain/{back}/backend/echo/{front}/0; xenstore rm /local/domain/{front}/device/echo/0"
# The next order, or that the domain is gone. Asking all the time would take the CPU from the domains.
LISTEN = """
d=/local/domain/{front}
o=$(xenstore read $d/data/order 2>/dev/null)
[ "${{o%% *}}" != "{done}" ] || timeout 3 xenstore watch -n 2 $d/data/order >/dev/null 2>&1
xenstore exists $d/domid && xenstore read $d/data/order 2>/dev/null || xenstore exists $d/domid || echo gone
"""
LIMIT = 240.0  # seconds for all scenarios of a type, on a machine that is busy with other things


class Agreement(LabCase):
    """All scenarios, for one type of domain."""

    IMAGES = ("agreement",)

    def start(self, kind: str, role: str) -> int:
        """Creates a domain; returns its number."""
        name = f"{role}-{kind}"
        create(self.dom0, "/images/agreement.cfg", name=name, type=kind, extra=f"-- {role}", on_crash="preserve",
               on_reboot="destroy", on_watchdog="destroy")
        return int(self.dom0.check(f"xl domid {name}"))

    def introduce(self, one: int, other: int) -> None:
        """Tells two domains of each other."""
        self.dom0.check(f"xenstore write /local/domain/{one}/data/peer {other} /local/domain/{other}/data/peer {one}")

    def obey(self, kind: str, order: str, numbers: Dict[str, int]) -> None:
        """What the first domain asks of the toolstack."""
        front, back = f"front-{kind}", f"back-{kind}"
        if order == "plug":
            self.dom0.check(PLUG.format(**numbers))
        elif order == "unplug":
            self.dom0.check(UNPLUG.format(**numbers))
        elif order.startswith("limit "):
            # In KiB of what it has at most, to which xl adds a MiB; not less than what it is to have now.
            self.dom0.check(f"xenstore write /local/domain/{numbers['front']}/memory/target 1024 && "
                            f"xl mem-max {front} {4 * int(order.split()[1]) - 1024}k")
        elif order == "replace":
            # xl is to have told of it, too, before the domain is gone.
            self.dom0.wait_until(lambda: "c" in domains(self.dom0)[back].state and bool(ends(self.dom0, back)), 30,
                                 lambda: f"{back} does not end")
            self.dom0.check(f"xl destroy {back}")
            numbers["back"] = self.start(kind, "heir")
            self.introduce(numbers["front"], numbers["back"])
        else:
            self.fail(f"an unknown order: {order}")

    def run_scenarios(self, kind: str) -> None:
        """From the first domain's start to its end."""
        numbers = {"front": self.start(kind, "front"), "back": self.start(kind, "back")}
        self.introduce(numbers["front"], numbers["back"])
        done, end = "", time.monotonic() + LIMIT
        while True:
            text = self.dom0.run(LISTEN.format(done=done, **numbers)).text.strip()
            if text == "gone":
                return
            self.assertLess(time.monotonic(), end, "the scenarios take too long")
            number, _, order = text.partition(" ")
            if order and number != done:
                self.obey(kind, order, numbers)
                self.dom0.check(f"xenstore write /local/domain/{numbers['front']}/data/done {number}")
                done = number

    def agree(self, kind: str) -> None:
        """Fails with all that differs."""
        consoles = ""
        try:
            self.run_scenarios(kind)
            wait_for_end(self.dom0, f"heir-{kind}")
        finally:
            for role in ("front", "back", "heir"):
                console = self.dom0.console(f"{role}-{kind}")
                consoles += console
                if role == "front" and "agreement: end takeover" not in console:
                    print(console)
        seen = traces.parse(consoles)
        for role in ("front", "back", "heir"):
            seen["ends", role] = [f"shut down, reason {reason}" for _, reason in ends(self.dom0, f"{role}-{kind}")]
        expected = traces.recorded(kind)
        found = traces.compare(kind, expected, seen, "Xen")
        found += traces.idle({scenario for scenario, _ in expected} - {"ends"}, traces.operations(consoles))
        if found:
            self.fail(traces.report(found, 400))
        print(f"{sum(map(len, seen.values()))} lines agree")

    def test_pv(self) -> None:
        self.agree("pv")

    def test_pvh(self) -> None:
        self.agree("pvh")


if __name__ == "__main__":
    main()
