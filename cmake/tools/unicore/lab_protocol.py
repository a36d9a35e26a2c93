# SPDX-License-Identifier: BSD-3-Clause
"""How a test and the agent in the dom0 (lab/agent) talk over a serial line.

The agent says `ready` once. A request is a line `NUMBER SECONDS BASE64`: a shell script, and how long it
may run. Its answer: `begin NUMBER`, lines of BASE64 with what it printed, in gzip's format, `end NUMBER
STATUS`. An emulated serial line carries some 10 KB/s.
"""
from __future__ import annotations

import base64
import gzip
import zlib
from dataclasses import dataclass
from typing import List, Optional

KILLED = 137  # the status of a script that ran too long


@dataclass(frozen=True)
class Answer:
    """What came of a script. `status` is as the shell has it; its two outputs come as one."""

    number: int
    status: int
    output: bytes

    @property
    def text(self) -> str:
        """The output as text."""
        return self.output.decode("utf-8", "replace")


def request(number: int, limit: float, script: str) -> bytes:
    """The line that asks for `script`, which is ended after `limit` seconds."""
    return b"%d %d %s\n" % (number, max(1, round(limit)), base64.b64encode(script.encode()))


class Listener:
    """Makes answers out of what comes over the line. What fits nowhere is left out: a request that has
    no answer meets its deadline."""

    def __init__(self) -> None:
        self.ready = False
        self._partial = b""
        self._number: Optional[int] = None
        self._body: List[bytes] = []

    def feed(self, data: bytes) -> List[Answer]:
        """Takes the next bytes; returns the answers that are complete with them."""
        *lines, self._partial = (self._partial + data).split(b"\n")
        return [answer for line in lines for answer in self._line(line.strip())]

    def _line(self, line: bytes) -> List[Answer]:
        words = line.split(b" ")
        if line == b"ready":
            self.ready = True
        elif words[0] == b"begin" and len(words) == 2 and words[1].isdigit():
            self._number, self._body = int(words[1]), []
        elif words[0] == b"end" and len(words) == 3 and words[1].isdigit() and words[2].isdigit():
            number, self._number = self._number, None
            if number == int(words[1]):
                try:
                    output = gzip.decompress(base64.b64decode(b"".join(self._body), validate=True))
                    return [Answer(number, int(words[2]), output)]
                except (ValueError, EOFError, OSError, zlib.error):
                    pass
        elif self._number is not None:
            self._body.append(line)
        return []
