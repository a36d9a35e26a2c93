# SPDX-License-Identifier: BSD-3-Clause
"""The value that guards frames is another one at each start, and none that is easy to guess or to write."""
from __future__ import annotations

import re
import subprocess
import sys

STARTS = 3


def guard(tree: str) -> int:
    """What one start of the image has."""
    done = subprocess.run([f"{tree}/unicore.sh", "run", "smash", "--", "show"], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", timeout=60, check=False)
    found = re.search(r"^guard 0x([0-9a-f]+)\s*$", done.stdout, re.MULTILINE)
    if done.returncode or not found:
        sys.exit(f"no guard in what the image printed:\n{done.stdout}")
    return int(found.group(1), 16)


def main() -> None:
    found = [guard(sys.argv[1]) for _ in range(STARTS)]
    print(*(f"{value:#x}" for value in found))
    if len(set(found)) != STARTS or 0 in found or 0x6a09e667bb67ae00 in found or 0xbb67ae00 in found:
        sys.exit("the guard is not random")


if __name__ == "__main__":
    main()
