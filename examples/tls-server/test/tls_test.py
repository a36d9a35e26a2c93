# SPDX-License-Identifier: BSD-3-Clause
"""tls_test.py CERTIFICATES tap IMAGES ARCHITECTURE | machine TREE ARCHITECTURE pci|mmio, and unittest's options: the web server over
TLS against curl, openssl and python's ssl, and against clients that do not know TLS. The folder has ca.pem, which they trust."""
import contextlib
import os
import random
import re
import select
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "http-server" / "test"))

import server_test as http  # noqa: E402  (the path comes first)
from server_test import HELLO, LARGE, LIMIT, SOON  # noqa: E402
from worlds import Machine, Tap  # noqa: E402

NAME, PORT = "unicore.test", 443
PACE = 0.02  # seconds: who comes sooner waits for one behind QEMU's network, which accepts one at a time
SUITES = ("ECDHE-ECDSA-CHACHA20-POLY1305", "ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384")
authority = None


class World:
    """Where http-server's tests find this server instead: one at a time, for all who want the same in a row."""

    leaks_show = True

    def __init__(self, inner):
        self.inner = inner
        self.options = {"forwarded": True} if isinstance(inner, Machine) else {}
        self.server, self.wanted = None, None

    def start(self, *arguments, **options):
        if (arguments, options) != self.wanted:
            self.stop()
            self.server = self.inner.start(*arguments, image="tls-server-test", port=PORT, ready="tls-server: port ",
                                           **self.options, **options)
            self.wanted = (arguments, options)
            os.set_blocking(self.server.process.stdout.fileno(), False)
            self.server.said = ""
        return self.server

    def stop(self):
        if self.server:
            self.server.close()
        self.server = None

    def close(self):
        self.stop()
        self.inner.close()


def context():
    made = ssl.create_default_context(cafile=authority)
    made.set_alpn_protocols(["http/1.1"])
    return made


class Client(http.Client):
    """One that sees to it that the end is told, as TLS does. [RFC 5246, 7.2.1]"""

    def __init__(self, where, buffer=None, made=None, session=None):
        super().__init__(where, buffer)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # a request does not wait for the handshake's last ack
        self.socket = (made or context()).wrap_socket(self.socket, server_hostname=NAME, suppress_ragged_eofs=False, session=session)


class Case(http.Case):
    options = {}

    @classmethod
    def setUpClass(cls):
        cls.server = http.world.start(*cls.arguments, **cls.options)
        cls.where = cls.server.where

    def curl(self, *arguments, path="/hello.txt", status=0, name=NAME):
        resolve = f"{name}:{self.where[1]}:{self.where[0]}"
        done = subprocess.run(["curl", "--silent", "--show-error", "--max-time", str(LIMIT), "--cacert", authority, "--resolve", resolve,
                               *arguments, f"https://{name}:{self.where[1]}{path}"], capture_output=True, timeout=2 * LIMIT)
        self.assertEqual(status, done.returncode, done.stderr.decode())
        return done.stdout

    def openssl(self, *arguments, text=b"", status=0):
        """What openssl's client says. Its input ends with the session, so that it reads what comes before it leaves."""
        done = subprocess.run(["openssl", "s_client", "-connect", f"{self.where[0]}:{self.where[1]}", "-CAfile", authority,
                               "-verify_return_error", *arguments], input=text, capture_output=True, timeout=LIMIT)
        out = (done.stdout + done.stderr).decode(errors="replace")
        self.assertEqual(status, done.returncode, out)
        return out

    def plain(self):
        """A connection without TLS."""
        raw = socket.create_connection(self.where, timeout=LIMIT)
        self.addCleanup(raw.close)
        return raw

    def hello(self, **options):
        """A client's hello, as bytes, and what would go on behind it."""
        made = context()
        for name, value in options.items():
            setattr(made, name, value)
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        session = made.wrap_bio(incoming, outgoing, server_hostname=NAME)
        with contextlib.suppress(ssl.SSLWantReadError):
            session.do_handshake()
        return outgoing.read()

    def says(self, pattern):
        """Waits for a line of the server's, and takes what was said up to it."""
        self.assertTrue(self.said(pattern, LIMIT), f"no {pattern} in {self.server.said}")

    def said(self, pattern, seconds):
        """Whether such a line comes so soon."""
        end = time.monotonic() + seconds
        while not (found := re.search(pattern, self.server.said, re.MULTILINE)):
            if not select.select([self.server.process.stdout], [], [], max(0, end - time.monotonic()))[0]:
                return False
            piece = self.server.process.stdout.read()
            self.assertTrue(piece, f"the server has ended: {self.server.said}")
            self.server.said += piece.decode(errors="replace")
        self.server.said = self.server.said[found.end():]
        return True

    def rest(self, raw):
        """What comes back until the end, or until it is broken off."""
        data = b""
        with contextlib.suppress(ConnectionResetError):
            while piece := raw.recv(65536):
                data += piece
        return data

    def answer_to(self, data):
        """What comes back for bytes and their end, until the server ends it or breaks it off, whenever that is."""
        with self.plain() as raw:
            with contextlib.suppress(OSError):
                raw.sendall(data)
                raw.shutdown(socket.SHUT_WR)
            return self.rest(raw)

    def alive(self):
        self.assertEqual(HELLO, self.curl())

    def no_growth(self, before):
        """The key's numbers grow by a word now and then, until they are as long as they can be; who leaks does it each time."""
        http.Raw.no_growth(self, {**before, "heap_bytes": before["heap_bytes"] + 512})


class Files(Case):
    def test_every_page(self):
        for path in (http.HERE.parent / "site").iterdir():
            self.assertEqual(path.read_bytes(), self.curl(path="/" + path.name))
        self.assertEqual(LARGE, self.curl(path="/test/large.bin"))

    def test_what_is_no_page(self):
        for path in ("/tls/key.pem", "/key.pem", "/../tls/key.pem", "/%2e%2e/tls/key.pem", "/site/hello.txt", "/y.pem"):
            self.assertIn(b"404 Not Found", self.curl("--path-as-is", path=path))

    def test_a_connection_is_kept(self):
        out = self.curl("--output", "/dev/null", "--output", "/dev/null",
                        "--write-out", "%{num_connects} %{http_code} %{ssl_verify_result}\n", f"https://{NAME}:{self.where[1]}/nothing", path="/hello.txt")
        self.assertEqual(b"1 404 0\n0 200 0\n", out)

    def test_many_at_once(self):
        with tempfile.NamedTemporaryFile("w") as urls:
            for _ in range(31):
                urls.write(f"url = https://{NAME}:{self.where[1]}/hello.txt\noutput = /dev/null\n")
            urls.flush()
            out = self.curl("--http1.1", "--parallel", "--parallel-max", "16", "--parallel-immediate", "--config", urls.name,
                            "--write-out", "%{http_code} %{size_download}\n", "--output", "/dev/null")
        self.assertEqual(32 * [b"200 131"], out.splitlines())

    def test_requests_at_once_and_byte_by_byte(self):
        with self.client() as client:
            for _ in range(20):
                client.get("/hello.txt")
            client.get("/test/large.bin")
            for _ in range(20):
                self.assertEqual(HELLO, client.answer().body)
            self.assertEqual(LARGE, client.answer().body)
            for byte in b"GET /hello.txt HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n":
                client.send(bytes((byte,)))  # a record each
            self.assertEqual(HELLO, client.answer().body)
            self.assertTrue(client.ends())

    def test_a_reader_that_takes_its_time(self):
        with self.client(buffer=4096) as client:
            for path in ("/test/large.bin", "/hello.txt"):
                client.get(path)
            time.sleep(0.3)
            for body in (LARGE, HELLO):
                self.assertEqual(body, client.answer().body)

    def test_refusals_are_answered_and_end_in_order(self):
        for status, text in ((400, "nonsense\r\n\r\n"), (414, "GET /" + 20_000 * "a"),
                             (431, "GET / HTTP/1.1\r\nHost: a\r\nX: " + 20_000 * "x")):
            with self.subTest(status=status), self.client() as client:
                client.send(text)
                self.assertEqual(status, client.answer().status)
                self.assertTrue(client.ends())


class Handshakes(Case):
    def test_what_is_agreed_on(self):
        for suite in SUITES:
            out = self.openssl("-cipher", suite, "-servername", NAME, "-verify_hostname", NAME, "-alpn", "h2,http/1.1")
            for line in (rf"New, TLSv1\.2, Cipher is {suite}", r"Verify return code: 0 \(ok\)", r"ALPN protocol: http/1\.1",
                         r"Extended master secret: yes", r"Server Temp Key: ECDH, prime256v1"):
                self.assertRegex(out, line)

    def test_what_is_too_old_or_too_weak(self):
        old = ("-cipher", "DEFAULT@SECLEVEL=0")
        for words, alert, reason in (
                (("-tls1", *old), "protocol version", "the client does not know TLS 1.2"),
                (("-tls1_1", *old), "protocol version", "the client does not know TLS 1.2"),
                (("-cipher", "AES128-GCM-SHA256"), "handshake failure", "no cipher suite in common"),
                (("-cipher", "ECDHE-ECDSA-AES128-SHA256"), "handshake failure", "no cipher suite in common"),
                (("-cipher", "ECDHE-RSA-AES128-GCM-SHA256"), "handshake failure", "no cipher suite in common"),
                (("-tls1_3",), "handshake failure", "no cipher suite in common"),
                (("-groups", "P-384"), "handshake failure", "no cipher suite in common"),
                (("-alpn", "h2"), "no application protocol", None)):
            with self.subTest(words=words):
                self.assertIn(f"alert {alert}", self.openssl(*words, status=1))
                if reason:
                    self.says(rf"^tls-server: [\d.]+:\d+: no handshake: {reason}$")
        self.alive()

    def test_clients_that_trust_nobody(self):
        with tempfile.TemporaryDirectory() as folder:
            script = Path(__file__).resolve().parents[3] / "components" / "crypto" / "mbedtls" / "make_certificates.py"
            subprocess.run([sys.executable, script, "ec", folder, NAME], check=True)
            self.curl("--cacert", folder + "/ca.pem", status=60)
        self.says(r"no handshake: the client refuses: unknown authority \(48\)$")
        self.curl("--cacert", "/dev/null", status=77)

    def test_clients_that_want_somebody_else(self):
        self.curl(name="unicore.example", status=60)
        self.assertIn("verify error", self.openssl("-verify_hostname", "unicore.example", status=1))
        self.says(r"no handshake: the client refuses: bad certificate \(42\)$")
        self.assertEqual(HELLO, self.curl(name="localhost"))

    def test_a_session_is_taken_up_again(self):
        with tempfile.TemporaryDirectory() as folder:
            self.assertIn("\nNew, TLSv1.2", self.openssl("-sess_out", folder + "/session"))
            self.assertIn("\nReused, TLSv1.2", self.openssl("-sess_in", folder + "/session"))

    def test_nothing_is_negotiated_anew(self):
        with subprocess.Popen(["openssl", "s_client", "-connect", f"{self.where[0]}:{self.where[1]}", "-CAfile", authority],
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as client:
            while b"Verify return code" not in client.stdout.readline():
                pass
            client.stdin.write(b"R\n")
            client.stdin.flush()
            out = client.communicate(timeout=LIMIT)[0].decode(errors="replace")
        self.assertRegex(out, "no renegotiation|unexpected message")
        self.alive()


class Rubbish(Case):
    arguments = SOON

    def test_what_is_no_tls(self):
        for text in (b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", bytes(100), 100 * b"\xff", b"\x16\x03\x01\xff\xff" + bytes(70_000),
                     b"\x80\x2e\x01\x00\x02" + bytes(40)):
            self.answer_to(text)
        self.says(r"no handshake: what came is no hello of a client$")
        self.alive()

    def test_hellos_that_are_cut_off(self):
        hello = self.hello()
        for size in (0, 1, 4, 5, 6, 40, 100, len(hello) - 1):
            self.assertNotIn(b"HTTP", self.answer_to(hello[:size]))
        self.says(r"no handshake: the client left$")
        with self.plain() as raw:  # behind the hello: the server has answered, and waits
            raw.sendall(hello)
            self.assertTrue(raw.recv(1))
        self.alive()

    def test_hellos_with_changed_bytes(self):
        before = self.settled()
        hello = self.hello()
        chance = random.Random(20261127)
        for _ in range(60):
            data = bytearray(hello)
            for _ in range(chance.randint(1, 4)):
                data[chance.randrange(len(data))] = chance.choice((0, 255, chance.randrange(256)))
            self.answer_to(data)
        self.alive()
        self.no_growth(before)

    def test_records_with_changed_bytes(self):
        """Behind a handshake that was in order."""
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        session = context().wrap_bio(incoming, outgoing, server_hostname=NAME)
        with self.plain() as raw:
            while True:
                try:
                    session.do_handshake()
                    break
                except ssl.SSLWantReadError:
                    raw.sendall(outgoing.read())
                    incoming.write(raw.recv(65536))
            raw.sendall(outgoing.read())
            session.write(b"GET /hello.txt HTTP/1.1\r\nHost: a\r\n\r\n")
            record = bytearray(outgoing.read())
            record[20] ^= 1
            raw.sendall(record)
            incoming.write(self.rest(raw))
            with self.assertRaisesRegex(ssl.SSLError, "BAD_RECORD_MAC"):
                session.read(1000)
        self.says(r"no session any more: a record that was changed on its way$")
        self.alive()

    def test_who_says_nothing(self):
        begin = time.monotonic()
        with self.plain() as raw:
            self.assertEqual(b"", self.rest(raw))
        self.assertTrue(0.8 < time.monotonic() - begin < 5)
        self.says(r"no handshake: not over in time$")

    def test_who_says_it_slowly(self):
        hello = self.hello()
        begin = time.monotonic()
        with self.plain() as raw, contextlib.suppress(OSError):
            for byte in hello:
                raw.sendall(bytes((byte,)))
                time.sleep(0.1)
        self.assertTrue(0.8 < time.monotonic() - begin < 5)
        self.says(r"no handshake: not over in time$")

    def test_who_asks_nothing_later(self):
        with self.client() as client:
            begin = time.monotonic()
            self.assertTrue(client.ends())
            self.assertTrue(1.2 < time.monotonic() - begin < 6)

    def test_lines_are_limited(self):
        for _ in range(60):
            self.answer_to(b"GET / HTTP/1.0\r\n\r\n")
        time.sleep(1)
        self.answer_to(b"GET / HTTP/1.0\r\n\r\n")
        self.says(r"^tls-server: \d+ more lines like these$")


class Heap(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with contextlib.ExitStack() as stack:  # descriptors have a table that grows, and stays
            for _ in range(40):
                stack.enter_context(socket.create_connection(cls.where, timeout=LIMIT))
                time.sleep(PACE)

    def test_a_hundred_connections_one_after_another(self):
        for _ in range(3):  # what is made once is there
            self.alive()
        before = self.settled()
        made, session = context(), None
        for number in range(100):  # most of them with a ticket, which takes a fraction of the time
            with Client(self.where, None, made, session if number % 4 else None) as client:
                self.assertEqual(number % 4 != 0, client.socket.session_reused)
                session = client.socket.session
                client.get("/hello.txt", "Connection: close\r\n")
                self.assertEqual(HELLO, client.answer().body)
                self.assertTrue(client.ends())
        after = self.settled()
        self.assertGreaterEqual(after["handshakes"] - before["handshakes"], 100)
        self.assertEqual(before["handshakes_failed"], after["handshakes_failed"])
        self.no_growth(before)

    def test_clients_that_break_off(self):
        before = self.settled()
        hello = self.hello()
        for turn in range(16):
            with self.plain() as raw, contextlib.suppress(OSError):
                raw.sendall(hello[:random.Random(turn).randrange(len(hello) + 1)])
                time.sleep(PACE)
        for turn in range(4):
            with Client(self.where, buffer=4096) as client:
                client.get("/test/large.bin").more()
                if turn % 2:
                    client.reset()
        self.alive()
        self.no_growth(before)


class Memory(Case):
    """More clients than there is memory for: some are refused, and told of, and the others are served."""

    arguments = ("connections=500", "idle=60000", "reading=60000")
    options = {"memory": 6}

    def test_there_is_none_left(self):
        self.crowd()  # descriptors have a table that grows, and stays
        self.says(r"no handshake: no memory$")
        before = self.settled()
        self.crowd()
        # How many come in before memory is out differs, and the table with it, but not by a session.
        before["heap_bytes"] += 8192
        self.alive()
        self.no_growth(before)

    def crowd(self):
        """As many clients as there is memory for, and no more: others would wait long for TCP."""
        clients = []
        with contextlib.ExitStack() as stack:
            for _ in range(400):
                clients.append(stack.enter_context(socket.create_connection(self.where, timeout=LIMIT)))
                if select.select(clients, [], [], PACE)[0]:  # nobody speaks before the client but who refuses it
                    return
        self.fail("there is memory for 400 clients")


if __name__ == "__main__":
    authority = str(Path(sys.argv.pop(1), "ca.pem").resolve())
    make, count = {"tap": (Tap, 2), "machine": (Machine, 3)}[sys.argv.pop(1)]
    if make is Tap:
        Memory.options = {"memory": 3}  # the image's own is not counted there
    http.world, http.Client = World(make(*(sys.argv.pop(1) for _ in range(count)))), Client
    try:
        done = unittest.main(exit=False).result.wasSuccessful()
    finally:
        http.world.close()
    sys.exit(0 if done else 1)
