# SPDX-License-Identifier: BSD-3-Clause
"""virtio_test.py TREE ARCHITECTURE [unittest options]: net.virtio under QEMU, on each machine and transport, against a
peer at a socket and TAP interfaces in a network of the test's own."""
import contextlib
import sys
import threading
import time
import unittest

from guests import STOP, Image, Monitor, at_socket, machines, take_all, use
from wires import (HEADER, Wire, echoed, frame, interface, network_of_our_own, numbers, payloads,
                   segments, set_up)


class OverSocket(unittest.TestCase):
    def test_frames_come_back_byte_for_byte(self):
        for machine in machines():
            with self.subTest(machine=machine), at_socket(machine) as (peer, image):
                image.until("ready")
                self.assertIn("virtio0 02 00 00 00 00 02 mtu=1500 sums=00 segments=000", image.lines)
                sent = [frame(payload) for payload in payloads(300)]
                for data in sent:
                    time.sleep(0.003)  # it sleeps: a slow one would find the next frame before it does
                    peer.send(data)
                    self.assertEqual(echoed(data), peer.receive())
                peer.send(STOP)
                status, text = image.wait()
                total = sum(map(len, sent)) + len(STOP)
                link, received, back, interrupts = numbers(text, "virtio0")
                self.assertEqual((0, "up", [301, total, 0, 0]), (status, link, received), text)
                self.assertGreaterEqual(back[0], 300)
                self.assertGreaterEqual(interrupts, 100)

    def test_many_at_once(self):
        """Nothing is lost nor torn, and who is busy is not interrupted for each."""
        for machine in machines():
            with self.subTest(machine=machine), at_socket(machine) as (peer, image):
                image.until("ready")
                sent = [frame(payload) for payload in payloads(3000)]
                sender = threading.Thread(target=peer.send_all, args=(sent,))
                sender.start()
                for data in sent:
                    self.assertEqual(echoed(data), peer.receive())
                sender.join()
                peer.send(STOP)
                status, text = image.wait()
                _, received, _, interrupts = numbers(text, "virtio0")
                self.assertEqual((0, 3001), (status, received[0]), text)
                self.assertLess(interrupts, 3000)

    def test_without_features(self):
        """As older hosts are: no event index, no mergeable buffers."""
        for machine in machines():
            with self.subTest(machine=machine), \
                    at_socket(machine, device=",event_idx=off,mrg_rxbuf=off,status=off") as (peer, image):
                image.until("ready")
                for data in map(frame, payloads(100)):
                    peer.send(data)
                    self.assertEqual(echoed(data), peer.receive())
                peer.send(STOP)
                self.assertEqual(0, image.wait()[0])

    def test_packed_rings(self):
        """Frames in pieces that keep the other end busy: QEMU takes up again what it had to leave."""
        for machine in machines():
            for others in "", ",event_idx=off,mrg_rxbuf=off":
                with self.subTest(machine=machine, others=others), \
                        at_socket(machine, device=f",packed=on{others}") as (peer, image):
                    image.until("ready")
                    sent = [frame(payload) for payload in payloads(3000)]  # the rings have 256 descriptors
                    sender = threading.Thread(target=peer.send_all, args=(sent,))
                    sender.start()
                    for data in sent:
                        self.assertEqual(echoed(data), peer.receive())
                    sender.join()
                    peer.send(STOP)
                    status, text = image.wait()
                    self.assertEqual((0, 3001), (status, numbers(text, "virtio0")[1][0]), text)

    def test_small_rings(self):
        machine = next(name for name, (_, device) in machines().items() if "pci" in device)
        with at_socket(machine, device=",rx_queue_size=256,tx_queue_size=256,host_mtu=9000") as (peer, image):
            image.until("ready")
            self.assertTrue(any(" mtu=9000 " in line for line in image.lines), image.lines)
            data = frame(bytes(range(256)) * 35)
            peer.send(data)
            self.assertEqual(echoed(data), peer.receive())
            peer.send(STOP)
            self.assertEqual(0, image.wait()[0])

    def test_the_link_goes_down_and_up(self):
        for machine in machines():
            with self.subTest(machine=machine), Monitor() as monitor, at_socket(machine, options=monitor.options) as (peer, image):
                image.until("ready")
                monitor.do("set_link", name="net", up=False)
                image.until("link changed: virtio0 down")
                monitor.do("set_link", name="net", up=True)
                image.until("link changed: virtio0 up")
                data = frame(bytes(50))
                peer.send(data)
                self.assertEqual(echoed(data), peer.receive())
                peer.send(STOP)
                self.assertEqual(0, image.wait()[0])

    def test_conformance(self):
        for machine in machines():
            with self.subTest(machine=machine), at_socket(machine, image="conformance.net.device.net.virtio") as (peer, image):
                reader = threading.Thread(target=take_all, args=(peer,))
                reader.start()
                status, text = image.wait()
                reader.join()
                self.assertEqual(0, status, text)
                self.assertRegex(text, r"net.virtio: passed, [0-9]{2,} checks")


class OverInterface(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        network_of_our_own()

    @contextlib.contextmanager
    def echo(self, machine, name):
        with Image(machine, f"tap,ifname={name},script=no,downscript=no") as image:
            image.until("ready")
            set_up(name)
            with Wire(name) as wire:
                wire.wait()
                yield wire, image

    def test_segments_and_checksums_stay_so_both_ways(self):
        for machine in machines():
            with self.subTest(machine=machine), interface("one") as name, self.echo(machine, name) as (wire, image):
                self.assertIn("virtio0 02 00 00 00 00 02 mtu=1500 sums=11 segments=111", image.lines)
                for size in (100, 3000, 20000, 65000):
                    for six in (False, True):
                        data, start = segments(size, six)
                        kind = (4 if six else 1) if size > 1400 else 0
                        segment = 1400 if kind else 0
                        wire.send(data, HEADER.pack(1, kind, start + 20, segment, start, 16))
                        back, header = wire.receive(0x86dd if six else 0x0800)
                        self.assertEqual(echoed(data), back)
                        self.assertEqual((1, kind, segment, start, 16), (header[0] & 1, header[1], *header[3:]))
                wire.send(STOP)
                status, text = image.wait()
                self.assertEqual(0, status, text)
                _, received, back, _ = numbers(text, "virtio0")
                self.assertEqual(([0, 0], [0, 0]), (received[2:], back[2:]))


if __name__ == "__main__":
    use(sys.argv)
    unittest.main()
