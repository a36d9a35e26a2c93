# SPDX-License-Identifier: BSD-3-Clause
"""bench: the instruments count exactly, and the bars say what the numbers mean. No speed is judged."""
from __future__ import annotations

import argparse
import json
import subprocess
import unittest
from pathlib import Path
from unittest import mock

from test_run_guest import TreeCase
from unicore import bench, bench_build, bench_guest, bench_process, bench_threads
from unicore.bench_report import Bar, amount, table
from unicore.bench_tools import Guest, built, entry, icount, median, quantile
from unicore.failure import Failure
from unicore.run_targets import RUNNERS

# Entered in 32-bit mode: 2 + COUNT iterations, one more to fill the gap, then the end of the line.
EXACT = """
.section .note.pvh, "a", @note
    .long 4, 4, 18
    .asciz "Xen"
    .long begin
.text
.code32
    ud2
begin:
    mov $text, %esi
    mov $10, %ecx
    mov $0x3f8, %dx
    rep outsb
    nop
    mov $10, %al
    outb %al, %dx
    nop
    mov $0x604, %dx
    mov $0x2000, %ax
    outw %ax, %dx
    hlt
text: .ascii "0123456789"
"""
SLEEPER = r"""
void put(const char*);
static int digits(const char* text) {
    int number = 0;
    while (*text >= '0' && *text <= '9') number = number * 10 + *text++ - '0';
    return number;
}
int main(const char* line) {
    while (*line && *line != ':') ++line;
    long left = digits(line + 1) * PER_SECOND / 2;
    __asm__ volatile("1: dec %0\n jnz 1b" : "+r"(left));
    put("unicore: exit status=0\n");
    return 0;
}
"""


class GuestTest(TreeCase):
    def bench_guest(self, image: Path) -> Guest:
        machine = RUNNERS["kvm", "x86_64"]
        return Guest(machine, image.resolve(), self.tree)  # type: ignore[arg-type]

    def exact(self) -> Guest:
        source, image = self.tree / "exact.S", self.tree / "images/exact"
        source.write_text(EXACT)
        script = Path(__file__).resolve().parent.parent / "measure/probe.ld"
        subprocess.run(["clang-19", "--target=x86_64-none-elf", "-c", str(source), "-o", f"{source}.o"], check=True)
        subprocess.run(["ld.lld-19", "-z", "noexecstack", "-e", "0", "-T", str(script), f"{source}.o",
                        "-o", str(image)], check=True)
        return self.bench_guest(image)

    def test_instructions_are_counted_exactly_with_and_without_icount(self) -> None:
        guest = self.exact()
        self.assertEqual(entry(guest.image), 0x100002)  # the note's, not the ELF header's
        for extra in ([], icount(0), icount(10)):
            with self.subTest(extra):
                boot = guest.boot(count=True, marker=b"9\n", extra=extra)
                self.assertTrue(boot.found)
                self.assertEqual(boot.once, 7)
                self.assertIn(boot.instructions, (16, 17))  # with icount QEMU looks once more whether RCX is 0
                self.assertEqual(guest.boot(count=True, marker=b"9", extra=extra).once, 4)

    def test_a_marker_that_never_comes_counts_to_the_end(self) -> None:
        boot = self.exact().boot(count=True, marker=b"x")
        self.assertFalse(boot.found)
        self.assertGreaterEqual(boot.once, 11)

    def test_hello_and_its_bars(self) -> None:
        guest = self.bench_guest(self.hello("hello"))
        self.assertEqual(guest.hello_line(), b"Hello from the test\r\n")
        boot = bench_guest.boot_bars(guest, "kvm-x86_64", True)[0]
        self.assertEqual((boot.verdict(), boot.raw["busy_wait_ns"]), ("met", 0.0))
        self.assertTrue(20 < boot.measured < 1000, boot)
        memory = bench_guest.memory_bars(guest, "kvm-x86_64", True)[0]
        self.assertEqual((memory.measured, memory.verdict()), (1088, "met"))

    def test_what_does_not_boot_is_told(self) -> None:
        guest = self.bench_guest(self.guest("mute", "int main(void) { return 0; }"))
        with self.assertRaisesRegex(Failure, "does not boot as it should"):
            guest.hello_line()

    def test_idle_counts_only_the_sleep(self) -> None:
        for rate, verdict in ((200, "met"), (2000, "missed")):
            image = self.guest(f"sleeper{rate}", SLEEPER, f"-DPER_SECOND={rate}")
            bar = bench_guest.idle_bars(self.bench_guest(image), "kvm-x86_64", True)[0]
            self.assertAlmostEqual(bar.measured, rate, delta=rate / 100)
            self.assertEqual(bar.verdict(), verdict)

    def test_the_command(self) -> None:
        self.hello("hello")
        report = self.tree / "report.json"
        status, output = self.call(bench, "--only", "size", "--enforce", "--json", str(report))
        self.assertEqual(status, 1)  # the test's hello is far too large
        self.assertRegex(output, r"hello, kvm-x86_64, stripped file +≤ 12,288 B +\d\d,\d\d\d B +missed +146,432 B")
        self.assertEqual(json.loads(report.read_text())["bars"][0]["verdict"], "missed")
        self.assertEqual(self.call(bench, "--only", "size", "--json", str(report))[0], 0)


class ArithmeticTest(unittest.TestCase):
    def test_work_and_waiting_are_separated(self) -> None:
        work, waiting = bench_guest.separate(1000 + 1024000, 1000 + 1000)
        self.assertEqual((work, waiting), (1000, 1024000))
        self.assertEqual(bench_guest.separate(500, 500), (500, 0))

    def test_bisection(self) -> None:
        for answer in range(576, 2049, 64):
            self.assertEqual(bench_guest.smallest(lambda kib, need=answer: kib >= need, 512, 2048), answer)

    def test_middle_values(self) -> None:
        self.assertEqual((median([3, 1, 2]), median([4, 1, 2, 3])), (2, 2.5))
        self.assertEqual((quantile([1, 2, 3, 4], 0.25), quantile([1, 2, 3, 4], 1.0)), (2, 4))

    def test_verdicts(self) -> None:
        for bar, verdict in ((Bar("a", "a", "B", "<=", 5, 5), "met"), (Bar("a", "a", "B", "<", 5, 5), "missed"),
                             (Bar("a", "a", "B", "<", 5), "not measured"), (Bar("a", "a", "B", measured=5), "")):
            self.assertEqual(bar.verdict(), verdict)
        self.assertEqual([amount(12288, "B"), amount(0.456, "×"), amount(1234.5, ""), amount(float("inf"), "")],
                         ["12,288 B", "0.46 ×", "1,234" if round(1234.5) == 1234 else "1,235", "inf"])
        self.assertIn("  a: because", table([Bar("a", "a", "", note="because")]))


class ProcessTest(TreeCase):
    platform = "linux"

    def test_starts_are_timed_in_turns_and_instructions_counted(self) -> None:
        image = self.hello("hello")
        ratio, steps = bench_process.start_bars(image, self.tree, True)
        self.assertEqual(len(ratio.raw["ours_ns"]), 30)
        self.assertTrue(0.2 < ratio.measured < 5)
        self.assertTrue(100 < steps.measured < 10_000_000)

    def test_yields_are_timed_against_two_threads(self) -> None:
        image = self.tree / "threads"
        image.write_text("#!/bin/sh\necho ping pong, $1 times: 5000000 ns\n")
        image.chmod(0o755)
        bar = bench_threads.process_bars(image, self.tree, True)[0]
        self.assertEqual(bar.raw["ours_ns"], [5.0] * 3)
        self.assertTrue(all(100 < each for each in bar.raw["baseline_ns"]))
        image.write_text("#!/bin/sh\necho nothing\n")
        with self.assertRaisesRegex(Failure, "threads does not say how long it took"):
            bench_threads.process_bars(image, self.tree, True)
        image.write_text("#!/bin/sh\necho no memory >&2\nexit 1\n")
        with self.assertRaisesRegex(Failure, "ended with 1: no memory"):
            bench_threads.process_bars(image, self.tree, True)

    def test_the_count_of_instructions_is_exact(self) -> None:
        source = self.tree / "exact.S"
        source.write_text(".globl _start\n_start: mov $60, %eax\n xor %edi, %edi\n nop\n nop\n syscall\n")
        program = self.tree / "exact"
        subprocess.run(["clang-19", "-nostdlib", "-static", str(source), "-o", str(program)], check=True)
        starter = built(self.tree, "start.c", "start", "clang-19", [])
        done = subprocess.run([str(starter), "-i", str(program)], stdout=subprocess.PIPE, check=True)
        self.assertEqual(done.stdout, b"5\n")
        failing = subprocess.run([str(starter), "1", "/bin/false"], stderr=subprocess.PIPE, check=False)
        self.assertEqual((failing.returncode, failing.stderr), (1, b"/bin/false did not exit with 0\n"))


class BuildTest(TreeCase):
    """A small project with a config header stands for the real one."""

    def project(self, greedy: bool) -> bench.BuiltTree:
        source = self.tree / "source"
        source.mkdir()
        (source / "CMakeLists.txt").write_text("""
cmake_minimum_required(VERSION 3.25)
project(small C)
set(UNICORE_A_B_SIZE 4 CACHE STRING "")
file(CONFIGURE OUTPUT unicore/include/a.b/unicore/a/b/config.hpp CONTENT "enum { size = @UNICORE_A_B_SIZE@ };\\n" @ONLY)
file(CONFIGURE OUTPUT unicore/components.json CONTENT [[{"target": {"platform": "kvm", "architecture": "x86_64"},
  "interfaces": [], "images": [], "components": [{"name": "a.b"}], "options": [
  {"type": "int", "effective": "4", "minimum": "1", "maximum": "4", "variable": "UNICORE_A_B_SIZE",
   "component": "a.b", "when_holds": true}]}]] @ONLY)
add_library(small STATIC user.c other.c)
target_include_directories(small PRIVATE ${CMAKE_BINARY_DIR}/unicore/include/a.b)
""" + ("target_compile_definitions(small PRIVATE SIZE=${UNICORE_A_B_SIZE})\n" if greedy else ""))
        (source / "CMakePresets.json").write_text(json.dumps({"version": 6, "configurePresets": [
            {"name": "kvm-x86_64", "generator": "Ninja", "binaryDir": "${sourceDir}/build",
             "cacheVariables": {"CMAKE_C_COMPILER": "clang-19"}}]}))
        (source / "user.c").write_text('#include "unicore/a/b/config.hpp"\nint user = size;\n')
        (source / "other.c").write_text("int other;\n")
        subprocess.run(["cmake", "--preset", "kvm-x86_64", "-B", str(self.tree)], cwd=source, check=True,
                       stdout=subprocess.DEVNULL)
        return bench.BuiltTree(self.tree)

    def test_only_what_includes_the_header_is_rebuilt(self) -> None:
        tree = self.project(greedy=False)
        (bar,) = bench_build.rebuild_bars(tree, None)
        self.assertEqual((bar.verdict(), bar.raw["rebuilt"], bar.raw["include"]),
                         ("met", ["CMakeFiles/small.dir/user.c.o"], ["CMakeFiles/small.dir/user.c.o"]))
        self.assertIn("UNICORE_A_B_SIZE=3: 1 of 2 files", bar.note)
        again, fresh = bench_build.configure_bars(tree, None)
        self.assertEqual(again.verdict(), "met")
        self.assertGreater(fresh.measured, 0)

    def test_a_rebuild_of_more_is_a_miss(self) -> None:
        (bar,) = bench_build.rebuild_bars(self.project(greedy=True), None)
        self.assertEqual((bar.verdict(), bar.measured), ("missed", 1))

    def test_values_an_option_could_take(self) -> None:
        for kind, now, value in (("bool", "ON", "OFF"), ("bool", "OFF", "ON"), ("choice", "a", "b"), ("int", "3", "4"),
                                 ("int", "4", "3"), ("string", "x", None)):
            option = {"type": kind, "effective": now, "choices": ["a", "b"], "minimum": "", "maximum": "4"}
            self.assertEqual(bench_build.another_value(option), value)
        with self.assertRaises(Failure):
            bench_build.choose_option([], len)


class WholeTest(TreeCase):
    def test_a_failure_is_a_bar_that_was_not_measured(self) -> None:
        self.hello("hello")
        args = argparse.Namespace(tree=str(self.tree), release_tree=[], image="hello", only=["boot"], quick=True,
                                  preset=None, json=self.tree / "report.json", enforce=True)
        with mock.patch.object(bench, "boot_bars", side_effect=Failure("the reason")), mock.patch("builtins.print"):
            self.assertEqual(bench.main(args), 1)
        bars = json.loads((self.tree / "report.json").read_text())["bars"]
        self.assertEqual((bars[0]["verdict"], bars[0]["note"]), ("not measured", "the reason"))


if __name__ == "__main__":
    unittest.main()
