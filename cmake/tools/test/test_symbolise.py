# SPDX-License-Identifier: BSD-3-Clause
"""symbolise: the right file by build-id, the right address, inlined calls, and no surprise without them."""
from __future__ import annotations

import re
import subprocess
import tempfile
import unittest
from pathlib import Path
from typing import Dict

from test_run_guest import PANIC, TreeCase
from unicore import symbolise
from unicore.symbolise_elf import Elf, ElfError, build_id


class ElfTest(unittest.TestCase):
    def build(self, *flags: str) -> Path:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        source = Path(folder.name) / "x.c"
        source.write_text("int data = 3; char none[100]; void _start(void) { none[0] = data; }\n")
        subprocess.run(["clang-19", *flags, "-ffreestanding", "-c", str(source), "-o", f"{source}.o"], check=True)
        subprocess.run(["ld.lld-19", "-e", "_start", "--build-id=0x0123456789abcdef", f"{source}.o",
                        "-o", f"{source}.elf"], check=True)
        return Path(f"{source}.elf")

    def test_reads_both_classes_and_byte_orders(self) -> None:
        for triple in ("x86_64-none-elf", "i386-none-elf", "aarch64-none-elf", "armv7-none-eabi", "mipsel-none-elf",
                       "mips-none-elf", "powerpc64-none-elf"):
            with self.subTest(triple):
                elf = Elf(self.build(f"--target={triple}"))
                self.assertEqual(elf.build_id(), "0123456789abcdef")
                bss = next(section for section in elf.sections if section.name == ".bss")
                self.assertEqual(bss.size, 100)
                self.assertTrue(any(s.address <= elf.entry < s.address + s.memory_size or triple.startswith("powerpc")
                                    for s in elf.segments))

    def test_broken_files_are_an_error_and_have_no_build_id(self) -> None:
        whole = self.build("--target=x86_64-none-elf").read_bytes()
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "x"
            for data in (b"", b"\x7fELF", b"text", whole[:60], whole[:len(whole) // 2]):
                path.write_bytes(data)
                self.assertIsNone(build_id(path) if len(data) < 100 else None)
                if len(data) <= 60:
                    with self.assertRaises(ElfError):
                        Elf(path)


class SymboliseTest(TreeCase):
    def setUp(self) -> None:
        super().setUp()
        self.image = self.guest("panic", PANIC)
        self.debug = self.tree / "images/panic.debug"
        self.id = build_id(self.debug)
        listing = subprocess.run(["nm", str(self.debug)], stdout=subprocess.PIPE, encoding="ascii", check=True).stdout
        self.symbols: Dict[str, int] = {name: int(value, 16) for value, _, name in map(str.split, listing.splitlines())}

    def symbolise(self, text: str, *words: str) -> str:
        (self.tree / "console").write_text(text)
        status, output = self.call(symbolise, str(self.tree / "console"), *words)
        self.assertEqual(status, 0)
        return output

    def test_the_text_passes_and_return_addresses_mean_the_call_before(self) -> None:
        # One past the end of inner is the start of outer: as a return address it belongs to inner.
        first = self.symbols["outer"]
        text = f"before\r\nunicore: backtrace {self.id} 0x{first:x} 0x{first:x}\r\nafter\n"
        lines = self.symbolise(text).splitlines()
        self.assertEqual(lines[:2] + lines[-1:], ["before", f"unicore: backtrace {self.id} 0x{first:x} 0x{first:x}",
                                                  "after"])
        for number, line in enumerate(lines[2:-1]):
            self.assertNotIn(" outer at", line)
            self.assertTrue(line.startswith(f"  #{number} "))

    def test_after_a_fault_the_first_address_is_the_instruction_itself(self) -> None:
        first = self.symbols["outer"]
        trace = f"unicore: backtrace {self.id} 0x{first:x}\n"
        lines = self.symbolise(f"unicore: fault: page fault\nrip {first:x}\n{trace}{trace}").splitlines()
        self.assertRegex(lines[3], r"^  #0 outer at .*panic\.c:\d+$")
        self.assertNotIn("outer at", lines[-1])

    def test_the_caller_of_a_function_without_a_frame_is_in_the_link_register(self) -> None:
        for triple, register in (("aarch64-none-elf", "lr"), ("armv7-none-eabi", "lr"), ("mipsel-none-elf", "ra")):
            source = self.tree / f"{triple}.c"
            source.write_text("__attribute__((noinline)) int leaf(int *at) { return *at + 1; }\n"
                              "__attribute__((noinline)) int caller(int *at) { return leaf(at) + 1; }\n"
                              "int _start(void) { return caller(0) + 1; }\nvoid end(void) {}\n")
            file = self.tree / f"{triple}.debug"
            subprocess.run(["clang-19", f"--target={triple}", "-O1", "-g", "-ffreestanding", "-fno-omit-frame-pointer",
                            "-momit-leaf-frame-pointer", "-c", str(source), "-o", f"{source}.o"], check=True)
            subprocess.run(["ld.lld-19", "-e", "_start", "--build-id=0x0123456789abcdef", f"{source}.o", "-o", str(file)],
                           check=True)
            table = {symbol[0]: symbol[1] for symbol in
                     ((name, int(value, 16)) for value, _, name in
                      (line.split() for line in subprocess.run(["llvm-nm-19", str(file)], stdout=subprocess.PIPE,
                                                               encoding="ascii", check=True).stdout.splitlines()))}
            in_caller, in_start = table["_start"] - 8, table["end"] - 8  # behind their calls
            for at, link, expected in ((table["leaf"], in_caller, ["leaf", "caller", "_start"]),
                                       (table["caller"], in_start - 4, ["caller", "_start", "_start"]),
                                       (in_caller, table["leaf"], ["caller", "_start"])):
                with self.subTest(triple, at=expected):
                    text = (f"unicore: fault: null pointer at 0x0\nunicore:   r1=0x1  {register}=0x{link:x}\n"
                            f"unicore: backtrace 0123456789abcdef 0x{at:x} 0x{in_start:x}\n")
                    found = re.findall(r"^  #\d+ (\w+) at", self.symbolise(text, "--debug-dir", str(file)), re.M)
                    self.assertEqual(found, expected)

    def test_another_folder(self) -> None:
        elsewhere = self.tree / "elsewhere"
        elsewhere.mkdir()
        self.debug.rename(elsewhere / "old.debug")
        text = f"unicore: backtrace {self.id} 0x{self.symbols['outer'] + 1:x}\n"
        self.assertIn("  no symbols for build-id", self.symbolise(text))
        self.assertRegex(self.symbolise(text, "--debug-dir", str(elsewhere)), "#0 outer at")
        self.assertRegex(self.symbolise(text, "--debug-dir", str(elsewhere / "old.debug")), "#0 outer at")

    def test_an_unknown_build_id_is_named_with_the_known(self) -> None:
        output = self.symbolise("unicore: backtrace 00112233445566778899 0x1000\n")
        self.assertIn(f"no symbols for build-id 00112233445566778899; there are: {self.id} (", output)

    def test_an_address_outside_stays_a_number(self) -> None:
        self.assertIn("  #0 0xdead0000 at ??", self.symbolise(f"unicore: backtrace {self.id} 0xdead0000\n"))

    def test_a_prefix_before_the_line_and_no_addresses(self) -> None:
        self.assertEqual(len(self.symbolise(f"[  1.0] unicore: backtrace {self.id}\n").splitlines()), 1)

    def test_what_only_looks_like_a_backtrace(self) -> None:
        for text in ("unicore: backtrace\n", "unicore: backtrace xyz 0x1\n", "backtrace 00112233 0x1\n"):
            self.assertEqual(self.symbolise(text), text)

    def test_bytes_that_are_no_text(self) -> None:
        (self.tree / "console").write_bytes(b"\xff\xfe\n")
        self.assertEqual(self.call(symbolise, str(self.tree / "console"))[0], 0)

    def test_a_missing_file(self) -> None:
        status, output = self.call(symbolise, "/nowhere")
        self.assertEqual(status, 1)
        self.assertTrue(re.search("/nowhere: No such file", output))


if __name__ == "__main__":
    unittest.main()
