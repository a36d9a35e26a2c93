# SPDX-License-Identifier: BSD-3-Clause
"""Resolver: targets, conflicts, unknown names, cycles; wrong configurations and their twins."""
from __future__ import annotations

import unittest

from sample import SampleTest


class Targets(SampleTest):
    def test_wrong_platform(self) -> None:
        self.sample.memory()
        self.sample.component("app.log", uses=["console.stdio"])
        image = self.sample.image("hello", "app.log")
        self.expect("""
  wrong platform: console.stdio is for linux, and this tree is kvm-x86_64.
    needed by   image hello -> app.log -> console.stdio
    here        console.ns16550 (provides console.sink)
    fix         USES console.sink instead of console.stdio in unicore_component(app.log ...) or
                remove app.log from COMPONENTS of unicore_image(hello ...)
  
  1 problem; nothing was generated.
""")
        image["components"] = []
        self.expect_fine()

    def test_wrong_architecture(self) -> None:
        self.sample.component("crypto.aesni", architectures=["x86_64"], platforms=["kvm", "xen"])
        self.sample.data["target"].update(architecture="aarch64", preset="kvm-aarch64")
        self.sample.image("hello", "crypto.aesni")
        self.expect("""
  wrong architecture: crypto.aesni is for kvm or xen on x86_64, and this tree is kvm-aarch64.
    needed by   image hello -> crypto.aesni
    fix         remove crypto.aesni from COMPONENTS of unicore_image(hello ...)
  
  1 problem; nothing was generated.
""")
        self.sample.data["target"].update(architecture="x86_64", preset="kvm-x86_64")
        self.expect_fine()


class Conflicts(SampleTest):
    def test_conflict_is_told_once(self) -> None:
        self.sample.component("net.lwip", conflicts=["net.smoltcp"])
        self.sample.component("net.smoltcp", conflicts=["net.lwip"])
        self.sample.component("http", uses=["net.smoltcp"])
        image = self.sample.image("web", "net.lwip", "http")
        self.expect("""
  conflict: net.lwip and net.smoltcp cannot be in one image, says net.lwip.
    chains      image web -> net.lwip
                image web -> http -> net.smoltcp
    fix         remove net.lwip from COMPONENTS of unicore_image(web ...) or remove http from
                COMPONENTS of unicore_image(web ...)
  
  1 problem; nothing was generated.
""")
        image["components"] = ["http"]
        self.expect_fine()


class Unknown(SampleTest):
    def test_component_of_an_image(self) -> None:
        self.sample.memory()
        image = self.sample.image("hello", "consle")
        self.expect("""
  unknown component: image hello names consle, which no pool declares.
    nearest     console
    pools       unicore
    fix         correct COMPONENTS in unicore_image(hello ...), or add the pool that has it:
                -DUNICORE_POOLS=<folder>
  
  1 problem; nothing was generated.
""")
        image["components"] = ["console"]
        self.expect_fine()

    def test_dependency(self) -> None:
        self.sample.memory()
        component = self.sample.component("net.lwip", requires=["memory.haep"], uses=["base"])
        self.expect("""
  unknown dependency: net.lwip requires memory.haep, which no pool declares.
    nearest     memory.heap
    pools       unicore
    where       components/net/lwip
    fix         correct REQUIRES in unicore_component(net.lwip ...), or add the pool that has it:
                -DUNICORE_POOLS=<folder>
  
  1 problem; nothing was generated.
""")
        component["requires"] = ["memory.heap"]
        self.expect_fine()

    def test_interface(self) -> None:
        self.sample.memory()
        component = self.sample.component("memory.slab", provides=["memory.heaps"])
        self.expect("""
  unknown interface: memory.slab provides memory.heaps, which is not declared as an interface.
    nearest     memory.heap
    where       components/memory/slab
    fix         correct PROVIDES in unicore_component(memory.slab ...), or declare
                unicore_interface(memory.heaps ONE_OF|MANY_OF ...)
  
  1 problem; nothing was generated.
""")
        component["provides"] = ["memory.heap"]
        self.expect_fine()

    def test_provides_a_component(self) -> None:
        self.sample.component("memory.slab", provides=["base"])
        self.expect("""
  unknown interface: memory.slab provides base, which is a component, not an interface.
    where       components/memory/slab
    fix         correct PROVIDES in unicore_component(memory.slab ...), or declare
                unicore_interface(base ONE_OF|MANY_OF ...)
  
  1 problem; nothing was generated.
""")

    def test_default(self) -> None:
        self.sample.memory()
        interface = self.sample.interface("memory.cache", default="memory.tlsf")
        self.sample.component("memory.magazine", provides=["memory.cache"])
        self.expect("""
  bad default: memory.cache has the default memory.tlsf, which does not provide it.
    providers   memory.magazine
    fix         correct DEFAULT in unicore_interface(memory.cache ...)
  
  1 problem; nothing was generated.
""")
        interface["default"] = "memory.magazine"
        self.expect_fine()


class Cycles(SampleTest):
    def test_components(self) -> None:
        self.sample.component("fs.cache", uses=["block.queue"])
        queue = self.sample.component("block.queue", uses=["fs.cache"])
        self.sample.image("hello", "fs.cache")
        self.expect("""
  dependency cycle: block.queue and fs.cache depend on each other, so that none can start first.
    cycle       block.queue -> fs.cache -> block.queue
    because     block.queue uses fs.cache, fs.cache uses block.queue
    needed by   image hello -> fs.cache -> block.queue
    fix         take one of these dependencies away: move what both need into a third component, or
                put an interface between them
  
  1 problem; nothing was generated.
""")
        queue["uses"] = []
        self.expect_fine()

    def test_steps_through_interfaces(self) -> None:
        """Each provider waits for the other's interface."""
        self.sample.memory()
        buddy = next(c for c in self.sample.data["components"] if c["name"] == "memory.buddy")
        buddy["uses"].append("memory.heap")
        self.sample.image("hello", "memory.heap")
        self.expect("""
  dependency cycle: memory.buddy, memory.heap, memory.pages and memory.tlsf depend on each other, so
    that none can start first.
    cycle       memory.buddy -> memory.heap -> memory.tlsf -> memory.pages -> memory.buddy
    because     memory.buddy uses memory.heap, provided by memory.tlsf, memory.tlsf uses
                memory.pages, provided by memory.buddy
    needed by   image hello -> memory.heap -> memory.tlsf -> memory.pages -> memory.buddy
    fix         take one of these dependencies away: move what both need into a third component, or
                put an interface between them
  
  1 problem; nothing was generated.
""")
        buddy["uses"].remove("memory.heap")
        self.expect_fine()

    def test_itself(self) -> None:
        self.sample.component("fs.cache", requires=["fs.cache"])
        self.sample.image("hello", "fs.cache")
        self.expect("""
  dependency cycle: fs.cache depends on itself.
    cycle       fs.cache -> fs.cache
    because     fs.cache requires fs.cache
    needed by   image hello -> fs.cache
    fix         take one of these dependencies away: move what both need into a third component, or
                put an interface between them
  
  1 problem; nothing was generated.
""")


if __name__ == "__main__":
    unittest.main()
