# SPDX-License-Identifier: BSD-3-Clause
"""e1000_test.py TREE PLATFORM-ARCHITECTURE IMAGE [unittest options]: net.e1000 under QEMU, on machines with the cards
that it is for, against a peer at a socket and a TAP interface."""
import sys
import threading
import time
import unittest

import guests
from guests import STOP, Image, Monitor, at_socket, machines, take_all, use
from wires import HEADER, Wire, echoed, frame, interface, network_of_our_own, numbers, payloads, segments, set_up

# Under UEFI without the card's own firmware: with it, frames of the firmware's come first.
guests.MACHINES = {
    "baremetal-x86_64": {"bios": ("bios", "e1000e"), "uefi": ("uefi", "e1000e,romfile=")},
    "kvm-x86_64": {"q35": ("q35", "e1000e,romfile=")},
    "kvm-aarch64": {"line": ("virt", "e1000e,romfile="), "old": ("gicv3", "e1000,romfile=")},
    "kvm-arm": {"line": ("virt,highmem=off", "e1000e,romfile="), "old": ("virt,highmem=off", "e1000,romfile=")},
}
IMAGE = ""
NAME = "e1000-0"
SEGMENTS = "net.e1000.segments=on"


def connected(machine, **options):
    return at_socket(machine, **{"image": IMAGE, **options})


class Traffic(unittest.TestCase):
    def test_frames_come_back_and_the_link_changes(self):
        for machine in machines():
            with self.subTest(machine=machine), Monitor() as monitor, \
                    connected(machine, options=monitor.options) as (peer, image):
                image.until("ready")
                self.assertIn(f"{NAME} 02 00 00 00 00 02 mtu=1500 sums=11 segments=000", image.lines)
                sent = [frame(payload) for payload in payloads(150)]
                for data in sent:
                    time.sleep(0.003)  # it sleeps: a slow one would find the next frame before it does
                    peer.send(data)
                    self.assertEqual(echoed(data), peer.receive())
                monitor.do("set_link", name="net", up=False)
                image.until(f"link changed: {NAME} down")
                monitor.do("set_link", name="net", up=True)
                image.until(f"link changed: {NAME} up")
                for data in (frame(bytes(50)), STOP):
                    sent.append(data)
                    peer.send(data)
                status, text = image.wait()
                link, received, back, interrupts = numbers(text, NAME)
                self.assertEqual((0, "up", [152, sum(map(len, sent)), 0, 0]), (status, link, received), text)
                self.assertGreaterEqual(back[0], 151)
                self.assertEqual(0, back[3])
                self.assertGreaterEqual(interrupts, 75)

    def test_many_at_once(self):
        """Nothing is lost nor torn, and who is busy is not interrupted for each."""
        with connected(next(iter(machines()))) as (peer, image):
            image.until("ready")
            sent = [frame(payload) for payload in payloads(3000)]
            sender = threading.Thread(target=peer.send_all, args=(sent,))
            sender.start()
            for data in sent:
                self.assertEqual(echoed(data), peer.receive())
            sender.join()
            peer.send(STOP)
            status, text = image.wait()
            _, received, _, interrupts = numbers(text, NAME)
            self.assertEqual((0, 3001), (status, received[0]), text)
            self.assertLess(interrupts, 3000)

    def test_conformance(self):
        machine = next(iter(machines()))
        with connected(machine, image="conformance.net.device.net.e1000", settings=[SEGMENTS]) as (peer, image):
            reader = threading.Thread(target=take_all, args=(peer,))
            reader.start()
            status, text = image.wait()
            reader.join()
            self.assertEqual(0, status, text)
            self.assertRegex(text, r"net.e1000: passed, [0-9]{2,} checks")

    def test_checksums_arrive_verified_and_whole(self):
        """What the host leaves to be completed QEMU has completed, for a device as old as this."""
        network_of_our_own()
        machine = next(iter(machines()))
        with interface("one") as name, \
                Image(machine, f"tap,ifname={name},script=no,downscript=no", image=IMAGE, settings=[SEGMENTS]) as image:
            image.until("ready")
            self.assertIn(f"{NAME} 02 00 00 00 00 02 mtu=1500 sums=11 segments=100", image.lines)
            set_up(name)
            with Wire(name) as wire:
                wire.wait()
                for six in (False, True):
                    data, start = segments(1000, six)
                    wire.send(data, HEADER.pack(1, 0, 0, 0, start, 16))
                    back, header = wire.receive(0x86dd if six else 0x0800)
                    expected = echoed(data)
                    self.assertEqual(expected[:start + 16] + expected[start + 18:], back[:start + 16] + back[start + 18:])
                    self.assertNotEqual(b"\0\0", back[start + 16:start + 18])
                    self.assertEqual((0, 0), header[:2])
                wire.send(STOP)
                status, text = image.wait()
                self.assertEqual(0, status, text)
                _, received, back, _ = numbers(text, NAME)
                self.assertEqual(([0, 0], [0, 0]), (received[2:], back[2:]))


if __name__ == "__main__":
    use(sys.argv)
    IMAGE = sys.argv.pop(1)
    unittest.main()
