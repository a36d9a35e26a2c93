# SPDX-License-Identifier: BSD-3-Clause
"""iperf_test.py TREE ARCHITECTURE [unittest options]: the image iperf, in QEMU, and the real client of that name."""
import contextlib
import json
import socket
import struct
import subprocess
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "cmake" / "tools"))

from unicore.ports import free_port  # noqa: E402  (the path comes first)
from guests import Image, machines, use  # noqa: E402
from wires import LIMIT, interface, network_of_our_own, set_address, set_up  # noqa: E402

LISTENING = "iperf: listening on port 5201"


def client(address, *options, port=5201):
    """What the client reports."""
    done = subprocess.run(["iperf3", "--json", "-c", address, "-p", str(port), *options], timeout=LIMIT, check=False,
                          stdout=subprocess.PIPE)
    return json.loads(done.stdout)


class ThroughQemu(unittest.TestCase):
    """Over QEMU's own network, which has no offloads."""

    def setUp(self):
        self.port = free_port()
        machine = next(iter(machines()))
        forward = ",".join(f"hostfwd={kind}:127.0.0.1:{self.port}-:5201" for kind in ("tcp", "udp"))
        self.image = Image(machine, f"user,{forward}", image="iperf")
        self.addCleanup(self.image.__exit__)
        self.image.until(LISTENING)

    def test_each_way_one_after_the_other(self):
        for options in ((), ("-R",), ("-P", "4"), ("-R", "-O", "1")):
            with self.subTest(options):
                report = client("127.0.0.1", "-t", "1", *options, port=self.port)
                self.assertNotIn("error", report)
                ends = report["end"]
                for name in ("sum_sent", "sum_received"):
                    self.assertGreater(ends[name]["bytes"], 1 << 20, options)
                self.image.until("iperf: done")

    def test_datagrams_each_way(self):
        for options in ((), ("-R",), ("-P", "2"), ("-R", "-P", "2"), ("-O", "1", "--udp-counters-64bit"), ("--bidir",)):
            with self.subTest(options):
                report = client("127.0.0.1", "-u", "-b", "2M", "-l", "1000", "-t", "1", *options, port=self.port)
                self.assertNotIn("error", report)
                total = report["end"]["sum"]
                least = 100 * (2 if "-P" in options else 1)  # of 250 in a second and stream
                self.assertGreater(total["packets"], least, options)
                self.assertLess(total["lost_packets"], total["packets"] - least, options)
                self.assertGreater(total["jitter_ms"], 0, options)
                self.assertRegex(self.image.until("iperf: done")[-2], r" B, [1-9]\d{2,} datagrams, \d+ of them lost")

    def test_datagrams_of_any_size(self):
        for size in 16, 1472, 1473, 9000:
            with self.subTest(size):
                report = client("127.0.0.1", "-u", "-b", "1M", "-l", str(size), "-k", "20", "-R", port=self.port)
                self.assertNotIn("error", report)
                self.assertGreater(report["end"]["sum"]["packets"], 0)
                self.image.until("iperf: done")

    def test_a_second_client_is_told_to_wait(self):
        with socket.create_connection(("127.0.0.1", self.port), timeout=LIMIT) as first:
            first.sendall(b"a" * 36 + b"\0")
            self.assertEqual(b"\x09", first.recv(1))
            with socket.create_connection(("127.0.0.1", self.port), timeout=LIMIT) as second:
                second.sendall(b"b" * 36 + b"\0")
                self.assertEqual(b"\xff", second.recv(1))
        self.image.until("iperf: the client is gone")
        self.assertNotIn("error", client("127.0.0.1", "-n", "1M", port=self.port))

    def test_nonsense_is_refused(self):
        unknown, sizes = "what is not known", "datagrams of a size that there is not"
        for text, why in ((b"", unknown), (b"{", unknown), (b'{"parallel":1000}', unknown), (b"x" * 5000, unknown),
                          (b'{"udp":1,"len":11}', sizes), (b'{"udp":1,"len":12,"udp_counters_64bit":1}', sizes),
                          (b'{"udp":1,"len":65508}', sizes)):
            with self.subTest(text[:20]), socket.create_connection(("127.0.0.1", self.port), timeout=LIMIT) as link:
                link.sendall(b"c" * 36 + b"\0" + struct.pack(">I", len(text)) + text)
                self.assertEqual(b"\x09\xfe" + struct.pack(">II", 114, 0), link.makefile("rb").read(10))
                self.image.until(f"iperf: the client asks for {why}")


class OverInterface(unittest.TestCase):
    """Over a TAP interface: segments are left to the host, both ways. Streams both ways at a time are here, since QEMU's
    own network may end with an assertion of libslirp's then."""

    @classmethod
    def setUpClass(cls):
        network_of_our_own()
        set_up("lo")

    @contextlib.contextmanager
    def served(self):
        machine = next(iter(machines()))
        with interface("one") as name:
            set_address(name, "10.9.0.1", "255.255.255.0")
            with Image(machine, f"tap,ifname={name},script=no,downscript=no", image="iperf",
                       settings=("net.address=10.9.0.2/24",)) as image:
                image.until(LISTENING)
                yield name, image

    def test_segments_are_large(self):
        with self.served() as (name, _):
            for options, place in ((("-R",), 0), ((), 8)):  # of what the host receives, and sends
                before = self.counters(name)
                report = client("10.9.0.2", "-n", "40M", *options)
                self.assertNotIn("error", report)
                after = self.counters(name)
                size = (after[place] - before[place]) / (after[place + 1] - before[place + 1])
                self.assertGreater(size, 6000, options)

    def test_both_ways_at_a_time(self):
        with self.served() as (_, image):
            report = client("10.9.0.2", "-t", "1", "--bidir", "-P", "2")
            self.assertNotIn("error", report)
            for name in ("sum_sent", "sum_received", "sum_sent_bidir_reverse", "sum_received_bidir_reverse"):
                self.assertGreater(report["end"][name]["bytes"], 1 << 20, name)
            image.until("iperf: done")

    @staticmethod
    def counters(name):
        """Bytes and packets received, and from 8 on sent. [proc(5)]"""
        for line in Path("/proc/self/net/dev").read_text(encoding="ascii").splitlines():
            if line.strip().startswith(name + ":"):
                return [int(field) for field in line.split(":")[1].split()]
        raise LookupError(name)


if __name__ == "__main__":
    use(sys.argv)
    unittest.main()
