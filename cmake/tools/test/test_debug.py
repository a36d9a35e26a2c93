# SPDX-License-Identifier: BSD-3-Clause
"""debug: main is reached and named, on a machine and in a process, under gdb and lldb."""
from __future__ import annotations

import shutil
import signal
import subprocess
import unittest
from pathlib import Path

from test_run_guest import PANIC, TreeCase
from unicore import debug
from unicore.ports import free_port
from unicore.run_tree import BuiltTree


class MachineTest(TreeCase):
    @unittest.skipUnless(shutil.which("gdb"), "no gdb")
    def test_gdb_reaches_main_on_every_machine(self) -> None:
        self.guest("panic", PANIC)
        for machine in ("pc", "q35", "microvm"):
            with self.subTest(machine):
                done = self.outside("debug", "panic", "--gdb", "--machine", machine, "--timeout", "30", "--batch",
                                    "continue; backtrace; hbreak inner; continue; backtrace; kill")
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertRegex(done.stdout, r"#0 +main \(\) at .*panic\.c:\d+")
                self.assertRegex(done.stdout, r"#0 +inner \(\).*\n#1 .* wrapped \(\).*\n#2 +outer \(\)")

    @unittest.skipUnless(shutil.which("lldb-19") or shutil.which("lldb"), "no lldb")
    def test_lldb_reaches_main(self) -> None:
        self.guest("panic", PANIC)
        done = self.outside("debug", "panic", "--lldb", "--timeout", "30", "--batch", "continue; bt; process kill")
        self.assertRegex(done.stdout, r"frame #0: 0x[0-9a-f]+ panic.debug`main at panic\.c:\d+")

    def test_qemu_that_does_not_start_is_no_mystery(self) -> None:
        self.hello("hello")
        done = self.outside("debug", "hello", "--wait", "--qemu-arg=-nonsense")
        self.assertEqual(done.returncode, 1)
        self.assertIn("QEMU exited with 1 before a debugger could connect", done.stderr)

    def test_wait_says_how_to_connect(self) -> None:
        self.hello("hello")
        port = free_port()
        tool = subprocess.Popen(self.command("debug", "hello", "--wait", "--port", str(port)),
                                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        self.assertIn(f"127.0.0.1:{port}".encode(), tool.stderr.readline())
        self.assertTrue(debug.listens(port))
        child = Path(f"/proc/{tool.pid}/task/{tool.pid}/children").read_text().split()[0]
        tool.send_signal(signal.SIGTERM)
        tool.communicate(timeout=10)
        self.assertFalse(Path(f"/proc/{child}/exe").exists() and debug.listens(port))

    def test_without_symbols_nothing_starts(self) -> None:
        self.hello("hello")
        (self.tree / "images/hello.debug").unlink()
        self.assertIn("hello.debug is missing: build the image first", self.outside("debug", "hello").stderr)


class ProcessTest(TreeCase):
    platform = "linux"

    @unittest.skipUnless(shutil.which("gdb"), "no gdb")
    def test_gdb_reaches_main_with_arguments(self) -> None:
        self.hello("hello")
        done = self.outside("debug", "hello", "--gdb", "--timeout", "30", "--setting", "a=b", "--batch",
                            "show args; show environment UNICORE; run; backtrace; kill", "--", "x y")
        self.assertIn("'x y'", done.stdout)
        self.assertIn("UNICORE = a=b", done.stdout)
        self.assertRegex(done.stdout, r"#0 +main \(\) at .*hello\.c:\d+")

    @unittest.skipUnless(shutil.which("lldb-19") or shutil.which("lldb"), "no lldb")
    def test_lldb_reaches_main(self) -> None:
        image = self.hello("hello")
        subprocess.run(["llvm-strip-19", "--strip-sections", str(image)], check=False)
        done = self.outside("debug", "hello", "--lldb", "--timeout", "30", "--batch", "run; bt; process kill")
        self.assertRegex(done.stdout, r"frame #\d: 0x[0-9a-f]+ hello.debug`main at hello\.c:\d+")


class SourceTest(TreeCase):
    def test_names_that_the_compiler_was_given_lead_to_the_sources(self) -> None:
        for folder, file in (("here", "main.cpp"), ("unicore", "components/a.cpp"), ("build", "boot.cpp")):
            (self.tree / folder / file).parent.mkdir(parents=True, exist_ok=True)
            (self.tree / folder / file).touch()
        tree = BuiltTree(self.tree)
        tree.target.update(source_root=f"{self.tree}/here", unicore_root=f"{self.tree}/unicore",
                           build_root=f"{self.tree}/build")
        for name, real in (("./main.cpp", "here/main.cpp"), ("main.cpp", "here/main.cpp"),
                           ("./unicore/components/a.cpp", "unicore/components/a.cpp"), ("./build/boot.cpp",
                                                                                        "build/boot.cpp")):
            self.assertEqual(tree.source(name), str(self.tree / real))
        self.assertEqual(tree.source("./gone.cpp"), "./gone.cpp")
        self.assertEqual(tree.source("/usr/include/stdio.h"), "/usr/include/stdio.h")
        self.assertEqual(debug.source_setup("gdb", tree), [
            f"set substitute-path ./unicore {self.tree}/unicore", f"set substitute-path ./build {self.tree}/build",
            f"directory {self.tree}/here"])


if __name__ == "__main__":
    unittest.main()
