# SPDX-License-Identifier: BSD-3-Clause
"""What is told of an image (NAME.json), drawn of it, and checked in the pools."""
from __future__ import annotations

import hashlib
import json
import shutil
import struct
import unittest
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

from report_case import ReportTest
from unicore.graph import Edge, image_graph, reduced, without_cycles
from unicore.graph_layout import crossings, lay_out
from unicore.graph_svg import draw


def elf_file() -> bytes:
    """A 64-bit ELF with two segments to load and a build-id, and no sections."""
    note = struct.pack("<III4s", 4, 4, 3, b"GNU\0") + b"\xde\xad\xbe\xef"
    note_at = 64 + 3 * 56
    header = b"\x7fELF\x02\x01\x01" + bytes(9) + struct.pack(
        "<HHIQQQIHHHHHH", 2, 62, 1, 0x100000, 64, 0, 0, 64, 56, 3, 64, 0, 0)
    segments = (struct.pack("<IIQQQQQQ", 1, 5, 0, 0x100000, 0x100000, 0x200, 0x200, 4096)
                + struct.pack("<IIQQQQQQ", 1, 6, 0x200, 0x101000, 0x101000, 0x10, 0x90, 4096)
                + struct.pack("<IIQQQQQQ", 4, 4, note_at, 0, 0, len(note), len(note), 4))
    return header + segments + note


class Describe(ReportTest):
    def describe(self) -> str:
        debug = self.build / "images/hello.debug"
        debug.parent.mkdir(parents=True, exist_ok=True)
        debug.write_bytes(elf_file() + b"symbols")
        debug.with_suffix("").write_bytes(elf_file())
        out = self.build / "images/hello.json"
        self.assertEqual(self.report("describe", "hello", "--elf", str(debug), "--out", str(out)), (0, ""))
        return out.read_text(encoding="utf-8")

    def test_contents(self) -> None:
        self.sample.data["target"].update(compiler="Clang", compiler_version="19.1.7")
        self.resolve()
        found = json.loads(self.describe())
        self.assertEqual(found["file"], {
            "name": "hello", "bytes": len(elf_file()), "sha256": hashlib.sha256(elf_file()).hexdigest(),
            "build_id": "deadbeef", "entry": "0x100000", "memory_bytes": 0x290, "segments": [
                {"permissions": "r-x", "address": "0x100000", "file_bytes": 512, "memory_bytes": 512},
                {"permissions": "rw-", "address": "0x101000", "file_bytes": 16, "memory_bytes": 144}]})
        self.assertEqual(found["toolchain"], {"compiler": "Clang 19.1.7"})
        self.assertEqual(found["licences"]["BSL-1.0"], ["boost.intrusive"])
        self.assertEqual(found["providers"]["memory.heap"],
                         {"providers": ["memory.tlsf"], "because": "the default of memory.heap"})
        self.assertEqual(found["options"], [{"variable": "UNICORE_MEMORY_TLSF_GROWTH", "component": "memory.tlsf",
                                             "value": "8", "default": "16"}])
        self.assertEqual(found["boot"], ["console.ns16550", "memory.buddy", "memory.tlsf"])
        components = {part["name"]: part for part in found["components"]}
        self.assertEqual(components["memory.tlsf"], {
            "name": "memory.tlsf", "version": "0.1.0", "licence": "BSD-3-Clause", "summary": "the memory.tlsf",
            "pool": "unicore", "folder": "components/memory/tlsf",
            "because": "image hello -> memory.heap -> memory.tlsf"})
        self.assertEqual(components["boost.intrusive"]["version"], "1.74.0")
        self.assertNotIn("memory.heap", components)  # an interface is no code of its own to account for

    def test_the_folder_leaves_no_trace(self) -> None:
        self.resolve()
        first = self.describe()
        self.assertNotIn(str(self.root), first)
        old, new = str(self.root), str(self.root) + "-elsewhere"
        shutil.copytree(old, new)
        self.addCleanup(shutil.rmtree, new)
        self.sample.data = json.loads(json.dumps(self.sample.data).replace(old, new))
        self.build = Path(new) / "build"
        self.resolve()
        self.assertEqual(self.describe(), first)

    def test_a_pool_elsewhere_leaves_no_trace(self) -> None:
        self.sample.data["target"].update(source_root="/home/somebody/application", unicore_root="/opt/unicore")
        self.resolve()
        self.assertNotIn(str(self.root), self.describe())

    def test_no_elf(self) -> None:
        self.resolve()
        bad = self.sample.file("x.debug", "no ELF")
        status, text = self.report("describe", "hello", "--elf", str(bad), "--out", str(self.root / "x.json"))
        self.assertEqual(status, 1)
        self.assertTrue(text.endswith("x.debug is no ELF file\n"), text)


class Graphs(ReportTest):
    def test_what_is_drawn(self) -> None:
        base = next(c for c in self.sample.data["components"] if c["name"] == "base")
        base["uses"] = ["platform"]
        tree = self.resolve()
        graph = image_graph(tree, tree.image("hello"))
        self.assertIn(Edge("memory.heap", "memory.tlsf", "bound"), graph.edges)
        self.assertIn(Edge("image hello", "memory.heap", "names"), graph.edges)
        self.assertNotIn(Edge("memory.heap", "base", "requires"), graph.edges)  # memory.pages implies it
        self.assertEqual(graph.back, (Edge("base", "platform", "uses"),))

    def test_svg(self) -> None:
        tree = self.resolve()
        out = self.root / "hello.svg"
        self.assertEqual(self.report("graph", "hello", "--out", str(out)), (0, f"wrote {out}\n"))
        text = out.read_text(encoding="utf-8")
        self.assertEqual(text, draw(image_graph(tree, tree.image("hello"))))
        svg = "{http://www.w3.org/2000/svg}"
        root = ElementTree.fromstring(text)
        names = [t.text for t in root.iter(f"{svg}text") if t.get("font-size") == "13"]
        self.assertEqual(len(names), len(tree.image("hello")["closure"]) + 1)
        boxes = [tuple(float(group.find(f"{svg}rect").get(key, "0")) for key in ("x", "y", "width", "height"))
                 for group in root.iter(f"{svg}g")]
        width, height = float(root.get("width", "0")), float(root.get("height", "0"))
        for x, y, w, h in boxes:
            self.assertTrue(0 <= x and x + w <= width and 0 <= y and y + h <= height)
        for one, other in combinations(boxes, 2):
            self.assertTrue(one[0] + one[2] <= other[0] or other[0] + other[2] <= one[0] or
                            one[1] + one[3] <= other[1] or other[1] + other[3] <= one[1], "boxes overlap")

    def test_reduction(self) -> None:
        edges = [Edge("a", "b", "uses"), Edge("b", "c", "uses"), Edge("a", "c", "uses")]
        self.assertEqual(reduced(edges), edges[:2])
        edges[2] = Edge("a", "c", "bound")
        self.assertEqual(reduced(edges), edges)

    def test_cycles_are_cut(self) -> None:
        edges = [Edge("a", "b", "uses"), Edge("b", "c", "uses"), Edge("c", "a", "uses")]
        self.assertEqual(without_cycles("a", edges), (edges[:2], edges[2:]))

    def test_layout_untangles(self) -> None:
        """Two crossed lines come out uncrossed, and every arrow leads to the right."""
        layout = lay_out("abcd", [("a", "d"), ("b", "c")], dict.fromkeys("abcd", 10.0), 5.0)
        self.assertEqual(crossings(layout), 0)
        layout = lay_out("abcde", [("a", "b"), ("b", "c"), ("a", "c"), ("c", "d"), ("a", "e")],
                         dict.fromkeys("abcde", 10.0), 5.0)
        for (start, end), route in layout.routes.items():
            levels = [layout.places[name].layer for name in route]
            self.assertEqual(levels, list(range(levels[0], levels[0] + len(levels))), (start, end))


class Check(ReportTest):
    README = "# x\n\n" + "What it does, its theory, its limits.\n" * 3

    def setUp(self) -> None:
        super().setUp()
        for part in (*self.sample.data["interfaces"], *self.sample.data["components"]):
            (Path(part["root"]) / "README.md").write_text(self.README, encoding="utf-8")
        self.sample.file("examples/hello/main.cpp", "int main() {}\n")

    def check(self) -> tuple[int, str]:
        metadata = self.sample.file("metadata.json", json.dumps(self.sample.data))
        status, text = self.report("check", "--metadata", str(metadata))
        return status, text.replace(str(self.root), "/root")

    def test_fine(self) -> None:
        self.sample.file("architectures/x86_64/traps.cpp", "#if defined(__x86_64__)\n#endif\n")  # allowed there
        self.sample.file("components/base/fine.cpp", "#ifndef NDEBUG\n#endif\nint __linux__x; // #if __arm__\n")
        self.assertEqual(self.check(), (0, "16 components and interfaces checked, no problems\n"))

    def test_condition_on_the_target(self) -> None:
        self.sample.file("components/memory/heap/heap.cpp", "\n#if defined(A) || \\\n  defined(__aarch64__)\n#endif\n")
        self.sample.file("examples/hello/main.cpp", "#ifdef UNICORE_PLATFORM_KVM\n#endif\n")
        self.assertEqual(self.check(), (1, """
  condition on the target: memory.heap asks for __aarch64__ in an #if.
    where       components/memory/heap/heap.cpp:2
    fix         ask `arch` or `platform` for what differs, through their contracts
  condition on the target: hello asks for UNICORE_PLATFORM_KVM in an #if.
    where       examples/hello/main.cpp:1
    fix         ask `arch` or `platform` for what differs, through their contracts
16 components and interfaces checked, 2 problems
""".lstrip("\n")))

    def test_readmes_of_facades_too(self) -> None:
        self.sample.file("components/memory/heap/README.md").unlink()
        self.sample.file("components/memory/tlsf/README.md", "# memory.tlsf\n\nA heap.\n")
        status, text = self.check()
        self.assertEqual(status, 1)
        self.assertIn("missing README: memory.heap has no README.md.", text)
        self.assertIn("empty README: the README.md of memory.tlsf says next to nothing.", text)

    def test_includes(self) -> None:
        self.sample.file("components/base/include/unicore/base/result.hpp")
        self.sample.file("components/console/include/unicore/console.hpp", "#include <unicore/base/result.hpp>\n")
        next(c for c in self.sample.data["components"] if c["name"] == "console")["requires"] = []
        status, text = self.check()
        self.assertEqual(status, 1)
        self.assertIn("undeclared include: console includes <unicore/base/result.hpp> of base", text)


if __name__ == "__main__":
    unittest.main()
