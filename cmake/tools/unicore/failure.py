# SPDX-License-Identifier: BSD-3-Clause
"""How a command gives up."""
from __future__ import annotations


class Failure(Exception):
    """A failure that the user can act on: its text is printed, without a traceback."""

    def __init__(self, text: str, status: int = 1) -> None:
        super().__init__(text)
        self.status = status
