# SPDX-License-Identifier: BSD-3-Clause
"""run: console, exit status, time limit, signals; a kernel under QEMU and a process."""
from __future__ import annotations

import json
import os
import signal
import subprocess
import time
import unittest
from pathlib import Path
from unittest import mock

from test_run_guest import HANG, PANIC, TreeCase
from unicore import run, run_accel
from unicore.run_console import Console, Status, parse_status
from unicore.run_machine import quoted
from unicore.run_targets import RUNNERS, Machine, Options, Process, RunError, runner_for

SHOW_ARGUMENTS = r"""
#include <stdio.h>
#include <stdlib.h>
int main(int argc, char** argv) {
    for (int i = 1; i < argc; ++i) printf("[%s]\n", argv[i]);
    printf("UNICORE=%s\nunicore: exit status=0\n", getenv("UNICORE"));
}
"""
ON_TERM = r"""
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>
static void stop(int n) { (void)n; put("unicore: exit status=9 (asked to)\n"); _exit(9); }
int main(void) { signal(SIGTERM, stop); put("up\n"); for (;;) pause(); }
"""


class ConsoleTest(unittest.TestCase):
    def read(self, *pieces: bytes) -> "tuple[bytes, Console, list[bytes]]":
        shown, lines = bytearray(), []
        console = Console(shown.extend, lines.append)
        for piece in pieces:
            console.feed(piece)
        console.close()
        return bytes(shown), console, lines

    def test_drops_the_cr_of_a_line_end_and_no_other(self) -> None:
        text = b"one\r\ntwo\rthree\r\r\nfour\n\r"
        for cut in range(len(text) + 1):
            shown, _, lines = self.read(text[:cut], text[cut:])
            self.assertEqual(shown, b"one\ntwo\rthree\r\nfour\n\r")
            self.assertEqual(lines, [b"one", b"two\rthree\r", b"four"])

    def test_shows_bytes_before_their_line_is_complete(self) -> None:
        shown = bytearray()
        Console(shown.extend).feed(b"login: ")
        self.assertEqual(shown, b"login: ")

    def test_the_last_status_line_counts(self) -> None:
        _, console, _ = self.read(b"unicore: exit status=1\r\nunicore: exit status=134 (panic)\r\n")
        self.assertEqual(console.status, Status(134, "panic"))

    def test_an_unfinished_line_counts(self) -> None:
        self.assertEqual(self.read(b"unicore: exit status=3")[1].status, Status(3))

    def test_what_is_no_status_line(self) -> None:
        for line in (b"unicore: exit status=256", b" unicore: exit status=1", b"unicore: exit status=",
                     b"unicore: exit status=1 more", b"unicore: exit status=-1"):
            self.assertIsNone(parse_status(line), line)

    def test_a_line_without_end_does_not_fill_memory(self) -> None:
        _, _, lines = self.read(*[b"x" * 65536] * 3)
        self.assertEqual(len(lines[0]), 65536)


class CommandLineTest(unittest.TestCase):
    def test_settings_stand_before_the_arguments(self) -> None:
        line = Options(Path("i"), "i", arguments=["a", "b c", ""], settings=["x=1", "y=two words"], append="z=3")
        with mock.patch("shutil.which", return_value="/q"):
            command = RUNNERS["kvm", "x86_64"].command(line)
        self.assertEqual(command[command.index("-append") + 1], 'x=1 y="two words" z=3 -- a "b c" ""')

    def test_nothing_to_say_is_not_said(self) -> None:
        with mock.patch("shutil.which", return_value="/q"):
            self.assertNotIn("-append", RUNNERS["kvm", "x86_64"].command(Options(Path("i"), "i")))

    def test_refusals_name_what_is_wrong(self) -> None:
        kvm, linux = RUNNERS["kvm", "x86_64"], RUNNERS["linux", "x86_64"]
        for runner, wish, message in (
                (kvm, {"settings": ["level"]}, "expected name=value"),
                (kvm, {"arguments": ['say "x"']}, "double quotes"),
                (kvm, {"machine": "virt"}, "pc, q35, microvm"),
                (kvm, {"icount": True, "accel": "kvm"}, "--accel tcg"),
                (linux, {"memory": "1G"}, "--memory means nothing"),
                (linux, {"settings": ["=1"]}, "expected name=value")):
            with self.subTest(message), mock.patch("shutil.which", return_value="/q"), \
                    self.assertRaisesRegex(RunError, message):
                options = Options(Path("i"), "i", **wish)
                runner.command(options)
                runner.environment(options)

    def test_unknown_pair(self) -> None:
        with self.assertRaisesRegex(RunError, "linux-x86_64"):
            runner_for("kvm", "sparc")

    def test_quoting(self) -> None:
        self.assertEqual([quoted(word) for word in ("a", "a b", "")], ["a", '"a b"', '""'])

    def test_a_foreign_process_runs_under_user_emulation(self) -> None:
        with mock.patch("shutil.which", lambda name: f"/bin/{name}"):
            command = Process("other", "qemu-other").command(Options(Path("i"), "i", arguments=["a"]))
        self.assertEqual(command, ["/bin/qemu-other", "i", "a"])


class KernelTest(TreeCase):
    def test_every_machine_hands_the_status_on(self) -> None:
        self.hello("hello")
        self.hello("seven", 7)
        for machine in ("pc", "q35", "microvm"):
            with self.subTest(machine):
                done = self.outside("run", "seven", "--machine", machine, "--timeout", "20")
                self.assertEqual((done.returncode, done.stderr), (7, ""))
                self.assertEqual(done.stdout, "Hello from the test\nunicore: exit status=7\n")
        self.assertEqual(self.outside("run", "seven", "--quiet", "--icount", "--timeout", "20").stdout, "")

    def test_a_stop_without_status_is_125(self) -> None:
        self.guest("mute", "int main(void) { return 0; }")
        done = self.outside("run", "mute", "--timeout", "20")
        self.assertEqual(done.returncode, 125)
        self.assertIn("stopped without a line `unicore: exit status=N` (QEMU exited with 0)", done.stderr)

    def test_the_time_limit_is_124(self) -> None:
        self.guest("hang", HANG)
        done = self.outside("run", "hang", "--timeout", "1")
        self.assertEqual((done.returncode, done.stdout), (124, "up\n"))
        self.assertIn("hang did not stop within 1 s", done.stderr)

    def test_what_qemu_complains_about_is_shown(self) -> None:
        self.guest("hang", HANG)
        done = self.outside("run", "hang", "--qemu-arg=-device", "--qemu-arg=nonsense", "--timeout", "20")
        self.assertEqual(done.returncode, 125)
        self.assertIn("'nonsense' is not a valid device", done.stderr)

    def test_a_signal_ends_qemu(self) -> None:
        self.guest("hang", HANG)
        tool = subprocess.Popen(self.command("run", "hang", "--timeout", "20"), stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.assertEqual(tool.stdout.readline(), b"up\n")
        children = Path(f"/proc/{tool.pid}/task/{tool.pid}/children").read_text().split()
        tool.send_signal(signal.SIGTERM)
        tool.communicate(timeout=10)
        self.assertEqual(tool.returncode, 128 + signal.SIGTERM)
        self.assertEqual([child for child in children if os.path.exists(f"/proc/{child}")], [])

    def test_qemu_dies_with_the_tool(self) -> None:
        self.guest("hang", HANG)
        tool = subprocess.Popen(self.command("run", "hang", "--timeout", "20"), stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.assertEqual(tool.stdout.readline(), b"up\n")
        children = Path(f"/proc/{tool.pid}/task/{tool.pid}/children").read_text().split()
        tool.kill()
        tool.communicate(timeout=10)
        for _ in range(50):
            if not any(os.path.exists(f"/proc/{child}/exe") for child in children):
                return
            time.sleep(0.1)
        self.fail(f"QEMU {children} is still there")

    def test_a_panic_is_symbolised(self) -> None:
        self.guest("panic", PANIC)
        done = self.outside("run", "panic", "--timeout", "20")
        self.assertEqual(done.returncode, 134)
        self.assertRegex(done.stderr, r"#0 wrapped at .*panic.c:\d+ \(inlined\)\n  #1 outer at .*panic.c:\d+")

    def test_unknown_image(self) -> None:
        self.hello("hello")
        done = self.outside("run", "helo")
        self.assertEqual(done.returncode, 125)
        self.assertIn("did you mean hello?", done.stderr)

    def test_unconfigured_tree(self) -> None:
        (self.tree / "unicore/components.json").unlink()
        self.assertIn("no configured Unicore build tree", self.outside("run", "hello").stderr)

    def test_the_probe_tells_a_good_accelerator_and_remembers(self) -> None:
        machine = RUNNERS["kvm", "x86_64"]
        assert isinstance(machine, Machine)
        self.assertTrue(run_accel.probe(machine, "tcg"))
        cache = self.tree / "unicore/accel.json"
        with mock.patch("os.access", return_value=True), \
                mock.patch.object(run_accel, "probe", return_value=False) as probe:
            self.assertEqual(run_accel.choose("auto", machine, cache), "tcg")
            self.assertEqual(run_accel.choose("auto", machine, cache), "tcg")
            self.assertEqual(probe.call_count, 1)
            cache.write_text(json.dumps({**json.loads(cache.read_text()), "boot": "another"}))
            probe.return_value = True
            self.assertEqual(run_accel.choose("auto", machine, cache), "kvm")

    def test_a_pair_that_nobody_runs_has_no_accelerator(self) -> None:
        done = self.outside("accel", "kvn", "x86_64")
        self.assertEqual((done.stdout, done.returncode), ("none\n", 0))


class ProcessTest(TreeCase):
    platform = "linux"

    def test_arguments_and_settings_arrive(self) -> None:
        self.guest("show", SHOW_ARGUMENTS)
        done = self.outside("run", "show", "--setting", "log.level=debug", "--setting", "x=a b", "--timeout", "10",
                            "--", "one", "--two", "--", "three four")
        self.assertEqual(done.stdout, '[one]\n[--two]\n[--]\n[three four]\nUNICORE=log.level=debug x="a b"\n'
                                      "unicore: exit status=0\n")
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_a_crash_is_125_and_named(self) -> None:
        self.guest("crash", "int main(void) { __builtin_trap(); }")
        done = self.outside("run", "crash", "--timeout", "10")
        self.assertEqual(done.returncode, 125)
        self.assertIn("crash was ended by SIGILL", done.stderr)

    def test_a_lie_is_noticed(self) -> None:
        self.hello("liar", 4, said=3)
        done = self.outside("run", "liar", "--timeout", "10")
        self.assertEqual(done.returncode, 3)
        self.assertIn("announced status 3, but the process exited with 4", done.stderr)

    def test_sigterm_reaches_the_image(self) -> None:
        self.guest("service", ON_TERM)
        tool = subprocess.Popen(self.command("run", "service", "--timeout", "20"), stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.assertEqual(tool.stdout.readline(), b"up\n")
        tool.send_signal(signal.SIGTERM)
        output, errors = tool.communicate(timeout=10)
        self.assertEqual((tool.returncode, output, errors), (9, b"unicore: exit status=9 (asked to)\n", b""))

    def test_a_hanging_process_is_ended(self) -> None:
        self.guest("hang", HANG)
        self.assertEqual(self.outside("run", "hang", "--timeout", "0.5").returncode, 124)

    def test_dry_run(self) -> None:
        image = self.hello("hello")
        self.assertEqual(self.call(run, "hello", "--dry-run", "--", "a b"), (0, f"{image} 'a b'\n"))


if __name__ == "__main__":
    unittest.main()
