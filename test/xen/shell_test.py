# SPDX-License-Identifier: BSD-3-Clause
"""`unicore.sh lab shell`, with somebody typing at it."""
from __future__ import annotations

import subprocess
import sys
import threading
import unittest
from typing import List

from lab_case import arguments, main

PROMPT = b"/images # "
TYPED = ["ls", "xl create -q hello.cfg && sleep 2 && cat /var/log/xen/console/guest-hello.log", "exit"]


class Shell(unittest.TestCase):
    def test_shell(self) -> None:
        """The images are there, and xl creates a domain of one."""
        line = [sys.executable, "-B", str(arguments.unicore / "cmake/tools/unicore.py"), "--tree", str(arguments.tree),
                "lab", "shell", "hello"]
        child = subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.addCleanup(child.wait)
        limit = threading.Timer(120.0, child.terminate)
        self.addCleanup(limit.cancel)
        limit.start()
        assert child.stdin and child.stdout
        self.addCleanup(child.stdin.close)
        self.addCleanup(child.stdout.close)
        text, waiting = b"", list(TYPED)
        answers: List[bytes] = []
        while True:
            data = child.stdout.read1(4096)
            if not data:
                break
            text += data
            while waiting and PROMPT in text:
                answer, _, text = text.partition(PROMPT)
                answers.append(answer)
                child.stdin.write(waiting.pop(0).encode() + b"\n")
                child.stdin.flush()
        self.assertEqual(len(answers), len(TYPED), text)
        self.assertRegex(answers[1], rb"(?m)^hello\s+hello\.cfg\s*$")
        self.assertRegex(answers[2], rb"(?m)^Hello from Unicore!\s*$")
        self.assertEqual(child.wait(30), 0)


if __name__ == "__main__":
    main()
