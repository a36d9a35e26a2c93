# SPDX-License-Identifier: BSD-3-Clause
"""make_large.py FOLDER: a file that no buffer has room for, and others, for tests; always the same."""
import random
import sys
from pathlib import Path

SIZE = 3_000_017


def make(folder):
    folder = Path(folder, "test")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "large.bin").write_bytes(random.Random(20261127).randbytes(SIZE))
    (folder / "empty.txt").write_bytes(b"")
    for size in (4095, 4096, 4097):  # around what goes out in one piece
        (folder / f"{size}.bin").write_bytes(bytes(i % 251 for i in range(size)))
    (folder / "a name.txt").write_bytes(b"with a space\n")


if __name__ == "__main__":
    make(sys.argv[1])
