# SPDX-License-Identifier: BSD-3-Clause
"""The lab's conversation with a dom0: protocol, a session against a stand-in, what xl and Xen print."""
from __future__ import annotations

import base64
import gzip
import sys
import textwrap
import time
import unittest
from pathlib import Path
from typing import List
from unittest import mock

TOOLS = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TOOLS))

from unicore import lab_session  # noqa: E402  (the path comes first)
from unicore.failure import Failure  # noqa: E402
from unicore.lab_domains import configured, literal, parse_ends, parse_free, parse_list, parse_pages  # noqa: E402
from unicore.lab_protocol import Answer, Listener, request  # noqa: E402
from unicore.lab_session import LabError, Session  # noqa: E402

# In place of QEMU: the console on standard output, and lab/agent's part on the socket.
STAND_IN = textwrap.dedent("""
    import base64, gzip, socket, subprocess, sys
    print("a console line\\r", flush=True)
    line = socket.socket(socket.AF_UNIX)
    line.connect(sys.argv[1])
    line.sendall(b"noise\\nready\\n")
    lines = line.makefile("rb")
    for text in lines:
        if not text.strip():
            continue
        number, limit, script = text.split()
        if base64.b64decode(script) == b"echo stood still":
            assert lines.readline() == b"\\n"
        if base64.b64decode(script) == b"vanish":
            sys.exit("QEMU has had enough")
        done = subprocess.run(["timeout", "-s", "KILL", limit.decode(), "sh", "-c", base64.b64decode(script)],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, cwd="/")
        status = 137 if done.returncode == -9 else done.returncode
        body = base64.encodebytes(gzip.compress(done.stdout))
        line.sendall(b"begin %s\\n%send %s %d\\n" % (number, body, number, status))
""")


def body(text: bytes) -> bytes:
    """What an answer carries."""
    return base64.encodebytes(gzip.compress(text))


class Protocol(unittest.TestCase):
    def test_request(self) -> None:
        number, seconds, script = request(7, 2.4, "echo ä\nexit 3").split(b" ")
        self.assertEqual((number, seconds, base64.b64decode(script).decode()), (b"7", b"2", "echo ä\nexit 3"))
        self.assertEqual(request(1, 0.1, "x").split(b" ")[1], b"1")

    def test_answers(self) -> None:
        """However the bytes come in pieces."""
        text = b"junk\r\nready\r\nbegin 1\r\n" + body(b"x" * 500) + b"end 1 0\nbegin 2\nend 2 9\n"
        text = text.replace(b"begin 2\n", b"begin 2\n" + body(b""))
        for size in (1, 7, len(text)):
            listener, answers = Listener(), []
            for at in range(0, len(text), size):
                answers += listener.feed(text[at:at + size])
            self.assertTrue(listener.ready)
            self.assertEqual(answers, [Answer(1, 0, b"x" * 500), Answer(2, 9, b"")])

    def test_damage(self) -> None:
        """Is no answer, and does not harm the next."""
        good = b"begin 5\n" + body(b"good") + b"end 5 0\n"
        for bad in (b"begin 4\n!!!\nend 4 0\n", b"begin 4\n" + body(b"bad")[:20] + b"\nend 4 0\n", b"end 4 0\n",
                    b"begin 4\n" + body(b"bad") + b"end 3 0\n", b"begin 4\n" + body(b"bad"), b"end\n", b"begin x\n"):
            with self.subTest(bad):
                self.assertEqual(Listener().feed(bad + good), [Answer(5, 0, b"good")])


class Conversation(unittest.TestCase):
    """A session with a stand-in for the machine."""

    def session(self, program: str = STAND_IN, **more: float) -> Session:
        def command(serial: List[str], *_: object) -> List[str]:
            return [sys.executable, "-c", program, serial[1].partition(":")[2]]

        for name, stand_in in (("command", command), ("prepare", lambda *_: None)):
            patch = mock.patch.object(lab_session, name, stand_in)
            patch.start()
            self.addCleanup(patch.stop)
        return Session(**more)  # type: ignore[arg-type]

    def test_scripts(self) -> None:
        with self.session() as dom0:
            answer = dom0.run("echo out; echo err >&2; exit 3")
            self.assertEqual((answer.status, answer.text), (3, "out\nerr\n"))
            self.assertEqual(dom0.check("printf 'a b'"), "a b")
            with self.assertRaisesRegex(LabError, "(?s)'false' failed with status 1.*a console line$"):
                dom0.check("false")
            self.assertEqual(dom0.log, "a console line\n")

    def test_machine_that_stands_still(self) -> None:
        """Until an interrupt comes: it is nudged."""
        with mock.patch.object(lab_session, "_NUDGE", 0.2), self.session() as dom0:
            self.assertEqual(dom0.check("echo stood still", timeout=10), "stood still\n")

    def test_files(self) -> None:
        with self.session() as dom0:
            path = f"{dom0.check('mktemp -d').strip()}/new folder/x"
            content = bytes(range(256)) * 20
            dom0.put(path, content)
            self.assertEqual(dom0.get(path), content)
            dom0.check(f"rm '{path}'")
            with self.assertRaisesRegex(LabError, "No such file"):
                dom0.get(path)

    def test_deadlines(self) -> None:
        with self.session() as dom0:
            with self.assertRaisesRegex(LabError, "(?s)'echo a; sleep 60' was ended after 1 s.*printed:\na\n"):
                dom0.run("echo a; sleep 60", timeout=1)
            self.assertEqual(dom0.check("echo still there"), "still there\n")
            begin = time.monotonic()
            with self.assertRaisesRegex(LabError, "after 0.3 s: it is not so"):
                dom0.wait_until(lambda: False, 0.3, lambda: "it is not so")
            self.assertLess(time.monotonic() - begin, 5)

    def test_machine_that_ends(self) -> None:
        with self.session() as dom0:
            with self.assertRaisesRegex(LabError, "(?s)ended while waiting for 'vanish'.*QEMU has had enough"):
                dom0.run("vanish")

    def test_machine_that_never_comes_up(self) -> None:
        mute = "import socket, sys, time; s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]); time.sleep(60)"
        session = self.session(mute, boot_timeout=0.5)
        with self.assertRaisesRegex(LabError, "waited 0.5 s for the dom0 to come up"):
            session.__enter__()
        self.assertIsNotNone(session._child.poll(), "it was left behind")

    def test_limit(self) -> None:
        with self.session(limit=1.0) as dom0:
            with self.assertRaisesRegex(LabError, "QEMU ended after 1 s"):
                dom0.run("sleep 30")

    def test_ends_with_its_user(self) -> None:
        """Whatever happens to the test, the machine does not outlive it."""
        with self.session() as dom0:
            child = dom0._child
            self.assertIsNone(child.poll())
        self.assertIsNotNone(child.poll())


class Domains(unittest.TestCase):
    def test_list(self) -> None:
        found = parse_list("Name                                        ID   Mem VCPUs\tState\tTime(s)\n"
                           "Domain-0                                     0   384     1     r-----       5.3\n"
                           "cpv                                          5     4     1     ---sc-       0.0\n")
        self.assertEqual({name: (domain.id, domain.memory, domain.state) for name, domain in found.items()},
                         {"Domain-0": (0, 384, "r-----"), "cpv": (5, 4, "---sc-")})

    def test_ends(self) -> None:
        self.assertEqual(parse_ends("Waiting for domain x (domid 3) to die [pid 1]\n"
                                    "Domain 3 has shut down, reason code 1 0x1\nDone. Rebooting now\n"
                                    "Domain 4 has shut down, reason code 3 0x3\n"), [(3, 1), (4, 3)])

    def test_free(self) -> None:
        self.assertEqual(parse_free("Dom heap: 1kB free\n(XEN) [ 1.2]     Dom heap: 641512kB free\n"), 641512)
        with self.assertRaises(LabError):
            parse_free("")

    def test_pages(self) -> None:
        text = "".join(f"(XEN) [ 2.1] General information for domain {number}:\n(XEN) [ 2.2]     refcnt=3 dying=0\n"
                       f"(XEN) [ 2.2]     nr_pages={count} xenheap_pages=2 dirty_cpus={{}} max_pages=2304\n--\n"
                       for number, count in ((0, 98304), (1, 2047), (11, 7), (1, 1791)))
        self.assertEqual([parse_pages(text, number) for number in (0, 1, 11)], [98304, 1791, 7])
        text += "General information for domain 2:\nGeneral information for domain 3:\nnr_pages=1"
        for missing in (2, 111):
            with self.assertRaises(LabError):
                parse_pages(text, missing)

    def test_configuration(self) -> None:
        text = 'name = "a"\nkernel="/x"\nkernels = 1\nextra = "a=b"\n'
        self.assertEqual(configured(text, {"kernel": "/images/a", "memory": 4}),
                         'name = "a"\nkernels = 1\nextra = "a=b"\nkernel = "/images/a"\nmemory = 4\n')
        self.assertEqual([literal(4), literal("a b"), literal('say "x"')], ["4", '"a b"', "'say \"x\"'"])
        with self.assertRaises(Failure):
            literal("\"'")


if __name__ == "__main__":
    unittest.main()
