# SPDX-License-Identifier: BSD-3-Clause
"""forwarder_test.py tap IMAGES ARCHITECTURE | virtio TREE ARCHITECTURE, and unittest's options: the forwarder between
two TAP interfaces in a network of the test's own."""
import contextlib
import errno
import itertools
import random
import re
import select
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT / "test" / "net"), str(ROOT / "cmake" / "tools")]

import guests  # noqa: E402  (the paths come first)
from unicore.run_targets import RUNNERS  # noqa: E402
from virtio_test import Monitor  # noqa: E402
from wires import (HEADER, LIMIT, SOL_PACKET, Peer, Wire, frame, interface, network_of_our_own, segments,  # noqa: E402
                   set_up)

PACKET_STATISTICS, PACKET_IGNORE_OUTGOING = 6, 23
SETTLED = b"settled"
COUNT = re.compile(r"^(\w+) to (\w+) received=(\d+) sent=(\d+) filtered=(\d+) unsuitable=(\d+) undelivered=(\d+) "
                   r"missed=(\d+) damaged=(\d+) interrupts=(\d+)$", re.MULTILINE)
NAMES = "received", "sent", "filtered", "unsuitable", "undelivered", "missed", "damaged", "interrupts"

world = None


def ends():
    """Two kinds that differ most: of machines, one with PCI and one with devices in memory."""
    return sorted({world.kinds()[0], world.kinds()[-1]})


def counts(text):
    """The last ones of each direction, by the device that receives."""
    return {found[1]: dict(zip(NAMES, map(int, found.groups()[2:]))) for found in COUNT.finditer(text)}


class Process:
    """The image as a Linux process."""

    def __init__(self, command, settings):
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                        env={"UNICORE": " ".join(settings)}, text=True)
        self.watchdog = threading.Timer(3 * LIMIT, self.process.kill)
        self.watchdog.daemon = True
        self.watchdog.start()
        self.lines = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.watchdog.cancel()
        self.process.kill()
        self.process.communicate()

    def until(self, pattern):
        while not self.lines or not re.search(pattern, self.lines[-1]):
            line = self.process.stdout.readline()
            if not line:
                raise AssertionError(f"{pattern!r} did not come: {self.lines}")
            self.lines.append(line.rstrip())

    def wait(self):
        rest = self.process.communicate(timeout=LIMIT)[0]
        return self.process.returncode, "\n".join((*self.lines, rest))

    def end(self):
        """Asks it to stop: what it counted."""
        self.process.send_signal(signal.SIGTERM)
        status, text = self.wait()
        assert status == 0, text
        return counts(text)


class Taps:
    """A Linux process."""

    def __init__(self, images, architecture):
        self.command = [*RUNNERS["linux", architecture].prefix(), str(Path(images).resolve() / "raw-forwarder")]

    @staticmethod
    def kinds():
        return ("tap",)

    def run(self, _, names, *arguments):
        settings = ["net.tap=" + ",".join(names)] if names else []
        return Process([*self.command, *arguments], settings)


class Guest(guests.Image):
    """An image in QEMU; it is not asked to stop, and says what it counted each second."""

    def __init__(self, machine, names, *arguments, options=(), second=""):
        model = guests.machines()[machine][1]
        tap = "tap,ifname={},script=no,downscript=no"
        more = list(options)
        for number, name in enumerate(names[1:]):
            extra = second if number == 0 else ""
            more += ["-netdev", f"{tap.format(name)},id=more{number}",
                     "-device", f"{model},netdev=more{number},mac=02:00:00:00:01:{number:02}{extra}"]
        super().__init__(machine, tap.format(names[0]), image="raw-forwarder", options=more,
                         words=arguments or ("1",))

    def until(self, pattern):
        while True:
            line = self.queue.get(timeout=2 * LIMIT)
            if line is None:
                if pattern is None:
                    return self.lines
                raise AssertionError(f"{pattern!r} did not come: {self.lines}")
            self.lines.append(line)
            if pattern is not None and re.search(pattern, line):
                return self.lines

    def end(self):
        """Counts of which all came after this call."""
        while not self.queue.empty():
            self.lines.append(self.queue.get())
        seen = len(self.lines)
        for _ in range(4):  # two lines each time, of which the first may be half of a pair
            self.until(" to ")
        return counts("\n".join(self.lines[seen:]))


class Machines:
    """QEMU."""

    def __init__(self, tree, architecture):
        guests.TREE, guests.ARCHITECTURE = Path(tree).resolve(), architecture

    @staticmethod
    def kinds():
        return tuple(guests.machines())

    run = Guest


class End(Wire):
    """One of the forwarder's ends: another machine's."""

    def __init__(self, name):
        super().__init__(name)
        self.name = name
        self.socket.setsockopt(SOL_PACKET, PACKET_IGNORE_OUTGOING, 1)
        self.marks = 0

    def lost(self):
        """Frames that the socket, and that the interface had no room for."""
        of_socket = struct.unpack("II", self.socket.getsockopt(SOL_PACKET, PACKET_STATISTICS, 8))[1]
        line = next(line for line in Path("/proc/self/net/dev").read_text(encoding="ascii").splitlines()
                    if line.split(":")[0].strip() == self.name)
        return of_socket, int(line.split(":")[1].split()[11])

    def try_to_send(self, data):
        """Whether there was room."""
        try:
            self.send(data)
        except OSError as error:
            if error.errno != errno.ENOBUFS:
                raise
            return False
        return True

    def next(self):
        data, _ = self.socket.recvfrom(80000)
        return data[HEADER.size:]


def settle(sender, receiver):
    """Until all that was sent has arrived or is lost: a mark behind it has arrived. What came before it."""
    came = []
    end = time.monotonic() + LIMIT
    while time.monotonic() < end:
        sender.marks += 1
        mark = frame(SETTLED + struct.pack(">I", sender.marks) + bytes(40))
        sender.try_to_send(mark)
        until = time.monotonic() + 2
        while (left := until - time.monotonic()) > 0 and select.select([receiver.socket], [], [], left)[0]:
            data = receiver.next()
            if data == mark:
                return came
            if data[14:14 + len(SETTLED)] != SETTLED:
                came.append(data)
    raise TimeoutError("the mark does not arrive")


def connect(first, second):
    """Until frames go through both ways: the kernel loses all that is sent before it has noticed, within a second, that
    somebody is at the other end."""
    for sender, receiver in ((first, second), (second, first)):
        end = time.monotonic() + LIMIT
        while True:
            sender.marks += 1
            sender.try_to_send(frame(SETTLED + struct.pack(">I", sender.marks) + bytes(40)))
            if select.select([receiver.socket], [], [], 0.05)[0]:
                break
            if time.monotonic() > end:
                raise TimeoutError("nothing goes through")
        settle(sender, receiver)


class Forwarding(unittest.TestCase):
    @contextlib.contextmanager
    def cable(self, kind, mtu=1500, **options):
        with interface("one", mtu=9000) as one, interface("two", mtu=mtu) as two, \
                world.run(kind, (one, two), **options) as image:
            image.until(r": ready$")
            for name in (one, two):
                set_up(name)
            with End(one) as first, End(two) as second:
                connect(first, second)
                yield first, second, image

    def each(self, kinds=None):
        for kind in kinds or world.kinds():
            with self.subTest(machine=kind):
                yield kind

    def balanced(self, found):
        """Nothing is lost without a count."""
        self.assertEqual(2, len(found))
        for of in found.values():
            self.assertEqual(of["received"], sum(of[name] for name in ("sent", "filtered", "unsuitable", "undelivered")), found)
            self.assertEqual(0, of["filtered"])
        return found

    def test_frames_go_through_as_they_are(self):
        for kind in self.each():
            with self.cable(kind) as (first, second, image):
                self.frames_of_all_sizes(first, second)
                self.segments_and_partial_checksums(first, second)
                for of in self.balanced(image.end()).values():
                    self.assertGreaterEqual(of["sent"], 61)
                    self.assertEqual([0] * 4, [of[name] for name in ("unsuitable", "undelivered", "missed", "damaged")])

    def frames_of_all_sizes(self, first, second):
        chance = random.Random(20261127)
        for sizes in (range(46, 1501, 29), (46, 47, 1499, 1500)):
            for sender, receiver in ((first, second), (second, first)):
                sent = [frame(chance.randbytes(size)) for size in sizes]
                for data in sent:
                    sender.send(data)
                self.assertEqual(sent, settle(sender, receiver))

    def segments_and_partial_checksums(self, first, second):
        for sender, receiver in ((first, second), (second, first)):
            for size, six in itertools.product((100, 3000, 65000), (False, True)):
                data, start = segments(size, six)
                kind = (4 if six else 1) if size > 1400 else 0
                segment = 1400 if kind else 0
                sender.send(data, HEADER.pack(1, kind, start + 20, segment, start, 16))
                came = receiver.socket.recv(80000)
                header = HEADER.unpack(came[:HEADER.size])
                self.assertEqual(data, came[HEADER.size:])
                self.assertEqual((1, kind, segment, start, 16), (header[0] & 1, header[1], *header[3:]))

    def test_many_at_once_both_ways(self):
        """What the rings cannot take is lost where somebody counts it, and nothing else."""
        count = 3000
        for kind in self.each(ends()):
            with self.cable(kind) as (first, second, image):
                before = {end: end.lost()[1] for end in (first, second)}
                chance = random.Random(20261127)
                frames = [frame(struct.pack(">I", number) + chance.randbytes(chance.choice((42, 500, 1496))))
                          for number in range(count)]
                sent, came = {}, {}

                def flood(sender):
                    sent[sender] = sum(sender.try_to_send(data) for data in frames)

                senders = [threading.Thread(target=flood, args=(end,), daemon=True) for end in (first, second)]
                receivers = {}
                for sender, receiver in ((first, second), (second, first)):
                    receivers[receiver] = threading.Thread(target=self.take, args=(receiver, came), daemon=True)
                for thread in (*receivers.values(), *senders):
                    thread.start()
                for thread in senders:
                    thread.join()
                for thread in receivers.values():
                    thread.join()
                for sender, receiver in ((first, second), (second, first)):
                    came[receiver] += settle(sender, receiver)
                    self.assertGreater(len(came[receiver]), 100)
                    rest = iter(frames)
                    self.assertTrue(all(data in rest for data in came[receiver]))  # whole, and in their order
                found = self.balanced(image.end())
                ours = sum(of["missed"] + of["damaged"] + of["unsuitable"] + of["undelivered"] for of in found.values())
                of_hosts = sum(end.lost()[0] + end.lost()[1] - before[end] for end in (first, second))
                self.assertEqual(sum(sent.values()), sum(map(len, came.values())) + ours + of_hosts, found)

    @staticmethod
    def take(receiver, came):
        """Until nothing comes for a while."""
        came[receiver] = []
        while select.select([receiver.socket], [], [], 1)[0]:
            came[receiver].append(receiver.next())

    def test_what_is_too_long_for_the_other_side_is_counted(self):
        options = {"mtu": 600} if isinstance(world, Taps) else {"mtu": 600, "second": ",host_mtu=600"}
        for kind in self.each(world.kinds()[-1:]):
            with self.cable(kind, **options) as (first, second, image):
                small, large = frame(bytes(600)), frame(bytes(601))
                for data in (small, large, large, small, large):
                    first.send(data)
                self.assertEqual([small, small], settle(first, second))
                second.send(small)
                self.assertEqual([small], settle(second, first))
                found = self.balanced(image.end())
                self.assertEqual([0, 3], sorted(of["unsuitable"] for of in found.values()))


class OverVirtio(unittest.TestCase):
    def test_counts_come_while_frames_do(self):
        """Who is busy looks at the clock as well, and at requests to stop."""
        with interface("one") as one, interface("two") as two, world.run(world.kinds()[0], (one, two)) as image:
            image.until(r": ready$")
            set_up(one)
            set_up(two)
            with End(one) as first, End(two) as second:
                connect(first, second)
                enough = threading.Event()

                def flood(end):
                    data = frame(bytes(60))
                    while not enough.is_set():
                        end.try_to_send(data)

                senders = [threading.Thread(target=flood, args=(end,), daemon=True) for end in (first, second)]
                for sender in senders:
                    sender.start()
                counted = []
                for _ in range(2):
                    found = image.end()
                    counted.append(sum(of["sent"] for of in found.values()))
                enough.set()
                for sender in senders:
                    sender.join()
                self.assertLess(counted[0], counted[1])

    def test_a_link_that_goes_down_and_up(self):
        for kind in ends():
            with self.subTest(machine=kind), Monitor() as monitor, interface("one") as one, interface("two") as two, \
                    world.run(kind, (one, two), options=monitor.options) as image:
                image.until(r": ready$")
                set_up(one)
                set_up(two)
                with End(one) as first, End(two) as second:
                    connect(first, second)
                    monitor.do("set_link", name="more0", up=False)
                    time.sleep(0.5)
                    for _ in range(1000):  # more than the rings have room for
                        first.try_to_send(frame(bytes(60)))
                    time.sleep(0.5)
                    monitor.do("set_link", name="more0", up=True)
                    settle(first, second)
                    data = frame(b"again" * 20)
                    second.send(data)
                    self.assertIn(data, settle(second, first))
                    found = image.end()
                    self.assertGreater(sum(of["undelivered"] for of in found.values()), 0, found)


class OverSocket(unittest.TestCase):
    def test_a_request_to_stop_while_frames_come(self):
        """It says what it counted until then."""
        with Peer() as peer, interface("one") as one, world.run("tap", ("unix:" + peer.path, one), "1") as image:
            peer.accept()
            image.until(r": ready$")
            set_up(one)  # it takes everything
            data = frame(bytes(100))
            frames = (struct.pack(">I", len(data)) + data) * 2000

            def flood():
                with contextlib.suppress(OSError):
                    while True:
                        peer.connection.sendall(frames)

            threading.Thread(target=flood, daemon=True).start()
            image.until(r"^tap0 to tap1 received=[1-9]")
            image.until(r"^tap1 to tap0 received=0 ")
            found = image.end()["tap0"]
            self.assertEqual(found["received"], found["sent"] + found["undelivered"] + found["unsuitable"])

    def test_a_peer_that_does_not_read_stops_its_own_direction_only(self):
        with Peer() as peer, Peer() as deaf, world.run("tap", ["unix:" + end.path for end in (peer, deaf)]) as image:
            peer.accept()
            deaf.accept()
            image.until(r": ready$")
            chance = random.Random(20261127)
            sent = [frame(chance.randbytes(1500)) for _ in range(1500)]
            sender = threading.Thread(target=lambda: [peer.send(data) for data in sent], daemon=True)
            sender.start()
            for _ in range(5):
                sender.join(0.1)
                deaf.send(sent[0])
                self.assertEqual(sent[0], peer.receive())
            self.assertTrue(sender.is_alive())  # there was no room for as many
            for data in sent:
                self.assertEqual(data, deaf.receive())
            found = image.end()
            self.assertEqual((1500, 1500), (found["tap0"]["received"], found["tap0"]["sent"]))
            self.assertEqual((5, 5), (found["tap1"]["received"], found["tap1"]["sent"]))

    def test_a_peer_that_goes_away_and_what_it_cannot_take(self):
        with Peer() as peer, interface("one") as one, world.run("tap", (one, "unix:" + peer.path)) as image:
            peer.accept()
            image.until(r": ready$")
            set_up(one)
            self.assertIn("raw-forwarder: tap0 may get packets without checksums, which tap1 drops (README.md, Offloads)",
                          image.lines)
            with End(one) as first:
                data = frame(bytes(60))
                end = time.monotonic() + LIMIT
                while not select.select([peer.connection], [], [], 0.1)[0] and time.monotonic() < end:
                    first.send(data)
                self.assertEqual(data, peer.receive())
                partial, start = segments(100)
                first.send(partial, HEADER.pack(1, 0, 0, 0, start, 16))
                mark = frame(b"behind it" * 8)
                first.send(mark)
                while (got := peer.receive()) != mark:
                    self.assertEqual(data, got)
                peer.connection.close()
                time.sleep(0.3)
                for _ in range(100):
                    first.send(data)
                time.sleep(0.3)
                found = image.end()["tap0"]
            self.assertEqual(found["received"], found["sent"] + found["unsuitable"] + found["undelivered"])
            self.assertEqual(1, found["unsuitable"])
            self.assertGreater(found["undelivered"], 0)


class Refusals(unittest.TestCase):
    def refused(self, *names, arguments=()):
        with contextlib.ExitStack() as stack:
            for name in names:
                stack.enter_context(interface(name))
            status, text = stack.enter_context(world.run(world.kinds()[0], names, *arguments)).wait()
        return status, text

    def test_one_device(self):
        status, text = self.refused("one")
        self.assertEqual(1, status, text)
        self.assertRegex(text, r"raw-forwarder: two network devices are needed, there is one: \w+0 \(README.md says how")

    def test_three_devices(self):
        status, text = self.refused("one", "two", "three")
        self.assertEqual(1, status, text)
        self.assertRegex(text, r"two network devices are needed, there are more: \w+0 \w+1 \w+2 \(README.md says how")

    def test_arguments(self):
        for arguments in (("x",), ("86401",), ("1", "2")):
            status, text = self.refused("one", "two", arguments=arguments)
            self.assertEqual(2, status, text)
            self.assertIn("raw-forwarder: the argument is how many seconds are between two counts", text)


class WithoutDevices(unittest.TestCase):
    def test_none(self):
        with world.run("tap", ()) as image:
            status, text = image.wait()
        self.assertEqual(1, status, text)
        self.assertIn("raw-forwarder: two network devices are needed, there is none (README.md says how to give two)", text)


if __name__ == "__main__":
    make, others = {"tap": (Taps, ["OverVirtio"]), "virtio": (Machines, ["OverSocket", "WithoutDevices"])}[sys.argv.pop(1)]
    world = make(*(sys.argv.pop(1) for _ in range(2)))
    for name in others:
        del globals()[name]  # it is about the other kind of devices
    network_of_our_own()
    Path("/proc/sys/net/ipv6/conf/default/disable_ipv6").write_text("1", encoding="ascii")  # the host says nothing itself
    unittest.main()
