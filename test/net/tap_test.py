# SPDX-License-Identifier: BSD-3-Clause
"""tap_test.py IMAGES ARCHITECTURE [unittest options]: net.tap against the host's TAP interfaces, in a network of the
test's own, and against a peer at a socket, as passt and QEMU are."""
import contextlib
import os
import random
import signal
import struct
import subprocess
import sys
import threading
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "cmake" / "tools"))

from unicore.run_targets import RUNNERS  # noqa: E402  (the path comes first)
from wires import (HEADER, LIMIT, SIOCGIFFLAGS, Peer, Wire, echoed, frame, interface, interface_request,  # noqa: E402
                   network_of_our_own, numbers, payloads, segments, set_up)

IMAGES = Path()
PREFIX = []  # an emulator, where the machine needs one
ADDRESS = "net.tap.address=02:00:00:00:00:02"


class Image:
    """A running image."""

    def __init__(self, name, *settings):
        self.process = subprocess.Popen([*PREFIX, IMAGES / name], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, env={"UNICORE": " ".join(settings)}, bufsize=0)
        self.watchdog = threading.Timer(2 * LIMIT, self.process.kill)
        self.watchdog.start()
        self.lines = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.watchdog.cancel()
        self.process.kill()
        self.process.communicate()

    def until(self, line):
        while True:
            got = self.process.stdout.readline().decode().rstrip("\n")
            self.lines.append(got)
            if got == line:
                return
            if not got:
                raise AssertionError(f"{line!r} did not come: {self.lines} {self.process.stderr.read().decode()}")

    def end(self):
        """Asks it to stop: (exit status, what it has printed since, diagnostics)."""
        self.process.send_signal(signal.SIGTERM)
        return self.wait()

    def wait(self):
        out, errors = self.process.communicate(timeout=LIMIT)
        return self.process.returncode, out.decode(), errors.decode()


class OverSocket(unittest.TestCase):
    @contextlib.contextmanager
    def echo(self, *settings):
        with Peer() as peer, Image("net-echo", f"net.tap=unix:{peer.path}", ADDRESS, *settings) as image:
            peer.accept()
            image.until("ready")
            yield peer, image

    def test_what_it_is(self):
        with self.echo() as (_, image):
            self.assertEqual(["tap0 02 00 00 00 00 02 mtu=1500 sums=00 segments=000", "ready"], image.lines)

    def test_frames_come_back_byte_for_byte(self):
        with self.echo() as (peer, image):
            sent = [frame(payload) for payload in payloads(500)]
            for data in sent:
                peer.send(data)
                self.assertEqual(echoed(data), peer.receive())
            status, out, errors = image.end()
            link, received, back, _ = numbers(out)
            total = sum(map(len, sent))
            self.assertEqual((0, "up", [500, total, 0, 0], [500, total, 0, 0]), (status, link, received, back), errors)

    def test_in_pieces_of_any_size(self):
        with self.echo() as (peer, image):
            sent = [frame(payload) for payload in payloads(60)]
            stream = b"".join(struct.pack(">I", len(data)) + data for data in sent)
            chance = random.Random(20261127)

            def send():
                place = 0
                while place < len(stream):
                    size = chance.choice((1, 2, 3, 4, 5, 100, 1500, 5000))
                    peer.connection.sendall(stream[place:place + size])
                    place += size
                    time.sleep(0.001)

            sender = threading.Thread(target=send)
            sender.start()
            for data in sent:
                self.assertEqual(echoed(data), peer.receive())
            sender.join()
            self.assertEqual(0, image.end()[0])

    def test_frames_longer_than_a_buffer(self):
        """What is received may be longer than what the device sends: it arrives, and the echo of it is refused."""
        with self.echo() as (peer, image):
            for size in (1501, 4072, 4073, 4096, 8200, 65521):
                peer.send(frame(bytes(size)))
            last = frame(b"the last one" * 5)
            peer.send(last)
            self.assertEqual(echoed(last), peer.receive())
            _, received, back, _ = numbers(image.end()[1])
            self.assertEqual((7, 0, 0), (received[0], received[2], received[3]))
            self.assertEqual((1, 6), (back[0], back[3]))

    def test_a_peer_that_does_not_read(self):
        """The image keeps what it has, waits for room, and nothing is lost or torn."""
        with self.echo() as (peer, image):
            sent = [frame(payload) for payload in payloads(1500, longest=1500)]
            sender = threading.Thread(target=lambda: [peer.send(data) for data in sent])
            sender.start()
            time.sleep(0.5)
            for data in sent:
                self.assertEqual(echoed(data), peer.receive())
            sender.join()
            _, received, back, _ = numbers(image.end()[1])
            self.assertEqual(([1500, 0, 0], [1500, 0, 0]), (received[:1] + received[2:], back[:1] + back[2:]))

    def test_what_is_no_frame_is_left_out(self):
        with self.echo() as (peer, image):
            for size in (0, 1, 13):
                peer.send(bytes(size))
            data = frame(bytes(50))
            peer.send(data)
            self.assertEqual(echoed(data), peer.receive())
            self.assertEqual([1, len(data), 0, 3], numbers(image.end()[1])[1])

    def test_a_peer_that_speaks_something_else(self):
        for length in (65554, 1 << 31, (1 << 32) - 1):
            with self.subTest(length), self.echo() as (peer, image):
                peer.connection.sendall(struct.pack(">I", length) + bytes(1000))
                image.until("link changed: tap0 down")
                status, out, errors = image.end()
                self.assertEqual((0, "down"), (status, numbers(out)[0]))
                self.assertIn("net.tap: tap0 is down: its peer speaks of a frame that is longer than any", errors)

    def test_a_peer_that_goes_away(self):
        for sent in (b"", b"\0", struct.pack(">I", 100), struct.pack(">I", 100) + bytes(50)):
            with self.subTest(sent), self.echo() as (peer, image):
                peer.connection.sendall(sent)
                peer.connection.close()
                image.until("link changed: tap0 down")
                status, out, errors = image.end()
                self.assertEqual((0, "down"), (status, numbers(out)[0]))
                self.assertIn("net.tap: tap0 is down: its peer has closed the socket", errors)

    def test_waiting_costs_nothing(self):
        with self.echo() as (peer, image):
            data = frame(bytes(50))
            peer.send(data)
            peer.receive()
            time.sleep(0.2)
            before = self.used(image.process.pid)
            time.sleep(1)
            self.assertLess(self.used(image.process.pid) - before, 0.05)
            peer.send(data)
            self.assertEqual(echoed(data), peer.receive())
            self.assertGreater(numbers(image.end()[1])[3], 0)

    @staticmethod
    def used(process):
        """Seconds of processor time so far. [proc(5)]"""
        fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def test_conformance(self):
        with Peer() as peer, Image("conformance.net.device.net.tap", f"net.tap=unix:{peer.path}") as image:
            peer.accept()
            chance = random.Random(20261127)
            frames = 0
            with contextlib.suppress(EOFError, ConnectionError):
                while True:  # takes what comes, and sends something else now and then
                    data = peer.receive()
                    self.assertEqual((data[:6], data[12:14]), (data[6:12], b"\x88\xb5"))
                    frames += 1
                    if chance.random() < 0.3:
                        peer.send(frame(chance.randbytes(chance.randint(46, 3000))))
            status, out, errors = image.wait()
            self.assertEqual(0, status, out + errors)
            self.assertRegex(out, r"passed")
            self.assertGreater(frames, 50)


class OverInterface(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        network_of_our_own()

    @contextlib.contextmanager
    def echo(self, name, *settings):
        with Image("net-echo", f"net.tap={name}", ADDRESS, *settings) as image:
            image.until("ready")
            set_up(name)
            with Wire(name) as wire:
                wire.wait()
                yield wire, image

    def test_frames_come_back_byte_for_byte(self):
        with interface("one") as name, self.echo(name) as (wire, image):
            self.assertEqual("tap0 02 00 00 00 00 02 mtu=1500 sums=11 segments=111", image.lines[0])
            for payload in payloads(500):
                data = frame(payload)
                wire.send(data)
                self.assertEqual(echoed(data), wire.receive()[0])
            status, out, errors = image.end()
            link, received, back, interrupts = numbers(out)
            self.assertEqual((0, "up"), (status, link), errors)
            self.assertGreaterEqual(received[0], 500)  # the host's IPv6 says something, too
            self.assertEqual(received, back)
            self.assertGreater(interrupts, 0)

    def test_many_at_once(self):
        with interface("one") as name, self.echo(name) as (wire, image):
            sent = [frame(payload) for payload in payloads(300)]
            for data in sent:
                wire.send(data)
            for data in sent:
                self.assertEqual(echoed(data), wire.receive()[0])
            self.assertEqual(0, image.end()[0])

    def test_one_that_the_image_makes(self):
        with self.echo("made") as (wire, image):
            data = frame(b"made by the image" * 4)
            wire.send(data)
            self.assertEqual(echoed(data), wire.receive()[0])
            self.assertEqual(0, image.end()[0])
        with self.assertRaises(OSError):
            interface_request("made", SIOCGIFFLAGS, 0)

    def test_its_mtu(self):
        with interface("large", mtu=9000) as name, self.echo(name) as (wire, image):
            self.assertIn(" mtu=9000 ", image.lines[0])
            data = frame(random.Random(1).randbytes(9000))
            wire.send(data)
            self.assertEqual(echoed(data), wire.receive()[0])
            self.assertEqual(0, image.end()[0])

    def test_segments_stay_one_frame_both_ways(self):
        with interface("one") as name, self.echo(name) as (wire, image):
            for size in (3000, 20000, 65000):
                for six in (False, True):
                    with self.subTest(size=size, six=six):
                        data, start = segments(size, six)
                        kind = 4 if six else 1
                        wire.send(data, HEADER.pack(1, kind, start + 20, 1400, start, 16))
                        back, header = wire.receive(0x86dd if six else 0x0800)
                        self.assertEqual(echoed(data), back)
                        self.assertEqual((1, kind, 1400, start, 16), (header[0] & 1, header[1], *header[3:]))
            status, out, errors = image.end()
            self.assertEqual(0, status, errors)
            self.assertEqual([0, 0], numbers(out)[1][2:])
            self.assertEqual([0, 0], numbers(out)[2][2:])

    def test_partial_checksums_stay_so_both_ways(self):
        with interface("one") as name, self.echo(name) as (wire, image):
            data, start = segments(1000)
            wire.send(data, HEADER.pack(1, 0, 0, 0, start, 16))
            back, header = wire.receive(0x0800)
            self.assertEqual(echoed(data), back)
            self.assertEqual((1, 0, start, 16), (header[0] & 1, header[1], *header[4:]))
            self.assertEqual(0, image.end()[0])

    def test_an_interface_that_goes_down_and_up(self):
        with interface("one") as name, self.echo(name) as (wire, image):
            set_up(name, up=False)
            time.sleep(0.1)
            set_up(name)
            data = frame(bytes(50))
            with Wire(name) as again:
                again.wait()
                again.send(data)
                self.assertEqual(echoed(data), again.receive()[0])
            self.assertEqual("up", numbers(image.end()[1])[0])

    def test_several_devices(self):
        with interface("one") as one, interface("two") as two, Peer() as peer:
            with Image("net-echo", f"net.tap={one},unix:{peer.path},{two}",
                       "net.tap.address=02:00:00:00:00:02,02:00:00:00:00:03") as image:
                peer.accept()
                image.until("ready")
                self.assertEqual([["tap0", *"02 00 00 00 00 02".split()], ["tap1", *"02 00 00 00 00 03".split()]],
                                 [line.split()[:7] for line in image.lines[:2]])
                address = bytes.fromhex("".join(image.lines[2].split()[1:7]))  # of its own choice
                self.assertEqual(2, address[0] & 3)
                with Wire(one) as first, Wire(two) as third:
                    first.wait()
                    third.wait()
                    for _ in range(20):
                        for place, wire in enumerate((first, peer, third)):
                            data = frame(bytes((place,)) * 60)
                            wire.send(data)
                            back = wire.receive()
                            self.assertEqual(echoed(data), back if wire is peer else back[0])
                self.assertEqual(0, image.end()[0])

    def test_conformance(self):
        with interface("one") as name, Image("conformance.net.device.net.tap", f"net.tap={name}") as image:
            status, out, errors = image.wait()
            self.assertEqual(0, status, out + errors)
            self.assertRegex(out, r"passed")


class Refusals(unittest.TestCase):
    """What cannot be is said: what, where, and what would be right."""

    def refused(self, *settings):
        with Image("net-echo", *settings) as image:
            status, out, errors = image.wait()
        self.assertEqual((134, ""), (status, out))
        return errors

    def test_settings(self):
        for value in ("", "a,", ",a", "sixteen-letters-", "a/b", "a:b", "..", "unix:", "unix:" + "x" * 108,
                      ",".join("abcdefghi")):
            self.assertIn(f"setting net.tap={value}: allowed is names of TAP interfaces, unix:PATH for sockets",
                          self.refused(f"net.tap={value}"))

    def test_addresses(self):
        for value in ("", "02", "02:00:00:00:00:0", "02:00:00:00:00:0g", "02-00-00-00-00-01", "01:00:00:00:00:00",
                      "00:00:00:00:00:00", "+2:00:00:00:00:01", "02:00:00:00:00:01,"):
            self.assertIn(f"setting net.tap.address={value}: allowed is addresses of stations",
                          self.refused(f"net.tap.address={value}"))

    def test_no_socket(self):
        errors = self.refused("net.tap=unix:/nowhere/socket")
        self.assertIn("net.tap: cannot connect to the socket /nowhere/socket (error 2): passt --socket PATH must listen "
                      "there, or QEMU: -netdev stream,", errors)
        self.assertIn("panic: boot step of net.tap failed: not found", errors)

    def test_nobody_listens(self):
        with Peer() as peer:
            peer.listener.close()
            errors = self.refused(f"net.tap=unix:{peer.path}")
            self.assertIn(f"net.tap: cannot connect to the socket {peer.path}", errors)

    def test_no_tap_interface(self):
        errors = self.refused("net.tap=lo")
        self.assertRegex(errors, r"net.tap: cannot attach to the interface lo \(error \d+\): it must be a TAP interface of "
                                 r"who runs the image, in use by nobody else: ip tuntap add dev lo mode tap user USER\n")
        self.assertIn("panic: boot step of net.tap failed: unsupported", errors)

    def test_without_the_setting_there_is_no_device(self):
        with Image("net-echo") as image:
            image.until("ready")
            self.assertEqual(["ready"], image.lines)
            self.assertEqual(0, image.end()[0])


if __name__ == "__main__":
    IMAGES = Path(sys.argv.pop(1)).resolve()
    PREFIX = RUNNERS["linux", sys.argv.pop(1)].prefix()
    unittest.main()
