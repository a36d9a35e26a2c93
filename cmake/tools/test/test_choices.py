# SPDX-License-Identifier: BSD-3-Clause
"""Resolver: providers that the tree, the preset or an image chose, or left out."""
from __future__ import annotations

import unittest

from sample import SampleTest


class Choices(SampleTest):
    def setUp(self) -> None:
        super().setUp()
        self.sample.memory()
        self.hello = self.sample.image("hello", "memory.heap")

    def choose(self, provider: str) -> None:
        self.sample.data["provider_choices"] = {"memory.heap": provider}
        self.sample.data["cache"] = {"UNICORE_PROVIDER_MEMORY_HEAP": provider}

    def test_stale(self) -> None:
        self.choose("acme.slab")
        self.expect("""
  stale choice: -DUNICORE_PROVIDER_MEMORY_HEAP chooses acme.slab for memory.heap, but acme.slab is
    declared by no pool; was its pool removed?
    here        memory.bump (the memory.bump)
                memory.tlsf (the memory.tlsf)
    fix         -DUNICORE_PROVIDER_MEMORY_HEAP=memory.bump or -UUNICORE_PROVIDER_MEMORY_HEAP
  
  1 problem; nothing was generated.
""")
        self.sample.component("acme.slab", provides=["memory.heap"])
        self.expect_fine()

    def test_stale_interface(self) -> None:
        self.sample.data["cache"] = {"UNICORE_PROVIDER_NET_STACK": "net.lwip"}
        self.sample.data["seen_before"] = ["UNICORE_PROVIDER_NET_STACK"]
        self.expect("""
  stale option: UNICORE_PROVIDER_NET_STACK is 'net.lwip' from an earlier configure, but nothing
    declares it any more.
    fix         -UUNICORE_PROVIDER_NET_STACK, or bring back the pool that declares it:
                -DUNICORE_POOLS=<folder>
  
  1 problem; nothing was generated.
""")
        self.sample.data["cache"] = {}
        self.expect_fine()

    def test_does_not_provide(self) -> None:
        self.choose("memory.buddy")
        self.expect("""
  wrong choice: -DUNICORE_PROVIDER_MEMORY_HEAP chooses memory.buddy for memory.heap, but
    memory.buddy does not provide memory.heap.
    here        memory.bump (the memory.bump)
                memory.tlsf (the memory.tlsf)
    fix         -DUNICORE_PROVIDER_MEMORY_HEAP=memory.bump or -UUNICORE_PROVIDER_MEMORY_HEAP
  
  1 problem; nothing was generated.
""")
        self.choose("memory.bump")
        self.expect_fine()

    def test_for_another_platform(self) -> None:
        self.sample.component("memory.brk", provides=["memory.heap"], platforms=["linux"])
        self.choose("memory.brk")
        self.expect("""
  wrong choice: -DUNICORE_PROVIDER_MEMORY_HEAP chooses memory.brk for memory.heap, but memory.brk is
    for linux, and this tree is kvm-x86_64.
    here        memory.bump (the memory.bump)
                memory.tlsf (the memory.tlsf)
    fix         -DUNICORE_PROVIDER_MEMORY_HEAP=memory.bump or -UUNICORE_PROVIDER_MEMORY_HEAP
  
  1 problem; nothing was generated.
""")
        self.choose("")
        self.expect_fine()

    def test_of_the_preset(self) -> None:
        self.sample.data["provider_defaults"] = {"memory.heap": "memory.tslf"}
        self.expect("""
  unknown provider: preset kvm-x86_64 chooses memory.tslf for memory.heap, but memory.tslf is
    declared by no pool.
    nearest     memory.tlsf
    here        memory.bump (the memory.bump)
                memory.tlsf (the memory.tlsf)
    fix         UNICORE_DEFAULT_PROVIDERS=memory.heap=memory.tlsf, which presets set
  
  1 problem; nothing was generated.
""")
        self.sample.data["provider_defaults"] = {"memory.heap": "memory.tlsf"}
        self.expect_fine()

    def test_of_an_image(self) -> None:
        for interface, provider, message in (
                ("memory.hepa", "memory.tlsf", """
  unknown interface: image hello says PROVIDERS memory.hepa=memory.tlsf, but no pool declares
    memory.hepa.
    nearest     memory.heap
    fix         correct PROVIDERS in unicore_image(hello ...)
"""), ("memory.heap", "memory.tslf", """
  wrong choice: image hello says PROVIDERS memory.heap=memory.tslf, but memory.tslf is declared by
    no pool.
    nearest     memory.tlsf
    here        memory.bump (the memory.bump)
                memory.tlsf (the memory.tlsf)
    fix         PROVIDERS memory.heap=memory.tlsf in unicore_image(hello ...)
"""), ("console.sink", "console.ns16550", """
  wrong choice: image hello says PROVIDERS console.sink=console.ns16550, but console.sink takes
    every provider that there is.
    here        console.ns16550 (the console.ns16550)
    fix         take it out of unicore_image(hello ...)
"""), ("platform", "platform.linux", """
  wrong choice: image hello says PROVIDERS platform=platform.linux, but the target itself binds
    platform.
    fix         choose another preset
""")):
            with self.subTest(interface=interface):
                self.hello["providers"] = {interface: provider}
                self.expect(message + "  \n  1 problem; nothing was generated.\n")
        self.hello["providers"] = {"memory.heap": "memory.tlsf"}
        self.expect_fine()


class LeftOut(SampleTest):
    def test_needed_by_name(self) -> None:
        self.sample.memory()
        self.sample.component("app.log", uses=["console.ns16550"])
        self.sample.component("console.null", provides=["console.sink"])
        self.sample.image("hello", "app.log")
        self.sample.data["enabled"] = {"console.ns16550": False}
        self.expect("""
  disabled component: console.ns16550 is left out of this tree (UNICORE_WITH_CONSOLE_NS16550 is
    OFF), but image hello needs it.
    needed by   image hello -> app.log -> console.ns16550
    fix         -DUNICORE_WITH_CONSOLE_NS16550=ON or remove app.log from COMPONENTS of
                unicore_image(hello ...)
  
  1 problem; nothing was generated.
""")
        self.sample.data["enabled"] = {"console.ns16550": True}
        self.expect_fine()


if __name__ == "__main__":
    unittest.main()
