# SPDX-License-Identifier: BSD-3-Clause
"""Guests and build trees made by hand for the tests of the tools; no tests in here."""
from __future__ import annotations

import argparse
import contextlib
import functools
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from typing import Any, List, Tuple

TOOLS = Path(__file__).resolve().parent.parent
if str(TOOLS) not in sys.path:
    sys.path.insert(0, str(TOOLS))

from unicore.run_accel import build_guest  # noqa: E402  (the path comes first)
from unicore.symbolise_elf import build_id  # noqa: E402

# Kernel guests get put() for COM1, processes for standard output: one source for both.
_PUT = {"kvm": r"""
void put(const char* text) {
    for (; *text != 0; ++text) {
        if (*text == '\n') __asm__ volatile("outb %0, %1" : : "a"((char)'\r'), "Nd"((unsigned short)0x3f8));
        __asm__ volatile("outb %0, %1" : : "a"(*text), "Nd"((unsigned short)0x3f8));
    }
}
""", "linux": r"""
#include <string.h>
#include <unistd.h>
void put(const char* text) { (void)!write(1, text, strlen(text)); }
"""}

HELLO = r"""
#define TEXT(value) #value
#define STATUS_LINE(value) "unicore: exit status=" TEXT(value) "\n"
void put(const char*);
int main(void) { put("Hello from the test\n"); put(STATUS_LINE(SAID)); return STATUS; }
"""

HANG = r"""
void put(const char*);
int main(void) { put("up\n"); for (;;) __asm__ volatile("pause"); }
"""

# Prints the return addresses of a chain main -> outer -> inner, with one call inlined.
PANIC = r"""
void put(const char*);
static void hexadecimal(unsigned long value) {
    char text[19] = "0x";
    for (int i = 0; i < 16; ++i) text[2 + i] = "0123456789abcdef"[(value >> (60 - 4 * i)) & 15];
    text[18] = 0;
    put(text);
}
__attribute__((noinline)) void inner(void) {
    put("unicore: panic: it broke\n");
    put("unicore: backtrace @BUILD_ID@ ");
    hexadecimal((unsigned long)__builtin_return_address(0));
    put("\n");
    put("unicore: exit status=134 (panic)\n");
}
static inline __attribute__((always_inline)) void wrapped(void) { inner(); __asm__ volatile(""); }
__attribute__((noinline)) void outer(void) { wrapped(); __asm__ volatile(""); }
int main(void) { outer(); __asm__ volatile(""); return 134; }
"""


_BUILT = tempfile.TemporaryDirectory(prefix="unicore-test-guests-")


@functools.lru_cache(maxsize=None)
def compiled(platform: str, name: str, source: str, flags: Tuple[str, ...]) -> Path:
    """A folder with an image NAME, NAME.debug and, of a kernel, NAME.map; made once in this process."""
    folder = Path(tempfile.mkdtemp(dir=_BUILT.name))
    image, debug, program = folder / name, folder / f"{name}.debug", folder / f"{name}.c"
    program.write_text(_PUT[platform] + source)
    if platform == "kvm":
        build_guest(program, debug, ["-g", *flags])
        Path(f"{debug}.map").rename(f"{image}.map")
    else:
        subprocess.run(["clang-19", "-O1", "-g", "-static", "-Wl,--build-id", *flags, str(program), "-o", str(debug)],
                       check=True)
    identity, marker = (build_id(debug) or "").encode(), b"@BUILD_ID@"
    subprocess.run(["strip", str(debug), "-o", str(image)], check=True)
    # The id cannot know itself: the text makes room for its first digits.
    image.write_bytes(image.read_bytes().replace(marker, identity[:len(marker)]))
    program.unlink()
    return folder


class TreeCase(unittest.TestCase):
    """A test with an empty build tree for one platform."""

    platform = "kvm"

    def setUp(self) -> None:
        self.tree = Path(tempfile.mkdtemp(prefix="unicore-test-"))
        self.addCleanup(shutil.rmtree, self.tree)
        (self.tree / "images").mkdir()
        (self.tree / "unicore").mkdir()
        (self.tree / "unicore/components.json").write_text(
            json.dumps({
                "target": {"platform": self.platform, "architecture": "x86_64"},
                "interfaces": [], "components": [{"name": "base"}, {"name": "memory.buddy"}], "images": []}))

    def hello(self, name: str, status: int = 0, said: int = -1) -> Path:
        """Builds an image that says hello, announces `said` (or `status`) and ends with `status`."""
        return self.guest(name, HELLO, f"-DSTATUS={status}", f"-DSAID={status if said < 0 else said}")

    def guest(self, name: str, source: str, *flags: str) -> Path:
        """Builds an image with its .debug and .map from C text; `put` is there."""
        image = self.tree / "images" / name
        for file in compiled(self.platform, name, source, flags).glob(f"{name}*"):
            shutil.copy2(file, self.tree / "images")
        return image

    def call(self, module: Any, *words: str) -> Tuple[int, str]:
        """Runs a command in this process; returns its status and what it printed and complained."""
        parser = argparse.ArgumentParser()
        module.arguments(parser)
        args = parser.parse_args(list(words))
        args.tree = str(self.tree)
        text = io.StringIO()
        with contextlib.redirect_stdout(text), contextlib.redirect_stderr(text):
            return module.main(args), text.getvalue()

    def command(self, name: str, *words: str) -> List[str]:
        """Command line that runs a tool's command in a process of its own."""
        return [sys.executable, str(TOOLS / "unicore.py"), "--tree", str(self.tree), name, *words]

    def outside(self, name: str, *words: str, timeout: float = 30.0) -> "subprocess.CompletedProcess[str]":
        """Runs a command in its own process, standard error apart."""
        return subprocess.run(self.command(name, *words), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, encoding="utf-8", timeout=timeout, check=False,
                              env={k: v for k, v in os.environ.items() if k != "UNICORE"})
