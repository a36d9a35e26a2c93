# SPDX-License-Identifier: BSD-3-Clause
"""turnaround_test.py TREE ARCHITECTURE [unittest options]: an image that turns frames round passes for a web server."""
import http.client
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "cmake" / "tools"))

from unicore.ports import free_port  # noqa: E402  (the path comes first)
from guests import Image, machines, use  # noqa: E402
from wires import LIMIT  # noqa: E402


class Turnaround(unittest.TestCase):
    def test_pages(self):
        port = free_port()
        with Image(next(iter(machines())), f"user,hostfwd=tcp:127.0.0.1:{port}-:80", image="net-turnaround") as image:
            image.until("turnaround: port 80")
            for _ in range(2):
                client = http.client.HTTPConnection("127.0.0.1", port, timeout=LIMIT)
                for _ in range(3):
                    client.request("GET", "/hello.txt")
                    answer = client.getresponse()
                    self.assertEqual((200, 131), (answer.status, len(answer.read())))
                client.close()


if __name__ == "__main__":
    use(sys.argv)
    unittest.main()
