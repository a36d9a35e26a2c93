# SPDX-License-Identifier: BSD-3-Clause
"""Writes initramfs archives: cpio, the new ASCII format.

Source: Linux Documentation/driver-api/early-userspace/buffer-format.rst. The kernel takes several
archives after another, each compressed or not, so tests append their files to a base.
"""
from __future__ import annotations

import stat
from pathlib import PurePosixPath
from typing import Set

_ALIGN = 512  # what cpio(1) pads archives to; the kernel wants 4


class Archive:
    """An archive in memory. Times are 0 and owners root, so that the same content is the same bytes."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._inode = 0
        self._folders: Set[PurePosixPath] = {PurePosixPath(".")}

    def folder(self, path: str) -> None:
        """Adds a folder and those above it, unless they are there."""
        self._folder(self._plain(path))

    def file(self, path: str, content: bytes, mode: int = 0o644) -> None:
        """Adds a file and the folders above it."""
        self._add(self._plain(path), stat.S_IFREG | mode, content)

    def link(self, path: str, target: str) -> None:
        """Adds a symbolic link and the folders above it."""
        self._add(self._plain(path), stat.S_IFLNK | 0o777, target.encode())

    def finish(self) -> bytes:
        """The archive's bytes."""
        whole = bytes(self._bytes) + self._entry("TRAILER!!!", 0, 0, b"")
        return whole + bytes(-len(whole) % _ALIGN)

    @staticmethod
    def _plain(path: str) -> PurePosixPath:
        plain = PurePosixPath(path.lstrip("/"))
        if ".." in plain.parts or not plain.parts:
            raise ValueError(f"{path!r} is no path inside an archive")
        return plain

    def _folder(self, path: PurePosixPath) -> None:
        if path not in self._folders:
            self._add(path, stat.S_IFDIR | 0o755, b"")
            self._folders.add(path)

    def _add(self, path: PurePosixPath, mode: int, content: bytes) -> None:
        self._folder(path.parent)
        self._inode += 1
        self._bytes += self._entry(str(path), self._inode, mode, content)

    @staticmethod
    def _entry(name: str, inode: int, mode: int, content: bytes) -> bytes:
        text = name.encode() + b"\0"
        links = 2 if stat.S_ISDIR(mode) else 1
        fields = (inode, mode, 0, 0, links, 0, len(content), 0, 0, 0, 0, len(text), 0)
        head = b"070701" + b"".join(b"%08X" % field for field in fields) + text
        head += bytes(-len(head) % 4)
        return head + content + bytes(-len(content) % 4)
