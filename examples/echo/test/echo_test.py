# SPDX-License-Identifier: BSD-3-Clause
"""echo_test.py tap IMAGES ARCHITECTURE | machine TREE ARCHITECTURE TRANSPORT, and unittest's options: the echo server."""
import contextlib
import random
import socket
import sys
import threading
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "http-server" / "test"))

from worlds import LIMIT, Machine, Tap  # noqa: E402  (the path comes first)

world = None


class Echo(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = world.start(image="echo", port=7, ready="echo: ready")
        cls.addClassCleanup(cls.server.close)

    def stream(self):
        client = socket.create_connection(self.server.where, timeout=LIMIT)
        self.addCleanup(client.close)
        return client

    def test_bytes_come_back(self):
        client = self.stream()
        data = random.Random(20261127).randbytes(1_000_000)
        sender = threading.Thread(target=client.sendall, args=(data,))
        sender.start()
        back = b""
        while len(back) != len(data):
            piece = client.recv(65536)
            self.assertTrue(piece)
            back += piece
        sender.join()
        self.assertEqual(data, back)
        client.shutdown(socket.SHUT_WR)
        self.assertEqual(b"", client.recv(1))

    def test_many_at_once(self):
        with contextlib.ExitStack() as stack:
            clients = [stack.enter_context(socket.create_connection(self.server.where, timeout=LIMIT)) for _ in range(40)]
            for turn in range(5):
                for number, client in enumerate(clients):
                    client.sendall(f"{turn}/{number:03}".encode())
                for number, client in enumerate(clients):
                    self.assertEqual(f"{turn}/{number:03}".encode(), client.recv(100))

    def test_one_that_does_not_read_delays_nobody(self):
        deaf = self.stream()
        deaf.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            while True:
                deaf.send(bytes(65536))
        client = self.stream()
        client.sendall(b"hello")
        self.assertEqual(b"hello", client.recv(100))

    def test_datagrams(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
            client.settimeout(LIMIT)
            client.connect(self.server.where)
            for size in (0, 1, 512, 1472, 4000):
                data = random.Random(size).randbytes(size)
                client.send(data)
                self.assertEqual(data, client.recv(65536))


if __name__ == "__main__":
    make, count = {"tap": (Tap, 2), "machine": (Machine, 3)}[sys.argv.pop(1)]
    world = make(*(sys.argv.pop(1) for _ in range(count)))
    try:
        done = unittest.main(exit=False).result.wasSuccessful()
    finally:
        world.close()
    sys.exit(0 if done else 1)
