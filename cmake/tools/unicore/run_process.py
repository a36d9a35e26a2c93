# SPDX-License-Identifier: BSD-3-Clause
"""One child process under control: output as it comes, time limit, signals, never left behind."""
from __future__ import annotations

import ctypes
import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Dict, List, Optional

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True)
GRACE = 5.0  # seconds that a child gets to end after it was asked to


@dataclass
class Outcome:
    """How a child ended. `code` is negative for a signal, as subprocess has it."""

    code: int
    timed_out: bool = False
    interrupted_by: int = 0  # signal that this tool received, or 0
    killed: bool = False  # it did not end when asked
    errors: bytes = b""  # its standard error, unless merged into the output


def _die_with_parent() -> None:
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


def _owns_terminal() -> bool:
    """Whether standard input is a terminal whose foreground is this process's group."""
    try:
        return os.isatty(0) and os.tcgetpgrp(0) == os.getpgrp()
    except OSError:
        return False


def spawn(command: List[str], environment: Optional[Dict[str, str]] = None, *, folder: Optional[Path] = None,
          merge_errors: bool = False, use_input: bool = False,
          stdout: Optional[int] = subprocess.PIPE) -> "subprocess.Popen[bytes]":
    """Starts `command`, in `folder`; it gets SIGTERM should this tool die. Errors: OSError when it cannot start.

    With `use_input` it reads our standard input; it then shares our process group when that is a
    terminal, and has a session of its own otherwise, so that it gets only the signals we send.
    """
    terminal = use_input and _owns_terminal()
    usable = use_input and (terminal or not os.isatty(0))
    return subprocess.Popen(
        command, env=environment, cwd=folder, stdin=None if usable else subprocess.DEVNULL, stdout=stdout,
        stderr=subprocess.STDOUT if merge_errors else subprocess.PIPE, bufsize=0,
        start_new_session=not terminal, preexec_fn=_die_with_parent)


def end(child: "subprocess.Popen[bytes]", grace: float = GRACE) -> bool:
    """Ends `child` by its process id: SIGTERM, then SIGKILL after `grace` s. True when killed."""
    if child.poll() is not None:
        return False
    child.terminate()
    try:
        child.wait(grace)
        return False
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
        return True


class Conversation:
    """Runs a child to its end while its output is handed on."""

    def __init__(self, child: "subprocess.Popen[bytes]", output: Callable[[bytes], None], *,
                 timeout: Optional[float] = None, forward_signals: bool = False,
                 enough: Callable[[], bool] = lambda: False) -> None:
        """With `forward_signals` the child gets SIGINT and SIGTERM that come to us and decides;
        otherwise it is ended. When `enough` holds after some output, the child is ended too."""
        self._child = child
        self._output = output
        self._deadline = None if timeout is None else time.monotonic() + timeout
        self._forward = forward_signals
        self._enough = enough
        self._outcome = Outcome(0)
        self._pending: List[int] = []

    def run(self) -> Outcome:
        """Returns when the child has ended and its output is read."""
        if threading.current_thread() is not threading.main_thread():
            return self._pump(None)
        wake_read, wake_write = os.pipe()
        os.set_blocking(wake_write, False)
        old_fd = signal.set_wakeup_fd(wake_write)
        old = {number: signal.signal(number, self._on_signal) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            return self._pump(wake_read)
        finally:
            for number, handler in old.items():
                signal.signal(number, handler)
            signal.set_wakeup_fd(old_fd)
            os.close(wake_read)
            os.close(wake_write)

    def _on_signal(self, number: int, _frame: object) -> None:
        self._pending.append(number)

    def _pump(self, wake: Optional[int]) -> Outcome:
        child, errors = self._child, bytearray()
        sinks: Dict[object, Callable[[bytes], object]] = {}
        with selectors.DefaultSelector() as selector:
            if wake is not None:
                selector.register(wake, selectors.EVENT_READ)
            for stream, sink in ((child.stdout, self._output), (child.stderr, errors.extend)):
                if stream is not None:
                    sinks[stream] = sink
                    selector.register(stream, selectors.EVENT_READ)
            ended: Optional[float] = None
            while sinks or child.poll() is None:
                for key, _ in selector.select(0.05 if not sinks or ended else self._patience()):
                    data = os.read(key.fd, 65536)
                    if key.fd == wake:
                        continue
                    if data:
                        sinks[key.fileobj](data)
                    else:
                        selector.unregister(key.fileobj)
                        del sinks[key.fileobj]
                self._handle_signals()
                now = time.monotonic()
                if child.poll() is None:
                    if self._deadline is not None and now >= self._deadline:
                        self._deadline = None
                        self._outcome.timed_out = not self._outcome.interrupted_by
                        self._outcome.killed = end(child)
                    elif self._enough():
                        self._outcome.killed = end(child)
                else:
                    ended = ended or now
                    if now - ended > 1.0:  # a grandchild holds the pipe: what it says is not ours
                        break
        for stream in (child.stdout, child.stderr):
            if stream is not None:
                stream.close()
        self._outcome.code = child.wait()
        self._outcome.errors = bytes(errors)
        return self._outcome

    def _patience(self) -> float:
        """Seconds to wait for output: bounded, as the child may end with its pipe held open."""
        left = 0.5 if self._deadline is None else self._deadline - time.monotonic()
        return min(0.5, max(0.0, left))

    def _handle_signals(self) -> None:
        while self._pending:
            number = self._pending.pop(0)
            again = bool(self._outcome.interrupted_by)
            self._outcome.interrupted_by = self._outcome.interrupted_by or number
            if self._child.poll() is not None:
                continue
            if again or not self._forward:
                self._outcome.killed = end(self._child, 1.0 if again else GRACE)
            else:
                self._child.send_signal(number)
                self._deadline = time.monotonic() + GRACE


def complain(text: str) -> None:
    """Tells the user something that is not the image's console."""
    sys.stdout.flush()
    print(text, file=sys.stderr, flush=True)
