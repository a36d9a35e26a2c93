# SPDX-License-Identifier: BSD-3-Clause
"""A running dom0 that a test on the host drives.

    with Session({"/t/hello": image, "/t/hello.cfg": text}) as dom0:
        dom0.check("xl create /t/hello.cfg")
        dom0.wait_for_console("hello", r"^Hello from Unicore!$")
"""
from __future__ import annotations

import base64
import re
import shlex
import socket
import tempfile
import threading
import time
from pathlib import Path
from typing import Callable, List, Mapping, Optional, Sequence

from unicore.failure import Failure
from unicore.lab_machine import Content, command, prepare
from unicore.lab_machine_arm import command as command_on_arm
from unicore.lab_protocol import KILLED, Answer, Listener, request
from unicore.run_process import Conversation, Outcome, end, spawn

_SLACK = 20.0  # seconds beyond a script's own time until its answer counts as lost
# Seconds of silence after which an empty line goes to the agent, which skips it: QEMU's emulation of SVM loses an
# interrupt of Xen's timer now and then, and everything stands still until another one comes (docs/testing.md).
_NUDGE = 2.0
_CONSOLES = "/var/log/xen/console"


class LabError(Failure):
    """The dom0 does not answer, or did not do what it should; ends with what the console said."""


class Session:
    """Xen with a dom0, from `with` to its end. One thread uses it."""

    def __init__(self, files: Optional[Mapping[str, Content]] = None, *, memory: int = 1024, dom0_memory: int = 384,
                 boot_timeout: float = 180.0, limit: float = 900.0, xen: str = "", qemu: Sequence[str] = (),
                 architecture: str = "amd64") -> None:
        """`files`: contents by their paths in the dom0. Memory in MiB. The machine is ended after `limit`
        seconds, whatever happens. `xen`: more arguments for the hypervisor; `qemu`: for QEMU, paths absolute.
        `architecture`: the dom0's, in Debian's words, amd64 or arm64."""
        self._architecture = architecture
        self._files, self._memory, self._dom0_memory = dict(files or {}), memory, dom0_memory
        self._boot_timeout, self._limit, self._xen, self._qemu = boot_timeout, limit, xen, list(qemu)
        self._listener = Listener()
        self._number = 0
        self._console = bytearray()
        self.boot_seconds = 0.0

    def __enter__(self) -> "Session":
        begin = time.monotonic()
        self._scratch = tempfile.TemporaryDirectory(prefix="unicore-lab-")
        folder = Path(self._scratch.name)
        prepare(self._files, folder, self._architecture)
        door = socket.socket(socket.AF_UNIX)
        door.bind(str(folder / "agent"))
        door.listen(1)
        asked = (["stdio", "unix:agent"], self._memory, self._dom0_memory, "agent", self._qemu, self._xen)
        line = command(*asked) if self._architecture == "amd64" else command_on_arm(folder, *asked)
        self._child = spawn(line, folder=folder)
        self._outcome: Optional[Outcome] = None
        self._thread = threading.Thread(target=self._converse, daemon=True)
        self._thread.start()
        try:
            door.settimeout(20.0)
            try:
                self._line, _ = door.accept()
            except socket.timeout:
                raise self._error("QEMU did not connect") from None
            finally:
                door.close()
            self._hear(lambda: self._listener.ready, self._boot_timeout, "the dom0 to come up")
        except BaseException:
            self.__exit__()
            raise
        self._scratch.cleanup()  # everything is open or read, and nothing is left should we be killed
        self.boot_seconds = time.monotonic() - begin
        return self

    def __exit__(self, *_: object) -> None:
        end(self._child)
        self._thread.join(10.0)
        if hasattr(self, "_line"):
            self._line.close()
        self._scratch.cleanup()

    def run(self, script: str, timeout: float = 60.0) -> Answer:
        """Runs a shell script in the dom0. Errors: LabError when it takes longer than `timeout` seconds."""
        self._number += 1
        self._line.settimeout(timeout)
        self._line.sendall(request(self._number, timeout, script))
        answers: List[Answer] = []
        self._hear(lambda: bool(answers), timeout + _SLACK, repr(script), answers)
        answer = answers[-1]
        if answer.status == KILLED:
            raise self._error(f"{script!r} was ended after {timeout:g} s (or by somebody else); it printed:\n"
                              + answer.text)
        return answer

    def check(self, script: str, timeout: float = 60.0) -> str:
        """What the script prints. Errors: LabError when its status is not 0."""
        answer = self.run(script, timeout)
        if answer.status:
            raise self._error(f"{script!r} failed with status {answer.status}; it printed:\n{answer.text}")
        return answer.text

    def put(self, path: str, content: Content) -> None:
        """Writes a file, its folder included; for small ones: large ones are better given to Session."""
        data = content.read_bytes() if isinstance(content, Path) else content
        text = base64.b64encode(data.encode() if isinstance(data, str) else data).decode()
        name = shlex.quote(path)
        self.check(f'mkdir -p "$(dirname {name})" && : >{name}')
        for at in range(0, len(text), 2048):  # a multiple of 4, and less than what a serial line holds
            self.check(f"echo {text[at:at + 2048]} | base64 -d >>{name}")

    def get(self, path: str) -> bytes:
        """Reads a file. Errors: LabError."""
        answer = self.run(f"cat {shlex.quote(path)}")
        if answer.status:
            raise self._error(answer.text.strip())
        return answer.output

    def console(self, name: str) -> str:
        """What the domains of that name have printed so far, without carriage returns."""
        answer = self.run(f"cat {_CONSOLES}/guest-{name}.log 2>/dev/null || true")
        return answer.text.replace("\r", "")

    def forget_console(self, name: str) -> None:
        """Empties the log of the domains of that name."""
        self.check(f": >{_CONSOLES}/guest-{name}.log")

    def wait_for_console(self, name: str, pattern: str, timeout: float = 30.0) -> str:
        """The console, as soon as a line of it fits. Errors: LabError at the time limit."""
        seen = [""]

        def said() -> bool:
            seen[0] = self.console(name)
            return re.search(pattern, seen[0], re.MULTILINE) is not None

        self.wait_until(said, timeout, lambda: f"no line {pattern!r} on the console of {name}, which shows:\n{seen[0]}")
        return seen[0]

    def wait_until(self, holds: Callable[[], bool], timeout: float, what: Callable[[], str]) -> None:
        """Asks again and again. Errors: LabError with the text `what`, at the time limit."""
        deadline = time.monotonic() + timeout
        while not holds():
            if time.monotonic() > deadline:
                raise self._error(f"after {timeout:g} s: {what()}")
            time.sleep(0.1)

    @property
    def log(self) -> str:
        """The machine's console: Xen, and dom0's kernel."""
        return bytes(self._console).decode("utf-8", "replace").replace("\r", "")

    def _converse(self) -> None:
        self._outcome = Conversation(self._child, self._console.extend, timeout=self._limit).run()

    def _hear(self, done: Callable[[], bool], timeout: float, what: str,
              answers: Optional[List[Answer]] = None) -> None:
        """Listens until `done`; answers of earlier scripts are dropped."""
        deadline = time.monotonic() + timeout
        while not done():
            left = deadline - time.monotonic()
            if left <= 0:
                raise self._error(f"waited {timeout:g} s for {what}")
            self._line.settimeout(min(left, _NUDGE))
            try:
                data = self._line.recv(65536)
            except socket.timeout:
                self._nudge()
                continue
            except OSError:
                data = b""
            if not data:
                self._thread.join(2.0)  # the machine closes the line before it is gone
                raise self._error(f"the machine ended while waiting for {what}")
            found = [answer for answer in self._listener.feed(data) if answer.number == self._number]
            if answers is not None:
                answers += found

    def _nudge(self) -> None:
        """Makes an interrupt."""
        if self._listener.ready:
            try:
                self._line.sendall(b"\n")
            except OSError:
                pass  # the machine has ended, which the next look at the line tells

    def _error(self, text: str) -> LabError:
        tail = "\n".join("  | " + line for line in self.log.splitlines()[-20:])
        said = ""
        if self._child.poll() is not None:
            self._thread.join(5.0)
            errors = self._outcome.errors.decode("utf-8", "replace").strip() if self._outcome else ""
            late = self._outcome is not None and self._outcome.timed_out
            said = f"\n  QEMU ended{f' after {self._limit:g} s' if late else ''}: {errors or self._child.returncode}"
        return LabError(f"{text}{said}\n  The console's last lines:\n{tail}")
