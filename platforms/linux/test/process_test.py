# SPDX-License-Identifier: BSD-3-Clause
"""process_test.py IMAGE ARCHITECTURE [unittest options]: what the image `linux-process` does as a process."""
import ctypes
import fcntl
import os
import random
import re
import resource
import signal
import subprocess
import sys
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "cmake" / "tools"))

from unicore.run_targets import RUNNERS  # noqa: E402  (the path comes first)

IMAGE = []  # the image, behind an emulator where the machine needs one
ARCHITECTURE = ""
# What cannot be provoked, and why. [Arm DDI 0487, C6.2.270, SDIV; Arm DDI 0406C, A4.4.6: divisions by zero give zero]
NO_FAULT = {"divide": ("aarch64", "arm"), "not-canonical": ("aarch64", "arm", "mips")}  # the latter is x86-64's notion
LIMIT = 20  # seconds for anything


def run(*words, settings="", stdout=subprocess.PIPE, stderr=subprocess.PIPE, environment=None, **more):
    """Runs a case to its end: (exit status, standard output, standard error)."""
    done = subprocess.run([*IMAGE, *words], stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr, timeout=LIMIT,
                          env={"UNICORE": settings, **(environment or {})}, check=False, **more)
    return done.returncode, (done.stdout or b"").decode(), (done.stderr or b"").decode()


def emulated():
    """Whether an emulator runs the image: it takes its time to start, and needs memory of its own."""
    return len(IMAGE) > 1


class Running:
    """A case that is still running."""

    def __init__(self, *words):
        self.process = subprocess.Popen([*IMAGE, *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, env={}, bufsize=0)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.communicate()

    def until(self, line):
        while True:
            got = self.process.stdout.readline()
            if got == line.encode() + b"\n":
                return
            if not got:
                raise AssertionError(f"{line!r} did not come")

    def signal(self, *signals, pause=0.0):
        for number in signals:
            self.process.send_signal(number)
            time.sleep(pause)

    def signal_thread(self, number):
        """Signals the first thread, not the process: the kernel chooses among a process's threads, and what QEMU's
        helper thread has not blocked (SIGSEGV) ends the emulator there. [tgkill(2); signal(7); seen with 7.2]"""
        process = self.process.pid
        if ctypes.CDLL(None, use_errno=True).tgkill(process, process, int(number)) != 0:
            raise OSError(ctypes.get_errno(), "tgkill")

    def end(self):
        out, errors = self.process.communicate(timeout=LIMIT)
        return self.process.returncode, out.decode(), errors.decode()


class Start(unittest.TestCase):
    def test_arguments(self):
        status, out, errors = run("arguments", "a", "b c", "", '"d"', "--")
        self.assertEqual((7, '[a]\n[b c]\n[]\n["d"]\n[--]\n', "unicore: exit status=7\n"), (status, out, errors))

    def test_environment(self):
        for environment, value in (({"NAME": "a value"}, "a value"), ({"NAME": ""}, ""), ({"NAME": "a=b"}, "a=b"),
                                   ({"NAMES": "x", "XNAME": "x"}, "(not set)")):
            self.assertEqual((0, f"value: {value}\n"), run("environment", "NAME", environment=environment)[:2])

    def test_empty_environment(self):
        done = subprocess.run([*IMAGE, "environment", "NAME"], env={}, capture_output=True, timeout=LIMIT, check=False)
        self.assertEqual((0, b"value: (not set)\n"), (done.returncode, done.stdout))

    def test_settings_with_quotes_and_blanks(self):
        self.assertEqual((0, "KiB: 1024\n"), run("memory", settings='  memory="1M"\t ')[:2])

    def test_unknown_setting_is_said_and_not_fatal(self):
        status, _, errors = run("arguments", settings="colour=red memory=1")
        self.assertEqual(2, status)
        self.assertRegex(errors, "unknown setting colour=red .* known:.* memory")

    def test_too_many_settings(self):
        status, _, errors = run("arguments", settings="memory=1 " * 40)
        self.assertEqual(2, status)
        self.assertIn("more than 32 settings", errors)


class Stop(unittest.TestCase):
    def test_ends_a_wait(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            with Running("wait") as image:
                image.until("waiting")
                time.sleep(0.05)
                image.signal(number)
                self.assertEqual((3, "ended: stopped\n", "unicore: exit status=3\n"), image.end())

    def test_before_the_wait_is_not_lost(self):
        with Running("stop-first") as image:
            image.until("computing")
            image.signal(signal.SIGTERM)
            self.assertEqual((3, "ended: stopped\n"), image.end()[:2])

    def test_several_at_once_are_one_request(self):
        for _ in range(20):
            with Running("wait") as image:
                image.until("waiting")
                image.signal(signal.SIGTERM, signal.SIGINT, signal.SIGTERM)
                self.assertEqual((3, "ended: stopped\n"), image.end()[:2])

    def test_second_ends_what_does_not_stop(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            with Running("ignore") as image:
                image.until("computing")
                image.signal(number, pause=0.3)
                self.assertIsNone(image.process.poll())
                image.signal(number)
                last = f"unicore: exit status={128 + number} (second stop signal)\n"
                self.assertEqual((128 + number, "", last), image.end())

    def test_masked_is_noted_and_handled_after(self):
        with Running("mask") as image:
            image.until("masked")
            time.sleep(0.05)
            image.signal(signal.SIGTERM)
            self.assertEqual(3, image.end()[0])

    def test_at_any_moment(self):
        """A signal at a random moment around the start of the wait ends it; none is lost."""
        moments = random.Random(2)
        for _ in range(300):
            with Running("wait") as image:
                end = time.monotonic() + moments.uniform(0, 0.05 if emulated() else 0.002)
                while time.monotonic() < end:
                    pass
                image.signal(signal.SIGTERM)
                # Before the handler is installed the kernel ends the process.
                self.assertIn(image.end()[0], (3, -signal.SIGTERM))


class Faults(unittest.TestCase):
    REPORT = re.compile(r"unicore: fault: (?P<what>.+) at (?P<address>0x[0-9a-f]+)\n"
                        r"(unicore:  ( +[a-z0-9]+ *=0x[0-9a-f]+)+\n)+"
                        r"unicore: backtrace [0-9a-f]{8,}(?P<chain>( 0x[0-9a-f]+)*)\n"
                        r"unicore: exit status=134 \(panic\)\n")

    def test_each_is_reported(self):
        for name, what, address in (
                ("null-read", "null pointer", "0x0"), ("null-write", "null pointer", "0x8"),
                ("null-call", "null pointer", "0x0"), ("write-constant", "write not allowed", None),
                ("write-text", "write not allowed", None), ("read-nothing", "read not allowed", "0x10000000"),
                ("execute-data", "execution of data", None), ("execute-constant", "execution of data", None),
                ("not-canonical", "general protection", None), ("divide", "divide error", None),
                ("invalid", "invalid instruction", None), ("breakpoint", "breakpoint", None),
                ("stack", "stack overflow", None), ("uncommitted", "write not allowed", None)):
            if ARCHITECTURE in NO_FAULT.get(name, ()):
                self.assertEqual((1, "no fault\n"), run("fault", name)[:2])
                continue
            with self.subTest(name):
                status, out, errors = run("fault", name)
                found = self.REPORT.fullmatch(errors)
                self.assertEqual((134, ""), (status, out))
                self.assertIsNotNone(found, errors)
                if emulated() and ARCHITECTURE == "mips" and name == "divide":
                    what = "breakpoint"  # QEMU 7.2 loses the code of TEQ and BREAK, which says so [do_raise_exception_err]
                self.assertEqual(what, found["what"])
                if address:
                    self.assertEqual(address, found["address"])
                self.assertGreaterEqual(len(found["chain"].split()), 2)

    def test_panic(self):
        status, out, errors = run("fault", "panic")
        self.assertEqual((134, ""), (status, out))
        self.assertRegex(errors, r"unicore: panic: as asked\nunicore: backtrace .*\n"
                                 r"unicore: exit status=134 \(panic\)\n")

    def test_fault_in_the_report(self):
        status, _, errors = run("fault", "broken-frames")
        self.assertEqual(134, status)
        self.assertRegex(errors, r"unicore: backtrace [0-9a-f]+ 0x[0-9a-f]+\nunicore: exit status=134 \(panic\)\n$")

    def test_sent_by_another_process(self):
        with Running("wait") as image:
            image.until("waiting")
            image.signal_thread(signal.SIGSEGV)
            status, _, errors = image.end()
            self.assertEqual(134, status)
            self.assertIn("fault: signal of another process at", errors)


class Output(unittest.TestCase):
    def test_reader_went_away(self):
        read, write = os.pipe()
        os.close(read)
        status, _, errors = run("flood", stdout=write)
        os.close(write)
        self.assertEqual((3, "unicore: exit status=3\n"), (status, errors))

    def test_closed_from_the_start(self):
        done = subprocess.run(["/bin/sh", "-c", 'exec "$@" flood >&- 2>&-', "sh", *IMAGE], timeout=LIMIT, check=False)
        self.assertEqual(3, done.returncode)

    def test_full_disk(self):
        with open("/dev/full", "wb", buffering=0) as full:
            self.assertEqual(3, run("flood", stdout=full)[0])

    def flood(self, delay, non_blocking):
        read, write = os.pipe()
        if non_blocking:
            fcntl.fcntl(write, fcntl.F_SETFL, fcntl.fcntl(write, fcntl.F_GETFL) | os.O_NONBLOCK)
        with subprocess.Popen([*IMAGE, "flood"], stdout=write, stderr=subprocess.DEVNULL) as image:
            os.close(write)
            data = b""
            while True:
                piece = os.read(read, 65536)
                if not piece:
                    break
                data += piece
                time.sleep(delay)
            os.close(read)
            return image.wait(LIMIT), data

    def test_slow_reader_gets_everything(self):
        expected = "".join(f"line {i} of the flood\n" for i in range(20000)).encode()
        for non_blocking in (False, True):
            with self.subTest(non_blocking=non_blocking):
                self.assertEqual((3, expected), self.flood(0.02, non_blocking))

    def test_stuck_reader_of_diagnostics_does_not_hang(self):
        read, write = os.pipe()
        fcntl.fcntl(write, fcntl.F_SETFL, os.O_NONBLOCK)
        os.write(write, b"x" * fcntl.fcntl(write, 1032))  # F_GETPIPE_SZ: full
        before = time.monotonic()
        self.assertEqual(7, run("arguments", "1", "2", "3", "4", "5", stderr=write)[0])
        self.assertLess(time.monotonic() - before, 5)
        os.close(read)
        os.close(write)


class Memory(unittest.TestCase):
    def test_sizes(self):
        for settings, size in (("", None), ("memory=1", 1024), ("memory=64K", 64), ("memory=512", 512 << 10),
                               ("memory=65K", 64)):
            status, out, errors = run("memory", settings=settings)
            self.assertEqual((0, "unicore: exit status=0\n"), (status, errors))
            if size:
                self.assertEqual(f"KiB: {size}\n", out)

    def test_bad_sizes_are_refused(self):
        for value in ("", "0", "63K", "many", "1.5G", "-1", "64MB", "99999999999999999999"):
            status, out, errors = run("memory", settings=f"memory={value}")
            self.assertEqual((134, ""), (status, out))
            self.assertIn(f"setting memory={value}: allowed is a size in MiB, or with K, M or G behind it, "
                          "of 64K or more", errors)

    def test_more_than_addresses_reach(self):
        """64-bit kernels give processes 47 bits of addresses; the image takes half of what there can be, at most."""
        status, out, _ = run("memory", settings="memory=3G")
        wide = ARCHITECTURE in ("x86_64", "aarch64")
        self.assertEqual((0, "KiB: 3145728\n") if wide else (134, ""), (status, out))

    def test_more_than_the_limit_allows(self):
        if emulated():
            self.skipTest("the limit would be the emulator's own")
        status, _, errors = run("memory", settings="memory=256",
                                preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (64 << 20, 64 << 20)))
        self.assertEqual(134, status)
        self.assertIn("panic: cannot reserve 262144 KiB of addresses: error 12 of mmap", errors)


class Clocks(unittest.TestCase):
    def test_deadlines(self):
        self.assertEqual(0, run("deadlines")[0])

    def test_wall_clock(self):
        before = int(time.time())
        status, out, _ = run("wall")
        self.assertEqual(0, status)
        self.assertLessEqual(before, int(out.split()[1]))
        self.assertLessEqual(int(out.split()[1]), int(time.time()))

    def test_waiting_costs_nothing(self):
        with Running("wait") as image:
            image.until("waiting")
            time.sleep(0.2)
            before = self.cost(image.process.pid)
            time.sleep(1)
            time_used, switches = (after - start for start, after in zip(before, self.cost(image.process.pid)))
            image.signal(signal.SIGTERM)
            self.assertEqual(3, image.end()[0])
            self.assertLess(time_used, 0.05)
            self.assertLess(switches, 20)

    @staticmethod
    def cost(process):
        """Seconds of processor time and voluntary switches so far. [proc(5), /proc/PID/stat and status]"""
        with open(f"/proc/{process}/stat", encoding="ascii") as file:
            fields = file.read().rpartition(")")[2].split()
        with open(f"/proc/{process}/status", encoding="ascii") as file:
            switches = int(re.search(r"^voluntary_ctxt_switches:\s*(\d+)", file.read(), re.MULTILINE)[1])
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"), switches


class Entropy(unittest.TestCase):
    def test_reads_differ(self):
        self.assertEqual(3, run("entropy")[0])


if __name__ == "__main__":
    image = os.path.abspath(sys.argv.pop(1))
    ARCHITECTURE = sys.argv.pop(1)
    IMAGE = [*RUNNERS["linux", ARCHITECTURE].prefix(), image]
    unittest.main()
