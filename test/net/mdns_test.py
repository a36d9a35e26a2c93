# SPDX-License-Identifier: BSD-3-Clause
"""mdns_test.py PLATFORM TREE ARCHITECTURE [unittest options]: an image that tells the network of itself, and a client of
multicast DNS that is not ours, at the other end of a TAP interface."""
import contextlib
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "cmake" / "tools"))

from unicore.run_targets import RUNNERS  # noqa: E402  (the path comes first)
import guests  # noqa: E402
from wires import LIMIT, interface, network_of_our_own, set_address, set_up  # noqa: E402

PLATFORM = ""
OURS, THEIRS = "10.0.0.1", "10.0.0.2"


def process(*settings):
    """The image as one of Linux."""
    return guests.Lines([*RUNNERS["linux", guests.ARCHITECTURE].prefix(), guests.TREE / "images" / "mdns"],
                        env={"UNICORE": " ".join(settings)})


def image(name):
    settings = (f"net.address={THEIRS}/24", "net.name=oven")
    if PLATFORM == "linux":
        return process(f"net.tap={name}", *settings)
    netdev = f"tap,ifname={name},script=no,downscript=no"
    return guests.Image(next(iter(guests.machines())), netdev, image="mdns", settings=settings)


def client():
    # Modules of the distribution's are found, others are not.
    return guests.Lines([sys.executable, "-I", Path(__file__).with_name("mdns_client.py"), OURS], stdin=subprocess.PIPE)


GROUP = "224.0.0.251"


@contextlib.contextmanager
def owner(name):
    """Somebody who has the name, and says so. [RFC 6762, 6 and 8.1]"""
    labels = b"".join(bytes((len(label),)) + label.encode() for label in name.split(".")) + b"\0"
    claim = struct.pack(">6H", 0, 0x8400, 0, 1, 0, 0) + labels + struct.pack(">2HIH", 1, 0x8001, 120, 4)
    claim += socket.inet_aton(OURS)
    asked = [labels + struct.pack(">2H", *end) for end in ((255, 0x8001), (1, 1))]  # who wants it, and who wants to know
    stop = threading.Event()

    def answer():
        while not stop.is_set():
            with contextlib.suppress(TimeoutError):
                message = listener.recv(1500)
                if any(question in message for question in asked):
                    listener.sendto(claim, (GROUP, 5353))

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("", 5353))
        listener.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(OURS))
        listener.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, socket.inet_aton(GROUP) + socket.inet_aton(OURS))
        listener.settimeout(0.2)
        thread = threading.Thread(target=answer)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()


def plain(name, kind):
    """What who knows of DNS alone is told: the data of the first record."""
    labels = b"".join(bytes((len(label),)) + label.encode() for label in name.split(".")) + b"\0"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
        asker.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(OURS))
        asker.settimeout(2)
        end = time.monotonic() + LIMIT
        while time.monotonic() < end:
            asker.sendto(struct.pack(">6H", 4711, 0x100, 1, 0, 0, 0) + labels + struct.pack(">2H", kind, 1), (GROUP, 5353))
            with contextlib.suppress(TimeoutError):
                answer = asker.recv(1500)
                size = 12 + len(labels) + 4
                if answer[:2] != struct.pack(">H", 4711) or answer[12:size] != labels + struct.pack(">2H", kind, 1):
                    raise AssertionError(answer)
                owner, found, _, ttl, length = struct.unpack(">3HIH", answer[size:size + 12])
                if (owner, found) != (0xc00c, kind) or ttl > 10:
                    raise AssertionError(answer)
                return answer[size + 12:size + 12 + length]
    raise TimeoutError("nobody answers")


class InTheNetwork(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        network_of_our_own()

    @contextlib.contextmanager
    def network(self):
        with interface("one") as name:
            set_address(name, OURS, "255.255.255.0")
            set_up(name)
            yield name

    def test_a_client_finds_what_there_is(self):
        with self.network() as name, client() as seeker:
            seeker.find("ready")
            with image(name) as it:
                it.find("name oven")
                web, other = seeker.next(), seeker.next()
                self.assertRegex(web, r"^oven\._http\._tcp\.local\. oven\.local\. 80 \[empty= path=/index\.html\] ")
                self.assertRegex(other, r"^Second öne\._unicore\._udp\.local\. oven\.local\. 4000 \[.*\] ")
                self.assertEqual([THEIRS, THEIRS], [line.partition("] ")[2].split()[0] for line in (web, other)])
                self.assertEqual(socket.inet_aton(THEIRS), plain("oven.local", 1))
                if PLATFORM == "linux":  # it can be asked to end in order
                    with seeker.process.stdin as told:
                        told.write("it ends\n")
                    it.process.send_signal(signal.SIGTERM)
                    seeker.find("gone")
                    self.assertEqual(0, it.process.wait(timeout=LIMIT))

    def test_who_was_there_before_keeps_the_name(self):
        with self.network() as name, client() as seeker, owner("oven.local"):
            seeker.find("ready")
            with image(name) as it:
                it.find("somebody else has the name of this image")
                it.find("name oven-2")
                self.assertRegex(seeker.next(), rf"^oven\._http\._tcp\.local\. oven-2\.local\. 80 .*{THEIRS}\b")
                self.assertEqual(socket.inet_aton(THEIRS), plain("oven-2.local", 1))


    def test_it_finds_others(self):
        with self.network() as name, owner("printer.local"), image(name) as it:
            it.find(f"printer.local is at {OURS}")


class WithoutANetwork(unittest.TestCase):
    def test_the_name_of_the_image(self):
        if PLATFORM != "linux":
            return
        with process() as it:
            it.find("name mdns")

    def test_names_that_no_host_has(self):
        if PLATFORM != "linux":
            return
        for value in ("", "-oven", "oven-", "my.oven", "o" * 64):
            with process(f"net.name={value}") as it:
                it.find(f"panic: setting net.name={value}: allowed is 1 to 63 letters, digits and hyphens, ")


if __name__ == "__main__":
    PLATFORM = sys.argv.pop(1)
    guests.use(sys.argv)
    unittest.main()
