# SPDX-License-Identifier: BSD-3-Clause
"""What an image says: its console as bytes to show and as lines to understand."""
from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Callable, Optional

_STATUS = re.compile(rb"^unicore: exit status=(\d{1,3})(?: \((.*)\))?$")
_LONGEST_LINE = 65536


@dataclass(frozen=True)
class Status:
    """The image's last words: `unicore: exit status=N (reason)`."""

    code: int
    reason: str = ""


def parse_status(line: bytes) -> Optional[Status]:
    """The status in `line` (without its end), or None when it is no status line."""
    found = _STATUS.match(line)
    if not found or int(found[1]) > 255:
        return None
    return Status(int(found[1]), (found[2] or b"").decode("utf-8", "replace"))


class Console:
    """Passes console bytes on as they come and keeps the last status line.

    A serial line ends in CR LF: such a CR is dropped, any other stays. `show` gets the bytes,
    `line` each complete line without its end, after its bytes were shown.

    Where firmware and loader write to the same line, what they say up to a line that matches `after`
    is held back, and comes out when no such line does.
    """

    def __init__(self, show: Callable[[bytes], None], line: Callable[[bytes], None] = lambda _: None,
                 after: Optional["re.Pattern[bytes]"] = None) -> None:
        self._show = show
        self._line = line
        self._held_cr = False
        self._partial = bytearray()
        self.status: Optional[Status] = None
        self.bytes_seen = 0
        self._after = after
        self._held = b""

    def feed(self, data: bytes) -> None:
        """Takes the next bytes of the console."""
        if not data:
            return
        self.bytes_seen += len(data)
        if self._after:
            self._held += data
            found = self._after.search(self._held)
            if not found:
                return
            data, self._after = self._held[found.end():], None
            if not data:
                return
        if self._held_cr:
            data = b"\r" + data
        self._held_cr = data.endswith(b"\r")
        if self._held_cr:
            data = data[:-1]
        data = data.replace(b"\r\n", b"\n")
        pieces = data.split(b"\n")
        for piece in pieces[:-1]:
            self._show(piece + b"\n")
            self._partial += piece
            self._complete()
        if pieces[-1]:
            self._show(pieces[-1])
            self._partial += pieces[-1]
            if len(self._partial) > _LONGEST_LINE:
                del self._partial[_LONGEST_LINE:]

    def close(self) -> None:
        """The console has ended: what is held back comes out, an unfinished line counts as one."""
        if self._after:
            self._after = None
            self.feed(self._held)
        if self._held_cr:
            self._held_cr = False
            self._show(b"\r")
        if self._partial:
            self._complete()

    def _complete(self) -> None:
        line = bytes(self._partial)
        self._partial.clear()
        self.status = parse_status(line) or self.status
        self._line(line)
