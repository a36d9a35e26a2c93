#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Boots the web server of a kvm-x86_64 tree, looks at its page with Chromium, and takes a picture of it.

Fails when the page's script has not put the server's numbers there. Chromium is not among what ./bootstrap installs:
on Debian, apt-get install chromium fonts-dejavu-core.
"""
from __future__ import annotations

import argparse
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import List

PATIENCE = 60  # seconds, for each of boot, page and picture
SIZE = "720,900"
ROWS = ("boot us", "memory kib", "packets received", "requests", "connections open")


def free_port() -> int:
    """A port of this machine that nobody has."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def chromium(folder: str, *words: str) -> str:
    """What it prints. Its clock runs ahead until the page has asked for its numbers twice."""
    command: List[str] = ["chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
                          f"--user-data-dir={folder}/profile", "--virtual-time-budget=2500", *words]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, timeout=PATIENCE)
    return done.stdout


def main() -> int:
    """The exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tree", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    if shutil.which("chromium") is None:
        parser.error("chromium is not installed (apt-get install chromium fonts-dejavu-core)")
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        console = Path(folder) / "console"
        words = ["-netdev", f"user,id=net,hostfwd=tcp:127.0.0.1:{port}-:80", "-device", "virtio-net-pci,netdev=net"]
        with console.open("wb") as out:
            # pylint: disable-next=consider-using-with
            image = subprocess.Popen([str(args.tree / "unicore.sh"), "run", "http-server", "--timeout", str(3 * PATIENCE),
                                      "--setting", "net.address=10.0.2.15/24", "--setting", "net.gateway=10.0.2.2",
                                      *(f"--qemu-arg={word}" for word in words)], stdout=out, stderr=subprocess.STDOUT)
        try:
            deadline = time.monotonic() + PATIENCE
            while b"http-server: port 80" not in console.read_bytes():
                if image.poll() is not None or time.monotonic() > deadline:
                    print(f"the image did not come up:\n{console.read_text(errors='replace')}", file=sys.stderr)
                    return 1
                time.sleep(0.05)
            url = f"http://127.0.0.1:{port}/"
            page = chromium(folder, "--dump-dom", url)
            missing = [row for row in ROWS if not re.search(rf"<th>{row}</th><td>[1-9][0-9,]*</td>", page)]
            if missing:
                print(f"the page does not tell {', '.join(missing)}:\n{page}", file=sys.stderr)
                return 1
            chromium(folder, f"--screenshot={args.out.resolve()}", f"--window-size={SIZE}", url)
        finally:
            image.terminate()
            image.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
