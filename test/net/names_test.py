# SPDX-License-Identifier: BSD-3-Clause
"""names_test.py PLATFORM TREE ARCHITECTURE [unittest options]: an image that looks up names, and a server of the test's own
that knows some, at the other end of a TAP interface."""
import contextlib
import subprocess
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "cmake" / "tools"))

from unicore.run_targets import RUNNERS  # noqa: E402  (the path comes first)
import guests  # noqa: E402
from names_server import FOUND, Server  # noqa: E402
from wires import LIMIT, interface, network_of_our_own, set_address, set_up  # noqa: E402

PLATFORM = ""
OURS = "10.0.0.1"
SETTINGS = ("net.address=10.0.0.2/24", f"net.dns={OURS}", "log.level=error")


def outcome(name):
    """The exit status of the image, and the lines that it printed."""
    if PLATFORM == "kvm":
        netdev = f"tap,ifname={name},script=no,downscript=no"
        with guests.Image(next(iter(guests.machines())), netdev, image="names", settings=SETTINGS) as image:
            status, text = image.wait()
    else:
        done = subprocess.run([*RUNNERS["linux", guests.ARCHITECTURE].prefix(), guests.TREE / "images" / "names"], check=False,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              timeout=2 * LIMIT, env={"UNICORE": " ".join((f"net.tap={name}", *SETTINGS))})
        status, text = done.returncode, done.stdout
    return status, text.splitlines()


class Names(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        network_of_our_own()

    def test_what_servers_say(self):
        with contextlib.ExitStack() as stack:
            name = stack.enter_context(interface("one"))
            set_address(name, OURS, "255.255.255.0")
            set_up(name)
            server = stack.enter_context(Server(OURS))
            status, lines = outcome(name)
        self.assertEqual((0, FOUND), (status, [line for line in lines if line in FOUND]), lines)
        server.check(self)


if __name__ == "__main__":
    PLATFORM = sys.argv.pop(1)
    guests.use(sys.argv)
    unittest.main()
