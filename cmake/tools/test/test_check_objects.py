# SPDX-License-Identifier: BSD-3-Clause
"""Floating-point instructions in disassemblies: found where they are, and only there."""
from __future__ import annotations

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from unicore.check_objects import INSTRUCTIONS, instructions  # noqa: E402  (the path comes first)

CASES = {  # architecture: (floating point, not)
    "x86_64": (("movups %xmm0, (%rdi)", "fldt 0x10(%rsp), %st", "vpxor %ymm1, %ymm1, %ymm1"), ("movq %rax, (%rdi)", "addl $0x1, %esi")),
    "aarch64": (("fmov d0, x1", "str q0, [x1]", "stp d8, d9, [sp]", "ld1 { v0.4s }, [x0]"),
                ("mov x0, x1", "str w0, [sp, #8]", "dmb ish", "b.eq 0x40 <s1>", "msr DAIFSet, #2", "adrp x0, 0x0")),
    "arm": (("vmov.f64 d0, d1", "vldr d0, [r0]"), ("mov r0, r1", "ldr r0, [sp, #4]", "dmb sy")),
    "mips": (("ldc1 $f0, 0x0($4)", "mtc1 $zero, $f2"), ("lw $fp, 0x10($sp)", "addiu $sp, $sp, -0x18")),
}


class Objects(unittest.TestCase):
    def test_instructions(self) -> None:
        for architecture, (floating, others) in CASES.items():
            for line in floating:
                self.assertRegex(line, INSTRUCTIONS[architecture])
            for line in others:
                self.assertNotRegex(line, INSTRUCTIONS[architecture])

    def test_assembly_is_left_out(self) -> None:
        text = ("/a/liba.a(x.cpp.obj):\tfile format elf64\n\n0000 <f>:\n       0:\tmov\tx0, x1 <f+0x10>\n"
                "/a/liba.a(y.S.obj):\tfile format elf64\n       0:\tstp\tq0, q1, [sp]\n")
        self.assertEqual(list(instructions(text)), [("/a/liba.a(x.cpp.obj)", "mov x0, x1")])

    def test_data_in_front_of_functions_is_left_out(self) -> None:
        text = ("/a/liba.a(x.cpp.obj):\tfile format elf64\n\n0000 <.text.f>:\n       7:\tandnps\t-0x77(%rax), %xmm1\n\n"
                "0008 <f>:\n       8:\tretq\n")
        self.assertEqual(list(instructions(text)), [("/a/liba.a(x.cpp.obj)", "retq")])


if __name__ == "__main__":
    unittest.main()
