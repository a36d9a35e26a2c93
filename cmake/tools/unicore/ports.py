# SPDX-License-Identifier: BSD-3-Clause
"""Ports of this machine."""
from __future__ import annotations

import contextlib
import socket


def free_port() -> int:
    """A port of 127.0.0.1 that nobody has now, of TCP or UDP."""
    while True:
        with socket.socket() as stream, socket.socket(type=socket.SOCK_DGRAM) as datagrams:
            stream.bind(("127.0.0.1", 0))
            with contextlib.suppress(OSError):
                datagrams.bind(stream.getsockname())
                return int(stream.getsockname()[1])
