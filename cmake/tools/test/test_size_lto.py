# SPDX-License-Identifier: BSD-3-Clause
"""Link-time optimised code goes back to the component that it came from."""
from __future__ import annotations

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from unicore import size_lto  # noqa: E402
from unicore.size_map import Input, component_of  # noqa: E402

KNOWN = {"_ZN1a3runEv": "pool/liba.one.a(run.cpp.obj)", "table": "pool/libb.two.a(t.cpp.obj)"}


def owner(section: str, file: str = "hello.debug.lto.o") -> str:
    with mock.patch.object(size_lto, "owners", lambda root: KNOWN):
        (entry,) = size_lto.split_lto([Input(0, 1, ".text", file, section)], Path("."))
    return component_of(entry, {"a.one", "b.two"})


class Split(unittest.TestCase):
    def test_functions_and_variables(self):
        self.assertEqual("a.one", owner(".text._ZN1a3runEv"))
        self.assertEqual("b.two", owner(".data.table"))
        self.assertEqual("b.two", owner(".bss.table.7"))

    def test_constants_of_functions(self):
        self.assertEqual("a.one", owner(".rodata..L__const._ZN1a3runEv.holes"))
        self.assertEqual("a.one", owner(".rodata..Lswitch.table._ZN1a3runEv"))

    def test_generated_and_unknown(self):
        self.assertEqual("image", owner(".rodata._ZN7unicore4boot10image_nameE"))
        self.assertEqual("application", owner(".text.main"))

    def test_other_objects_stay(self):
        self.assertEqual("application", owner(".text._ZN1a3runEv", "examples/main.cpp.obj"))

    def test_bitcode_archives_are_read(self):
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            (root / "x.c").write_text("static int hidden(int a) { return a * 3; }\nint (*shown(void))(int) { return hidden; }\n")
            subprocess.run(["clang-19", "-flto", "-O0", "-c", "x.c", "-o", "x.o"], cwd=root, check=True)
            subprocess.run(["llvm-ar-19", "rcs", "libp.q.a", "x.o"], cwd=root, check=True)
            found = size_lto.owners(root)
        self.assertEqual({f"{root}/libp.q.a(x.o)"}, {found[name] for name in ("hidden", "shown")})


if __name__ == "__main__":
    unittest.main()
