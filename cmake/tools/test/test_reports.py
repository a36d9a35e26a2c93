# SPDX-License-Identifier: BSD-3-Clause
"""The reports, made from a resolved tree: whole texts."""
from __future__ import annotations

import unittest

from report_case import ReportTest


class Explain(ReportTest):
    def test_explain(self) -> None:
        self.hello["providers"] = {"memory.pages": "memory.buddy", "console.sink": ""}
        del self.hello["providers"]["console.sink"]
        self.sample.data["provider_choices"] = {"memory.heap": "memory.tlsf"}
        self.sample.data["settings"] = [{"component": "base", "name": "log.level", "allowed": "error, debug",
                                         "setter": "unicore::log::set_level", "help": "What is printed"}]
        self.resolve()
        self.expect_report("explain hello", """
hello on kvm-x86_64: 7 components, 5 interfaces, 1 external

image hello
├─ arch                                       every image stands on it
│  └─ arch.x86_64                             the target is kvm-x86_64
├─ boost.intrusive                            image hello names it
├─ console                                    image hello names it
│  └─ console.sink                            console requires it
│     └─ console.ns16550                      every provider of console.sink that works here
├─ memory.heap                                image hello names it
│  ├─ base                                    memory.heap requires it
│  └─ memory.tlsf                             the tree says -DUNICORE_PROVIDER_MEMORY_HEAP=memory.tlsf
│     └─ memory.pages                         memory.tlsf uses it
│        └─ memory.buddy                      image hello says PROVIDERS memory.pages=memory.buddy
└─ platform                                   every image stands on it
   └─ platform.kvm                            the target is kvm-x86_64

Providers
  console.sink  console.ns16550  every provider of console.sink that works here
  memory.heap   memory.tlsf      the tree says -DUNICORE_PROVIDER_MEMORY_HEAP=memory.tlsf; \
-DUNICORE_PROVIDER_MEMORY_HEAP=memory.bump is possible
  memory.pages  memory.buddy     image hello says PROVIDERS memory.pages=memory.buddy

Boot order
   1  console.ns16550  waits for nothing
   2  memory.buddy     waits for nothing
   3  memory.tlsf      after memory.buddy

Options that differ from their default
  UNICORE_MEMORY_TLSF_GROWTH  8  default 16

Settings of its command line
  log.level  What is printed (error, debug)
""")

    def test_choice_without_effect_is_told(self) -> None:
        self.sample.interface("net.stack")
        self.sample.component("net.lwip", provides=["net.stack"])
        self.hello["providers"] = {"net.stack": "net.lwip"}
        self.resolve()
        self.assertIn("\nNotes\n  PROVIDERS net.stack=net.lwip has no effect: nothing needs it\n",
                      self.report("explain", "hello")[1])

    def test_unknown_image(self) -> None:
        self.resolve()
        self.expect_report("explain helo", "unicore.py: no image is called 'helo'; did you mean 'hello'? (hello)\n", 1)

    def test_tree_that_was_never_configured(self) -> None:
        status, text = self.report("explain", "hello")
        self.assertEqual(status, 1)
        self.assertIn("is no configured Unicore build tree", text)


class Why(ReportTest):
    def test_why(self) -> None:
        self.resolve()
        self.expect_report("why hello memory.tlsf", """
memory.tlsf is in hello: the default of memory.heap.
  chain      image hello -> memory.heap -> memory.tlsf
  provides   memory.heap: the default of memory.heap
  options    UNICORE_MEMORY_TLSF_GROWTH
""")
        self.expect_report("why hello base", """
base is in hello: memory.heap requires it.
  chain      image hello -> memory.heap -> base
  needed by  console.sink, memory.pages, platform.kvm
""")

    def test_why_of_the_absent(self) -> None:
        self.resolve()
        self.expect_report("why hello memory.bump", """
memory.bump is not in hello on kvm-x86_64:
  memory.heap is bound to memory.tlsf: the default of memory.heap
  to have it: -DUNICORE_PROVIDER_MEMORY_HEAP=memory.bump for the whole tree, or PROVIDERS \
memory.heap=memory.bump in unicore_image(hello ...)
""", 1)

    def test_why_not(self) -> None:
        self.sample.component("net.lwip", conflicts=["console"])
        self.sample.interface("fs")
        self.sample.component("fs.ram", provides=["fs"])
        self.sample.component("console.null", provides=["console.sink"])
        self.sample.data["enabled"] = {"console.null": False}
        self.resolve()
        self.expect_report("why-not hello", """
Not in hello on kvm-x86_64:
  arch.aarch64    it is for aarch64
  console.null    UNICORE_WITH_CONSOLE_NULL is OFF
  console.stdio   it is for linux
  fs.ram          nothing in the image requires or uses fs, which it provides
  memory.bump     memory.heap is bound to memory.tlsf: the default of memory.heap
  net.lwip        it conflicts with console, which is in the image
  platform.linux  it is for linux
""")
        for name, remedy in (("console.null", "-DUNICORE_WITH_CONSOLE_NULL=ON"),
                             ("fs.ram", "name something that needs fs, or fs itself, in COMPONENTS"),
                             ("fs", "name fs in COMPONENTS of unicore_image(hello ...)"),
                             ("console.stdio", "build for a target that it supports")):
            self.assertIn(f"  to have it: {remedy}\n", self.report("why-not", "hello", name)[1])

    def test_what_is_said_to_help_does_help(self) -> None:
        self.sample.data["provider_choices"] = {"memory.heap": "memory.bump"}
        tree = self.resolve()
        self.assertIn("memory.bump", {member["name"] for member in tree.image("hello")["closure"]})


class Listings(ReportTest):
    def test_components(self) -> None:
        self.resolve()
        self.expect_report("components", """
The pool, for kvm-x86_64

Interfaces
  arch          one-of   (arch.aarch64), arch.x86_64
  console.sink  many-of  console.ns16550, (console.stdio)
  memory.heap   one-of   memory.tlsf, memory.bump
  memory.pages  one-of   memory.buddy
  platform      one-of   platform.kvm, (platform.linux)

Components
  arch.aarch64     is for aarch64  the arch.aarch64
  arch.x86_64      in hello        the arch.x86_64
  base             in hello        the base
  boost.intrusive  in hello        the boost.intrusive
  console          in hello        the console
  console.ns16550  in hello        the console.ns16550
  console.stdio    is for linux    the console.stdio
  memory.buddy     in hello        the memory.buddy
  memory.bump      unused          the memory.bump
  memory.tlsf      in hello        the memory.tlsf
  platform.kvm     in hello        the platform.kvm
  platform.linux   is for linux    the platform.linux
""")

    def test_markdown(self) -> None:
        self.sample.data["options"][0]["help"] = "a | b"
        self.resolve()
        text = self.report("components", "--markdown")[1]
        self.assertIn("""### memory.tlsf

the memory.tlsf.

| | |
|---|---|
| kind | component |
| folder | [components/memory/tlsf](../components/memory/tlsf) |
| licence | BSD-3-Clause |
| provides | memory.heap |
| requires | memory.heap |
| uses | memory.pages |

| option | default | allowed | |
|---|---|---|---|
| `UNICORE_MEMORY_TLSF_GROWTH` | 16 | a whole number from 1 to 64 (pages) | a \\| b |
""", text)
        self.assertIn("| chosen by | `UNICORE_PROVIDER_MEMORY_HEAP`, default memory.tlsf |", text)
        self.assertIn("| left out by | `UNICORE_WITH_CONSOLE_STDIO=OFF` |", text)
        self.assertNotIn(str(self.root), text)

    def test_markdown_is_the_same_for_every_target(self) -> None:
        self.resolve()
        one = self.report("components", "--markdown")[1]
        self.sample.data["target"].update(platform="linux", preset="linux-x86_64")
        self.sample.data["images"] = []
        self.resolve()
        self.assertEqual(self.report("components", "--markdown")[1], one)

    def test_options(self) -> None:
        self.resolve()
        self.expect_report("options", """
  variable                    value  allowed                              help
  UNICORE_MEMORY_BUMP_SIZE    16     a whole number                       Of the arena.
* UNICORE_MEMORY_TLSF_GROWTH  8      a whole number from 1 to 64 (pages)  At a time.
* differs from its default
""")
        self.assertNotIn("BUMP", self.report("options", "--image", "hello")[1])
        self.assertNotIn("BUMP", self.report("options", "--changed")[1])

    def test_commands(self) -> None:
        status, text = self.report("--help")
        self.assertEqual(status, 0)
        for command in ("resolve", "explain", "why-not", "describe", "check", "graph", "components", "options"):
            self.assertRegex(text, rf"\n  {command} +\S")
        self.assertEqual(self.report("explian")[1], "unicore.py: unknown command 'explian'; did you mean 'explain'?\n")
        self.assertEqual(self.report("tree")[0], 2)


if __name__ == "__main__":
    unittest.main()
