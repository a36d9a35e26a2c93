# SPDX-License-Identifier: BSD-3-Clause
"""Images with a vif, of which the dom0's Linux has the other end (netback): frames, pings, TCP."""
from __future__ import annotations

import re
import subprocess
from typing import List

from domain_case import DomainCase
from lab_case import arguments, main
from unicore.lab_domains import domains, wait_for_end
from unicore.ports import free_port
from unicore.run_tree import BuiltTree

ARCHITECTURE = BuiltTree(arguments.tree).target["architecture"]
CONFORMANCE, SERVER = "conformance.net.device.net.xen", "network"
OURS, THEIRS = "10.0.0.1", "10.0.0.2"
OURS6, THEIRS6 = "fd00::1", "fd00::2"
WEB, WEB_ADDRESS, WEB_GATEWAY = "http-server", "10.0.2.15", "10.0.2.2"  # in QEMU's own network, which the dom0's card is in
SITE = arguments.unicore / "examples" / "http-server" / "site"


class Frames(DomainCase):
    """What takes no network stack, for one type of domain."""

    IMAGES = (CONFORMANCE,)

    def setUp(self) -> None:
        super().setUp()
        # As a Xen host has it, but for the script, which does without what there is not here: the domains'
        # configurations are used as the build made them.
        self.dom0.check(f"""ip link show xenbr0 2>/dev/null && exit
            echo 'vif.default.script="vif-lab"' >/etc/xen/xl.conf
            brctl addbr xenbr0 && ip address add {OURS}/24 dev xenbr0 && ip link set xenbr0 up
            echo 0 >/proc/sys/net/ipv6/conf/xenbr0/accept_dad && ip -6 address add {OURS6}/64 dev xenbr0""")

    def test_conformance(self) -> None:
        name = self.start(CONFORMANCE)
        wait_for_end(self.dom0, name)
        self.assertEqual(self.lines(name)[-1], "unicore: exit status=0")
        # More than when there is no device at all.
        self.assertGreater(int(re.search(r"passed, (\d+) checks", "\n".join(self.lines(name)))[1]), 20)


class Network(Frames):
    """What takes one, too."""

    IMAGES = (CONFORMANCE, SERVER)

    def server(self) -> str:
        """A domain that answers, and has its address."""
        name = self.start(SERVER, extra=f"net.address={THEIRS}/24,{THEIRS6}/64")
        self.dom0.wait_for_console(name, "^ready$")
        return name

    def counts(self, name: str) -> List[List[int]]:
        """Ends a server in order; what its devices received and sent: packets, bytes, dropped, errors."""
        self.dom0.check(f"xl shutdown {name}")
        wait_for_end(self.dom0, name)
        lines = self.lines(name)
        self.assertEqual(lines[-1], "unicore: exit status=0")
        found = re.fullmatch(r"xen0 (up|down) received=(\S+) sent=(\S+) interrupts=\d+", lines[-2])
        self.assertIsNotNone(found, lines)
        return [[int(number) for number in found[group].split("/")] for group in (2, 3)]

    def test_traffic(self) -> None:
        """Pings of all sizes, and bytes that come back and come as they should, some millions of them."""
        name = self.server()
        for size in (0, 1, 56, 1472, 1473, 8000, 40000):
            self.assertIn(" 0% packet loss", self.dom0.check(f"ping -c 3 -i 0.1 -W 5 -s {size} {THEIRS}"))
        self.assertIn(" 0% packet loss", self.dom0.check(f"ping -6 -c 3 -i 0.1 -W 5 {THEIRS6}"))
        self.dom0.check("head -c 2500000 /dev/urandom >/tmp/sent")
        for address in (THEIRS, THEIRS6):
            self.dom0.check(f"""nc {address} 7 </tmp/sent >/tmp/back && cmp /tmp/sent /tmp/back
                nc {address} 19 </dev/null >/tmp/made""", 120)
            made = self.dom0.check("wc -c </tmp/made; head -n 2 /tmp/made; sort -u /tmp/made | wc -l").split()
            line = "".join(chr(ord("a") + i % 26) for i in range(63))
            self.assertEqual(["6400000", line, line, "1"], made)
        self.dom0.check(f"""for i in 1 2 3 4 5 6 7 8 9; do echo hello $i | nc {THEIRS} 7 | grep -q "hello $i" || exit 1; done
            head -c 1000000 /tmp/sent >/tmp/part
            for i in 1 2 3; do nc {THEIRS} 7 </tmp/part >/tmp/back$i & done; wait
            for i in 1 2 3; do cmp /tmp/part /tmp/back$i || exit 1; done""", 120)
        received, sent = self.counts(name)
        self.assertEqual(([0, 0], [0, 0]), (received[2:], sent[2:]))
        self.assertGreater(received[1], 8_000_000)
        self.assertGreater(sent[1], 20_800_000)
        # Linux sends segments of TCP in one, and so they came.
        self.assertGreater(received[1] / received[0], 1000)

    def test_unplugged(self) -> None:
        """A device is taken away, and given again: the image's interface goes on."""
        name = self.server()
        ping = f"ping -c 2 -i 0.2 -W 5 {THEIRS}"
        self.dom0.check(ping)
        mac = self.dom0.check(f"xenstore-read /local/domain/{domains(self.dom0)[name].id}/device/vif/0/mac").strip()
        self.dom0.check(f"xl network-detach {name} 0")
        self.assertNotEqual(0, self.dom0.run(f"ping -c 1 -W 1 {THEIRS}").status)
        self.dom0.check(f"xl network-attach {name} bridge=xenbr0 mac={mac}")
        self.dom0.wait_until(lambda: self.dom0.run(ping).status == 0, 20, lambda: f"{name} does not answer any more")
        self.counts(name)


class WithCard(Network):
    """A dom0 whose own card is plugged into the bridge, so that this machine reaches domains."""

    IMAGES = (CONFORMANCE, SERVER, WEB)
    PORT = free_port()
    QEMU = ("-netdev", f"user,id=net,hostfwd=tcp:127.0.0.1:{PORT}-{WEB_ADDRESS}:80", "-device", "e1000,netdev=net")

    def get(self, path: str) -> bytes:
        """What curl gets. Fails the test if that is nothing."""
        done = subprocess.run(["curl", "--silent", "--show-error", "--fail", "--max-time", "20", "--retry", "5", "--retry-connrefused",
                               f"http://127.0.0.1:{self.PORT}{path}"], check=False, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.assertEqual((0, b""), (done.returncode, done.stderr), self.lines(self.web))
        return done.stdout

    def test_web(self) -> None:
        """The web server as a domain, asked by curl from outside of Xen."""
        self.dom0.check("brctl addif xenbr0 eth0 && ip link set eth0 up")
        self.addCleanup(self.dom0.check, "brctl delif xenbr0 eth0")  # behind it somebody answers to every ping
        self.web = self.start(WEB, extra=f"net.address={WEB_ADDRESS}/24 net.gateway={WEB_GATEWAY}")
        self.dom0.wait_for_console(self.web, "^http-server: port 80$")
        self.assertEqual((SITE / "index.html").read_bytes(), self.get("/"))
        for _ in range(20):
            self.assertEqual((SITE / "hello.txt").read_bytes(), self.get("/hello.txt"))
        self.assertRegex(self.get("/status.json").decode(), r'"requests": *2[0-9]')
        self.dom0.check(f"xl shutdown {self.web}")
        wait_for_end(self.dom0, self.web)
        self.assertEqual("unicore: exit status=0", self.lines(self.web)[-1])


class Pv(WithCard):
    TYPE = "pv"


class Pvh(WithCard):
    TYPE = "pvh"


class Arm64(Network):
    TYPE = "arm64"
    QEMU = ("-cpu", "max")  # which has random numbers, as the stack wants them


class Arm32(Frames):
    """Nobody has random numbers for it."""

    TYPE = "arm32"


del Frames, Network, WithCard  # or their tests would run without a type
if ARCHITECTURE != "x86_64":
    del Pv, Pvh
if ARCHITECTURE != "aarch64":
    del Arm64
if ARCHITECTURE != "arm":
    del Arm32


if __name__ == "__main__":
    main()
