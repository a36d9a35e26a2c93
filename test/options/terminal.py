# SPDX-License-Identifier: BSD-3-Clause
"""A terminal for a program that draws on one: types keys and knows what the screen shows.

It is a VT52, the simplest that curses knows: [DEC VT52 maintenance manual, EK-VT5X-MM-002].
"""
from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import termios
import time
from typing import Callable, Dict, List

ROWS, COLUMNS = 40, 120
ESCAPE = "\x1b"


class Screen:
    """What is on the screen, kept up to date with what the program sends."""

    def __init__(self) -> None:
        self.lines: List[List[str]] = [[" "] * COLUMNS for _ in range(ROWS)]
        self.row = self.column = 0
        self._pending = ""

    @property
    def text(self) -> str:
        return "\n".join("".join(line).rstrip() for line in self.lines)

    def feed(self, data: str) -> None:
        """Takes output; an escape sequence may come in two parts."""
        data = self._pending + data
        at = 0
        while at < len(data):
            length = (4 if data[at + 1:at + 2] == "Y" else 2) if data[at] == ESCAPE else 1
            if at + length > len(data):
                break
            self._one(data[at:at + length])
            at += length
        self._pending = data[at:]

    def _one(self, what: str) -> None:
        if what[0] == ESCAPE:
            self._escape(what)
        elif what == "\r":
            self.column = 0
        elif what == "\b":
            self._move(0, -1)
        elif what == "\t":
            self._move(0, 8 - self.column % 8)
        elif what == "\n":
            if self.row == ROWS - 1:
                self.lines = [*self.lines[1:], [" "] * COLUMNS]
            self._move(1, 0)
        elif what >= " ":
            self.lines[self.row][self.column] = what
            self._move(0, 1)

    def _escape(self, what: str) -> None:
        moves = {"A": (-1, 0), "B": (1, 0), "C": (0, 1), "D": (0, -1), "I": (-1, 0), "H": (-ROWS, -COLUMNS)}
        if what[1] in moves:
            self._move(*moves[what[1]])
        elif what[1] == "Y":
            self.row = min(ord(what[2]) - 32, ROWS - 1)
            self.column = min(ord(what[3]) - 32, COLUMNS - 1)
        elif what[1] in "JK":
            self.lines[self.row][self.column:] = [" "] * (COLUMNS - self.column)
            if what[1] == "J":
                for row in range(self.row + 1, ROWS):
                    self.lines[row] = [" "] * COLUMNS

    def _move(self, rows: int, columns: int) -> None:
        self.row = min(max(self.row + rows, 0), ROWS - 1)
        self.column = min(max(self.column + columns, 0), COLUMNS - 1)


class Terminal:
    """A program on a terminal of its own. Use it in a `with`: nothing stays behind."""

    def __init__(self, command: List[str], environment: Dict[str, str]) -> None:
        self.screen = Screen()
        self.process, self._terminal = pty.fork()
        if self.process == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
            os.execvpe(command[0], command, {**environment, "TERM": "vt52", "ESCDELAY": "25"})

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._terminal)  # hangs up, which ends the program
        if self.process:
            os.waitpid(self.process, 0)

    def type(self, keys: str) -> None:
        os.write(self._terminal, keys.encode())

    def until(self, shows: Callable[[str], bool], what: str, seconds: float = 60) -> str:
        """The text of the screen as soon as `shows` says that it is right. Errors: TimeoutError, with the screen."""
        return self._read(lambda: shows(self.screen.text), what, seconds)

    def see(self, *texts: str, seconds: float = 60) -> str:
        """Waits until all of `texts` are on the screen."""
        return self.until(lambda shown: all(text in shown for text in texts), " and ".join(map(repr, texts)), seconds)

    def status(self, seconds: float = 60) -> int:
        """Waits for the end of the program, and returns its exit status."""
        self._read(lambda: False, "the end of the program", seconds, at_end=True)
        _, status = os.waitpid(self.process, 0)
        self.process = 0
        return os.waitstatus_to_exitcode(status)

    def _read(self, done: Callable[[], bool], what: str, seconds: float, at_end: bool = False) -> str:
        limit = time.monotonic() + seconds
        while not done():
            ready, _, _ = select.select([self._terminal], [], [], max(0.0, limit - time.monotonic()))
            try:
                data = os.read(self._terminal, 65536) if ready else None
            except OSError:  # Linux says so when the other side is closed
                data = b""
            if data is None or (not data and not at_end):
                state = "the program ended" if data is not None else f"{seconds:g} s passed"
                raise TimeoutError(f"waited for {what}, but {state}; the screen shows\n{self.screen.text.rstrip()}")
            if not data:
                break
            self.screen.feed(data.decode("utf-8", "replace"))
        return self.screen.text
