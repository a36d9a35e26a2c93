# SPDX-License-Identifier: BSD-3-Clause
"""server_test.py tap IMAGES ARCHITECTURE | program | machine TREE ARCHITECTURE pci|mmio|e1000e, and unittest's options: the web
server against curl, and against clients that no browser is."""
import contextlib
import hashlib
import json
import random
import re
import socket
import struct
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

from make_large import SIZE
from worlds import LIMIT, Machine, Passt, Program, Tap

HERE = Path(__file__).resolve().parent
HELLO = (HERE.parent / "site" / "hello.txt").read_bytes()
LARGE = random.Random(20261127).randbytes(SIZE)
SOON = ("idle=1500", "reading=1000", "writing=1500", "lingering=500")  # milliseconds
world = None


class Answer:
    def __init__(self, head, body):
        self.status = int(head.split(b" ", 2)[1])
        lines = head.split(b"\r\n")[1:]
        self.fields = {name.decode().lower(): value.decode() for name, _, value in (line.partition(b": ") for line in lines)}
        self.body = body


class Client:
    """A connection, and what comes out of it."""

    def __init__(self, where, buffer=None):
        self.socket = socket.socket(socket.AF_INET6 if ":" in where[0] else socket.AF_INET)
        if buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        self.socket.settimeout(LIMIT)
        self.socket.connect(where)
        self.data = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, text):
        self.socket.sendall(text.encode("latin-1") if isinstance(text, str) else text)
        return self

    def get(self, path, fields="", method="GET"):
        return self.send(f"{method} {path} HTTP/1.1\r\nHost: test\r\n{fields}\r\n")

    def more(self):
        piece = self.socket.recv(65536)
        self.data += piece
        return bool(piece)

    def answer(self, body=True):
        while b"\r\n\r\n" not in self.data:
            if not self.more():
                raise EOFError(f"the end comes instead of an answer, behind {self.data!r}")
        head, _, self.data = self.data.partition(b"\r\n\r\n")
        found = Answer(head, b"")
        size = int(found.fields.get("content-length", 0)) if body and found.status != 304 else 0
        while len(self.data) < size:
            if not self.more():
                raise EOFError("the end comes in the body")
        found.body, self.data = self.data[:size], self.data[size:]
        return found

    def ends(self):
        """Whether nothing more comes, but the end."""
        try:
            return not self.data and not self.more()
        except ConnectionResetError:
            return False

    def reset(self):
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()


class Case(unittest.TestCase):
    """Tests with a server of their own, or with one that all of a class share."""

    arguments = ()

    @classmethod
    def setUpClass(cls):
        cls.server = world.start(*cls.arguments)
        cls.addClassCleanup(cls.server.close)
        cls.where = cls.server.where

    def client(self, **options):
        client = Client(self.where, **options)
        self.addCleanup(client.socket.close)
        return client

    def status(self):
        with Client(self.where) as client:
            return json.loads(client.get("/status.json", "Connection: close\r\n").answer().body)

    def settled(self):
        """What the server has when no client is left but the one that asks."""
        end = time.monotonic() + LIMIT
        while True:
            status = self.status()
            if status["connections_open"] == 1:
                return status
            if time.monotonic() > end:
                raise AssertionError(f"connections stay: {status}")
            time.sleep(0.05)

    def curl(self, *arguments, path="/hello.txt", status=0):
        where = f"[{self.where[0]}]" if ":" in self.where[0] else self.where[0]
        done = subprocess.run(["curl", "--silent", "--show-error", "--max-time", str(LIMIT), *arguments,
                               f"http://{where}:{self.where[1]}{path}"], capture_output=True, timeout=2 * LIMIT)
        self.assertEqual(status, done.returncode, done.stderr.decode())
        return done.stdout


class Curl(Case):
    def test_a_file(self):
        head, _, body = self.curl("--include").partition(b"\r\n\r\n")
        self.assertEqual(HELLO, body)
        self.assertRegex(head.decode(), r"\AHTTP/1.1 200 OK\r\nDate: \w{3}, \d\d \w{3} 20\d\d [\d:]{8} GMT\r\nContent-Length: 131\r\n"
                                        r"Content-Type: text/plain; charset=utf-8\r\nAccept-Ranges: bytes\r\nETag: \"\w{16}\"\Z")
        date = re.search(r"Date: (.+)\r", head.decode())[1]
        seconds = time.time() - time.mktime(time.strptime(date, "%a, %d %b %Y %H:%M:%S GMT")) + time.timezone
        self.assertLess(abs(seconds), 30)

    def test_every_page(self):
        for path in (HERE.parent / "site").iterdir():
            self.assertEqual(path.read_bytes(), self.curl(path="/" + path.name))
        self.assertEqual((HERE.parent / "site" / "index.html").read_bytes(), self.curl(path="/"))
        self.assertEqual(b"with a space\n", self.curl(path="/test/a%20name.txt?query#fragment"))
        self.assertEqual(b"", self.curl(path="/test/empty.txt"))

    def test_large_ones(self):
        self.assertEqual(hashlib.sha256(LARGE).digest(), hashlib.sha256(self.curl(path="/test/large.bin")).digest())
        for size in (4095, 4096, 4097):
            self.assertEqual(bytes(i % 251 for i in range(size)), self.curl(path=f"/test/{size}.bin"))

    def test_head(self):
        head = self.curl("--head", path="/test/large.bin").decode()
        self.assertIn(f"Content-Length: {SIZE}\r\n", head)

    def test_a_connection_is_kept(self):
        out = self.curl("--output", "/dev/null", "--output", "/dev/null", "--write-out", "%{num_connects} %{http_code}\n",
                        f"http://{self.where[0]}:{self.where[1]}/nothing", path="/hello.txt")
        self.assertEqual(b"1 404\n0 200\n", out)
        self.assertIn(b"\r\nConnection: close\r\n", self.curl("--include", "--http1.0"))
        self.assertIn(b"\r\nConnection: keep-alive\r\n", self.curl("--include", "--http1.0", "-H", "Connection: keep-alive"))

    def test_ranges(self):
        for text, part in (("0-0", HELLO[:1]), ("5-9", HELLO[5:10]), ("100-", HELLO[100:]), ("-7", HELLO[-7:]), ("130-500", HELLO[130:])):
            head, _, body = self.curl("--include", "--range", text).partition(b"\r\n\r\n")
            self.assertEqual((b"HTTP/1.1 206", part), (head[:12], body))
            self.assertRegex(head.decode(), r"Content-Range: bytes \d+-\d+/131\r")
        self.assertEqual(LARGE[1_000_000:2_999_999], self.curl("--range", "1000000-2999998", path="/test/large.bin"))
        self.assertEqual(LARGE[2_500_000:], self.curl("--continue-at", "2500000", path="/test/large.bin"))
        self.assertIn(b"HTTP/1.1 416 Range Not Satisfiable\r\n", self.curl("--include", "--range", "131-"))

    def test_tags(self):
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual(HELLO, self.curl("--etag-save", folder + "/tag"))
            head = self.curl("--etag-compare", folder + "/tag", "--include")
            self.assertTrue(head.startswith(b"HTTP/1.1 304 Not Modified\r\n") and head.endswith(b"\r\n\r\n"))
            self.assertTrue(self.curl("--etag-compare", folder + "/tag", "--include", path="/").startswith(b"HTTP/1.1 200 "))

    def test_bodies_that_nobody_wants(self):
        for options in (("--data", "x=" + "y" * 5000), ("--data", "x=1", "--header", "Transfer-Encoding: chunked"), ("--request", "DELETE"),
                        ("--request", "OPTIONS"), ("--data-binary", "@" + str(HERE / "server_test.py"), "--header", "Expect: 100-continue")):
            answer = self.curl("--include", *options)
            self.assertIn(b"HTTP/1.1 405 Method Not Allowed\r\n", answer)
            self.assertIn(b"\r\nAllow: GET, HEAD\r\n", answer)

    def test_many_at_once(self):
        before = self.settled()
        with tempfile.NamedTemporaryFile("w") as list_of_urls:
            for _ in range(256):
                list_of_urls.write(f"url = http://{self.where[0]}:{self.where[1]}/test/4097.bin\noutput = /dev/null\n")
            list_of_urls.flush()
            out = self.curl("--parallel", "--parallel-max", "64", "--parallel-immediate", "--config", list_of_urls.name, "--write-out",
                            "%{http_code} %{size_download}\n", "--output", "/dev/null", path="/test/4097.bin")
        self.assertEqual(257 * [b"200 4097"], out.splitlines())
        after = self.settled()
        self.assertGreaterEqual(after["requests"] - before["requests"], 257)

    def test_live_pages(self):
        first, second = self.status(), self.status()
        self.assertGreaterEqual(second["requests"], first["requests"] + 1)
        self.assertGreater(second["uptime_ms"], 0)
        self.assertGreaterEqual(second["packets_received"], first["packets_received"])
        for name in ("boot_us", "memory_kib", "memory_taken_kib", "heap_bytes", "threads", "packets_sent", "connections"):
            self.assertIn(name, second)
        page = self.curl(path="/status").decode()
        for name in second:
            self.assertRegex(page, rf"<th>{name}<td>\d+\n")


class Raw(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with contextlib.ExitStack() as stack:
            cls.many(stack)  # descriptors have a table that grows, and stays

    @classmethod
    def many(cls, stack, count=66):
        """So many clients, each of which has asked something."""
        clients = []
        for _ in range(count):
            clients.append(stack.enter_context(Client(cls.where)))
            clients[-1].get("/hello.txt").answer()
        return clients

    def test_pipelining(self):
        with self.client() as client:
            wanted = []
            text = ""
            chance = random.Random(20261127)
            for _ in range(200):
                path, method, fields, status, body = chance.choice((
                    ("/hello.txt", "GET", "", 200, HELLO), ("/hello.txt", "HEAD", "", 200, b""), ("/no", "GET", "", 404, b"404 Not Found\n"),
                    ("/hello.txt", "GET", "Range: bytes=3-5\r\n", 206, HELLO[3:6]), ("/hello.txt", "PUT", "Content-Length: 5\r\n", 405, None),
                    ("/test/4096.bin", "GET", "", 200, bytes(i % 251 for i in range(4096))),
                    ("/test/large.bin", "GET", "Range: bytes=100000-150000\r\n", 206, LARGE[100_000:150_001])))
                text += f"{method} {path} HTTP/1.1\r\nHost: a\r\n{fields}\r\n" + ("12345" if method == "PUT" else "")
                wanted.append((method, status, body))
            sender = subprocess.Popen([sys.executable, "-c", "import sys, socket; "
                                       f"s = socket.socket(fileno={client.socket.fileno()}); s.settimeout(60); s.sendall(sys.stdin.buffer.read()); s.detach()"],
                                      stdin=subprocess.PIPE, pass_fds=(client.socket.fileno(),))
            sender.stdin.write(text.encode())
            sender.stdin.close()
            for method, status, body in wanted:
                answer = client.answer(method != "HEAD")
                self.assertEqual(status, answer.status)
                if body is not None:
                    self.assertEqual(body, answer.body)
            self.assertEqual(0, sender.wait(timeout=LIMIT))
            client.get("/hello.txt", "Connection: close\r\n")
            self.assertEqual("close", client.answer().fields["connection"])
            self.assertTrue(client.ends())

    def test_a_reader_that_takes_its_time(self):
        with self.client(buffer=4096) as client:
            for path in ("/test/large.bin", "/hello.txt", "/test/large.bin", "/hello.txt"):
                client.get(path)
            time.sleep(0.3)
            for body in (LARGE, HELLO, LARGE, HELLO):
                self.assertEqual(body, client.answer().body)

    def test_byte_by_byte(self):
        with self.client() as client:
            client.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for byte in b"\r\nPOST /hello.txt HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3;a\r\nabc\r\n0\r\nX: y\r\n\r\nGET /hello.txt HTTP/1.1\r\nHost: a\r\n\r\n":
                client.send(bytes((byte,)))
            self.assertEqual(405, client.answer().status)
            self.assertEqual(HELLO, client.answer().body)

    def test_half_a_connection(self):
        with self.client() as client:
            client.get("/test/large.bin").get("/hello.txt")
            client.socket.shutdown(socket.SHUT_WR)
            self.assertEqual(LARGE, client.answer().body)
            self.assertEqual(HELLO, client.answer().body)
            self.assertTrue(client.ends())

    def test_refusals(self):
        """Each is answered, and the connection ends in order, however much is sent behind."""
        for status, text in (
                (400, "nonsense\r\n\r\n"), (400, "GET / HTTP/1.1\r\n\r\n"), (400, "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
                (400, "GET /\r\n\r\n"), (400, "GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n"), (400, "GET / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n"),
                (400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"),
                (413, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n" + 100_000 * "x"),
                (414, "GET /" + 3000 * "a" + " HTTP/1.1\r\nHost: a\r\n\r\n"), (414, "GET /" + 100_000 * "a"),
                (417, "GET / HTTP/1.1\r\nHost: a\r\nExpect: wonders\r\n\r\n"),
                (431, "GET / HTTP/1.1\r\nHost: a\r\nX: " + 100_000 * "x"), (431, "GET / HTTP/1.1\r\n" + 2000 * "A: bcdefgh\r\n"),
                (501, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n"), (501, 100 * "A"), (505, "GET / HTTP/2.0\r\n\r\n")):
            with self.subTest(status=status, text=text[:60]), self.client() as client:
                client.send(text)
                answer = client.answer()
                self.assertEqual((status, "close"), (answer.status, answer.fields["connection"]))
                self.assertTrue(client.ends())

    def test_errors_that_keep_the_connection(self):
        with self.client() as client:
            for status, path, method in ((404, "/../../etc/passwd", "GET"), (404, "/index.html/", "GET"), (405, "/", "POST"), (405, "*", "OPTIONS"),
                                         (501, "/", "BREW"), (404, "/%2e%2e/hello.txt", "GET"), (200, "http://x/hello.txt", "GET")):
                self.assertEqual(status, client.get(path, method=method).answer().status)
            self.assertEqual(412, client.get("/", 'If-Match: "x"\r\n').answer().status)
            self.assertEqual(304, client.get("/", "If-None-Match: *\r\n").answer().status)
            self.assertEqual(200, client.get("/").answer().status)

    def test_a_thousand_connections_one_after_another(self):
        for _ in range(20):  # what is made once is there
            self.status()
        before = self.settled()
        for _ in range(1000):
            with Client(self.where) as client:
                client.get("/hello.txt", "Connection: close\r\n")
                self.assertEqual(HELLO, client.answer().body)
                self.assertTrue(client.ends())
        after = self.settled()
        self.assertGreaterEqual(after["connections"] - before["connections"], 1000)
        self.no_growth(before)

    def no_growth(self, before):
        """The heap is what it was, once connections that are over are not waited for any more."""
        if not world.leaks_show:
            return
        end = time.monotonic() + LIMIT
        while (now := self.settled()["heap_bytes"]) > before["heap_bytes"]:
            self.assertLess(time.monotonic(), end, f"the heap grew from {before['heap_bytes']} to {now} bytes")
            time.sleep(0.2)

    def test_64_at_once(self):
        before = self.settled()
        with contextlib.ExitStack() as stack:
            clients = self.many(stack, 64)
            for turn in range(20):
                for client in clients:
                    client.get("/hello.txt" if turn % 5 else "/test/4097.bin")
                for client in clients:
                    self.assertEqual(200, client.answer().status)
            self.assertEqual(65, self.status()["connections_open"])
        self.no_growth(before)

    def test_clients_that_break_off(self):
        before = self.settled()
        chance = random.Random(20261127)
        for turn in range(60):
            client = Client(self.where, buffer=4096)
            client.get("/test/large.bin")
            for _ in range(chance.randint(0, 3)):
                client.more()
            if turn % 2:
                client.reset()
            else:
                client.socket.close()
        self.assertEqual(LARGE, self.curl(path="/test/large.bin"))
        self.no_growth(before)

    def test_noise(self):
        before = self.settled()
        chance = random.Random(20261127)
        seeds = [b"GET /hello.txt HTTP/1.1\r\nHost: a\r\n\r\n", b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"]
        for _ in range(300):
            data = bytearray(b"".join(chance.choices(seeds, k=chance.randint(1, 5))))
            for _ in range(chance.randint(0, 6)):
                data[chance.randrange(len(data))] = chance.choice(b"\r\n :/%\0\xff0aZ;") if chance.random() < 0.7 else chance.randrange(256)
            with Client(self.where) as client:
                with contextlib.suppress(OSError):
                    for at in range(0, len(data), cut := chance.randint(1, len(data))):
                        client.send(bytes(data[at:at + cut]))
                    client.socket.shutdown(socket.SHUT_WR)
                    while client.more():
                        pass
                if client.data:
                    self.assertRegex(client.data, rb"\AHTTP/1.1 \d{3} ")
        self.assertEqual(HELLO, self.curl())
        self.no_growth(before)


class Patience(Case):
    arguments = SOON

    def elapsed(self, client):
        begin = time.monotonic()
        with contextlib.suppress(ConnectionResetError):
            while client.more():
                pass
        return time.monotonic() - begin

    def test_a_head_that_does_not_end(self):
        with self.client() as client:
            client.send("GET / HTTP/1.1\r\nHost: a\r\n")
            begin = time.monotonic()
            with contextlib.suppress(OSError):
                while not client.data and time.monotonic() - begin < LIMIT:  # some more, again and again
                    client.send("X: y\r\n")
                    client.socket.settimeout(0.1)
                    with contextlib.suppress(TimeoutError):
                        client.more()
            self.assertTrue(0.9 < time.monotonic() - begin < 5)
            client.socket.settimeout(LIMIT)
            answer = client.answer()
            self.assertEqual((408, "close"), (answer.status, answer.fields["connection"]))

    def test_a_body_that_does_not_end(self):
        with self.client() as client:
            client.get("/", "Content-Length: 10\r\n", method="POST")
            self.assertEqual(405, client.answer().status)
            self.assertTrue(0.8 < self.elapsed(client) < 5)
            self.assertEqual(b"", client.data)

    def test_who_asks_nothing(self):
        with self.client() as client:
            self.assertTrue(0.8 < self.elapsed(client) < 5)
            self.assertEqual(b"", client.data)
        with self.client() as client:
            self.assertEqual(HELLO, client.get("/hello.txt").answer().body)
            self.assertTrue(1.2 < self.elapsed(client) < 6)
            self.assertEqual(b"", client.data)

    def test_who_asks_again_is_waited_for(self):
        with self.client() as client:
            for _ in range(5):
                self.assertEqual(HELLO, client.get("/hello.txt").answer().body)
                time.sleep(0.7)

    def test_who_does_not_read(self):
        with self.client(buffer=4096) as client:
            for _ in range(10):
                client.get("/test/large.bin")
            time.sleep(4)
            self.assertEqual(1, self.settled()["connections_open"])


class Crowd(Case):
    arguments = ("connections=8", "reading=2000")

    def test_who_waits_longest_makes_room(self):
        with contextlib.ExitStack() as stack:
            clients = [stack.enter_context(Client(self.where)) for _ in range(8)]
            for client in clients:
                self.assertEqual(HELLO, client.get("/hello.txt").answer().body)
            more = stack.enter_context(Client(self.where))
            self.assertEqual(HELLO, more.get("/hello.txt").answer().body)
            self.assertTrue(clients[0].ends())
            self.assertEqual(HELLO, clients[7].get("/hello.txt").answer().body)

    def test_while_all_are_busy_others_wait(self):
        with contextlib.ExitStack() as stack:
            clients = [stack.enter_context(Client(self.where)) for _ in range(8)]
            for client in clients:
                client.send("GET /hello.txt HTTP/1.1\r\n")
            time.sleep(0.2)
            begin = time.monotonic()
            late = stack.enter_context(Client(self.where))
            self.assertEqual(HELLO, late.get("/hello.txt").answer().body)
            self.assertGreater(time.monotonic() - begin, 1)
            for client in clients:
                self.assertEqual(408, client.answer().status)


class Forwarded(Case):
    """Through QEMU's own network."""

    @classmethod
    def setUpClass(cls):
        cls.server = world.start(forwarded=True)
        cls.addClassCleanup(cls.server.close)
        cls.where = cls.server.where

    def test_files(self):
        self.assertEqual(HELLO, self.curl())
        self.assertEqual(LARGE, self.curl(path="/test/large.bin"))
        with self.client() as client:
            for _ in range(500):
                self.assertEqual(HELLO, client.get("/hello.txt").answer().body)


class SixthVersion(Case):
    def test_version_6(self):
        self.where = (world.six, self.where[1])
        self.assertEqual(HELLO, self.curl("--globoff", "--retry", "5", "--retry-connrefused"))


class Ends(Case):
    @classmethod
    def setUpClass(cls):
        """Each has its own server."""

    def setUp(self):
        self.server = world.start()
        self.where = self.server.where

    def tearDown(self):
        self.server.close()

    def test_it_stops_in_order(self):
        with self.client() as client:
            self.assertEqual(HELLO, client.get("/hello.txt").answer().body)
            status, out = self.server.stop()
            self.assertEqual(0, status, out)
            self.assertIn("http-server: 1 requests, 1 connections, 0 open\n", out)
            self.assertTrue(client.ends())

    def test_it_stops_right_behind_an_answer(self):
        """Before it waits again, or just then."""
        for _ in range(20):
            with self.client() as client:
                self.assertEqual(HELLO, client.get("/hello.txt").answer().body)
                self.assertEqual(0, self.server.stop()[0])
            self.tearDown()
            self.setUp()


if __name__ == "__main__":
    kind = sys.argv.pop(1)
    make, count = {"tap": (Tap, 2), "passt": (Passt, 2), "program": (Program, 0), "machine": (Machine, 3)}[kind]
    world = make(*(sys.argv.pop(1) for _ in range(count)))
    if kind == "machine":
        del Ends  # nobody can ask these to stop
    else:
        del Forwarded
    try:
        done = unittest.main(exit=False).result.wasSuccessful()
    finally:
        world.close()
    sys.exit(0 if done else 1)
