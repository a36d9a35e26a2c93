# SPDX-License-Identifier: BSD-3-Clause
"""size: every byte has one owner, the owner is the right one, and the drawing holds together."""
from __future__ import annotations

import json
import random
import subprocess
import unittest
import xml.etree.ElementTree as xml
from pathlib import Path
from typing import List

from test_run_guest import TreeCase
from unicore import size
from unicore.size_account import PADDING, ZEROED, Account, Part, account
from unicore.size_map import SCRIPT, Input, component_of, object_of, parse_map
from unicore.size_strings import members
from unicore.size_treemap import Box, squarify, treemap
from unicore.symbolise_elf import PT_LOAD, Elf

LAYOUT = """
PHDRS { rodata PT_LOAD FILEHDR PHDRS FLAGS(4); text PT_LOAD FLAGS(5); data PT_LOAD FLAGS(6); }
SECTIONS {
    . = 0x400000 + SIZEOF_HEADERS;
    .rodata : { *(.rodata .rodata.*) } :rodata
    . = ALIGN(4096) + (. & 4095);
    .text : { *(.text .text.*) . = ALIGN(64); } :text
    . = ALIGN(4096) + (. & 4095);
    .data : { *(.data .data.*) } :data
    .bss : { *(.bss .bss.*) } :data
    /DISCARD/ : { *(.comment) *(.eh_frame) *(.note.GNU-stack) }
}
"""
MAIN = """int buddy(const char*); char zero[3000];
int _start(void) { return buddy("a string") + buddy("shared") + zero[5]; }
"""
BUDDY = 'int table[25] = {1}; static int sum; int buddy(const char* s) { return sum += table[s[0]] + "shared"[sum]; }\n'
BOOT = "const int steps[7] = {1}; const int* boot(void) { return steps; }\n"


class MapTest(unittest.TestCase):
    def test_reads_what_is_loaded(self) -> None:
        entries = parse_map("""\
             VMA              LMA     Size Align Out     In      Symbol
               0                0   100000     1 . = 0x100000
          100000           100000      112    16 .text
          100000           100000       a3    16         x/libmemory.buddy.a(buddy.cpp.o):(.text._ZN1aEv)
          100000           100000       a3     1                 a() (.cold) = b
          1000b0           1000b0        0     1         empty.o:(.text)
          1000b0           1000b0       10     1         . = ALIGN ( 64 )
          1000c0           1000c0       20     1         . += 32
          100118           100118       1d     8 .rodata
          100118           100118       1d     1         <internal>:(.rodata.str1.1)
               0                0       4b     1 .debug_info
               0                0       4b     1         x.o:(.debug_info)
""".splitlines())
        self.assertEqual(entries, [
            Input(0x100000, 0xa3, ".text", "x/libmemory.buddy.a(buddy.cpp.o)", ".text._ZN1aEv"),
            Input(0x1000c0, 0x20, ".text", SCRIPT, ""),
            Input(0x100118, 0x1d, ".rodata", "<internal>", ".rodata.str1.1")])

    def test_sections_at_address_zero_are_loaded_unless_they_are_for_tools(self) -> None:
        entries = parse_map(["VMA LMA Size Align Out In Symbol", "0 0 10 1 .text", "0 0 10 1         a.o:(.text)"])
        self.assertEqual(len(entries), 1)

    def test_another_file_is_refused(self) -> None:
        with self.assertRaises(ValueError):
            parse_map(["Archive member included to satisfy reference by file (symbol)"])

    def test_owners(self) -> None:
        for file, section, owner, thing in (
                ("c/memory/buddy/libmemory.buddy.a(buddy.cpp.obj)", ".text", "memory.buddy", "buddy.cpp"),
                ("/usr/lib/libclang_rt.builtins.a(udivti3.c.o)", ".text", "clang_rt.builtins", "udivti3.c"),
                ("a/CMakeFiles/base.dir/text.cpp.o", ".text", "base", "text.cpp"),
                ("a/CMakeFiles/hello.dir/hello.cpp.obj", ".text", "application", "hello.cpp"),
                ("a/CMakeFiles/hello.dir/unicore/hello/boot.cpp.obj", ".data", "image", "boot.cpp"),
                ("<internal>", ".rodata.str1.1", "(shared strings)", ""),
                ("<internal>", ".rodata.cst32", "(shared constants)", ""), (SCRIPT, "", "(linker script)", ""),
                ("<internal>", ".note.gnu.build-id", "(build-id)", ""),
                ("<internal>", ".got", "(linker's .got)", "")):
            entry = Input(0, 1, ".x", file, section)
            self.assertEqual((component_of(entry, {"base", "memory.buddy"}), object_of(entry)), (owner, thing))


class AccountTest(TreeCase):
    platform = "linux"

    def link(self, *flags: str) -> Path:
        folder = self.tree / "objects/CMakeFiles/hello.dir"
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in (("main", MAIN), ("buddy", BUDDY), ("boot.cpp", BOOT)):
            (folder / f"{name}.c").write_text(text)
            subprocess.run(["clang-19", "--target=x86_64-none-elf", "-Os", "-ffunction-sections", "-fdata-sections",
                            "-c", str(folder / f"{name}.c"), "-o", str(folder / f"{name}.o")], check=True)
        archive, image = folder / "libmemory.buddy.a", self.tree / "images/hello"
        archive.unlink(missing_ok=True)
        subprocess.run(["llvm-ar-19", "rcs", str(archive), str(folder / "buddy.o")], check=True)
        (self.tree / "script").write_text(LAYOUT)
        subprocess.run(["ld.lld-19", "-static", "--gc-sections", "-u", "boot", "-e", "_start", "--script",
                        str(self.tree / "script"), f"-Map={image}.map", str(folder / "main.o"),
                        str(folder / "boot.cpp.o"), str(archive), "-o", f"{image}.debug"], check=True)
        subprocess.run(["llvm-strip-19", "--strip-all", *flags, "-o", str(image), f"{image}.debug"], check=True)
        return image

    def measure(self, *flags: str) -> Account:
        image = self.link(*flags)
        result = size.measure(size.BuiltTree(self.tree), "hello")
        self.assertEqual(sum(part.file for part in result.parts), image.stat().st_size)
        loads = [segment for segment in Elf(image).segments if segment.kind == PT_LOAD]
        self.assertEqual(sum(part.memory for part in result.parts), sum(load.memory_size for load in loads))
        return result

    def test_the_sum_is_exact_and_the_owners_are_right(self) -> None:
        result = self.measure("--strip-sections")
        owners = {(part.component, part.section): (part.file, part.memory) for part in result.parts}
        self.assertEqual(owners["memory.buddy", ".data"], (100, 100))
        self.assertEqual(owners["memory.buddy", ".bss"], (0, 4))
        self.assertEqual(owners["application", ".bss"], (0, 3000))
        self.assertEqual(owners["image", ".rodata"], (28, 28))
        self.assertEqual(owners["application", ".rodata"], (9, 9))  # its string
        self.assertEqual(owners["(shared strings)", ".rodata"], (7, 7))
        self.assertEqual(owners["(ELF headers)", ""], (64 + 3 * 56, 64 + 3 * 56))
        self.assertIn((PADDING, ".text"), owners)

    def test_without_the_objects_strings_have_no_owner(self) -> None:
        self.link("--strip-sections")
        (self.tree / "objects/CMakeFiles/hello.dir/main.o").unlink()
        owners = {(p.component, p.section) for p in size.measure(size.BuiltTree(self.tree), "hello").parts}
        self.assertNotIn(("application", ".rodata"), owners)

    def test_archives_with_long_names(self) -> None:
        for name in ("short.o", "a_rather_long_name_for_a_member.cpp.obj"):
            (self.tree / name).write_bytes(b"x" * 7)
        archive = self.tree / "x.a"
        subprocess.run(["llvm-ar-19", "rcs", str(archive), *map(str, sorted(self.tree.glob("*o*.o*")))], check=True)
        self.assertEqual({name: len(data) for name, data in members(archive.read_bytes())},
                         {"short.o": 7, "a_rather_long_name_for_a_member.cpp.obj": 7})

    def test_section_headers_and_their_names_count(self) -> None:
        owners = {part.component: part.file for part in self.measure().parts}
        self.assertGreater(owners["(linker's tables)"], 10)  # the names of the sections

    def test_a_kernel_too(self) -> None:
        self.platform = "kvm"
        image = self.hello("kernel")
        result = size.measure(size.BuiltTree(self.tree), "kernel")
        self.assertEqual(sum(part.file for part in result.parts), image.stat().st_size)
        self.assertEqual(sum(part.memory for part in result.parts if part.section == ".bss"), 16384)

    def test_segments_that_share_bytes_of_the_file_count_them_once(self) -> None:
        image = self.link("--strip-sections")
        data = bytearray(image.read_bytes())
        data[64 + 56 + 8:64 + 56 + 16] = bytes(8)  # the second segment now starts with the file, as the first
        data[64 + 56 + 16:64 + 56 + 24] = (0x401000).to_bytes(8, "little")
        image.write_bytes(data)
        result = account("hello", Elf(image), Elf(Path(f"{image}.debug")), [], [])
        self.assertEqual(result.file, len(data))

    def test_table_json_and_comparison(self) -> None:
        self.link("--strip-sections")
        old, drawing = self.tree / "old.json", self.tree / "map.svg"
        status, output = self.call(size, "hello", "--json", str(old), "--svg", str(drawing))
        self.assertEqual(status, 0)
        total = next(line for line in output.splitlines() if line.startswith("total")).split()
        self.assertEqual(total[-4:-2], [f"{(self.tree / 'images/hello').stat().st_size:,}",
                                        output.split(" in memory")[0].split()[-1]])
        data = json.loads(old.read_text())
        self.assertIn("no component changed", self.call(size, "hello", "--compare", str(old))[1])
        for part in data["parts"]:
            if (part["component"], part["section"]) == ("memory.buddy", ".data"):
                part["file"] -= 10
                data["file"] -= 10
        old.write_text(json.dumps(data))
        self.assertRegex(self.call(size, "hello", "--compare", str(old))[1],
                         r"memory\.buddy +\d+ +\d+ +\+10 .*\+0\ntotal")
        self.assertRegex(self.call(size, "hello", "--limit", "2")[1], r"\n\(\d more\) ")
        xml.parse(drawing)

    def test_what_is_missing_is_named(self) -> None:
        self.link("--strip-sections")
        (self.tree / "images/hello.map").unlink()
        done = self.outside("size", "hello")
        self.assertEqual((done.returncode, "hello.map is missing: build the image first" in done.stderr), (1, True))
        (self.tree / "old.json").write_text("[]")
        self.link("--strip-sections")
        self.assertIn("is not what --json writes", self.outside("size", "hello", "--compare",
                                                                str(self.tree / "old.json")).stderr)


class TreemapTest(unittest.TestCase):
    def test_boxes_fill_the_area_in_proportion_without_overlap(self) -> None:
        numbers = random.Random(2)
        for count in (1, 2, 7, 40):
            sizes = sorted((numbers.randint(1, 5000) for _ in range(count)), reverse=True)
            boxes = squarify(sizes, Box(3, 4, 500, 300))
            for amount, box in zip(sizes, boxes):
                self.assertAlmostEqual(box.width * box.height, amount / sum(sizes) * 150000, places=3)
                self.assertTrue(2.999 < box.x and box.x + box.width < 503.001)
                self.assertTrue(3.999 < box.y and box.y + box.height < 304.001)
            self.assertEqual(self.overlaps(boxes), 0)

    @staticmethod
    def overlaps(boxes: List[Box]) -> int:
        def apart(a: Box, b: Box) -> bool:
            e = 1e-6
            return (a.x + a.width <= b.x + e or b.x + b.width <= a.x + e
                    or a.y + a.height <= b.y + e or b.y + b.height <= a.y + e)
        return sum(not apart(a, b) for i, a in enumerate(boxes) for b in boxes[:i])

    def test_names_are_escaped_and_the_empty_is_left_out(self) -> None:
        text = treemap(Account("a<b", 10, 30, [Part("x&y", ".text", "", "code", 10, 10),
                                              Part("none", ".bss", "", ZEROED, 0, 20)]))
        labels = [element.text or "" for element in xml.fromstring(text).iter() if element.tag.endswith("text")]
        self.assertIn("x&y 10", labels)
        self.assertNotIn("none", text)


if __name__ == "__main__":
    unittest.main()
