# SPDX-License-Identifier: BSD-3-Clause
"""Resolver: what interfaces are bound to, each wrong configuration beside its corrected twin."""
from __future__ import annotations

import unittest

from sample import SampleTest


class Unmet(SampleTest):
    def test_nothing_here(self) -> None:
        self.sample.interface("entropy.source", "many-of")
        self.sample.component("entropy.linux", provides=["entropy.source"], platforms=["linux"])
        self.sample.component("crypto.random", uses=["entropy.source"])
        image = self.sample.image("hello", "crypto.random")
        self.sample.image("other", "crypto.random")
        self.expect("""
  unmet interface: nothing provides entropy.source on kvm-x86_64.
    needed by   image hello -> crypto.random -> entropy.source
    here        no provider
    elsewhere   entropy.linux (linux)
    also in     other
    fix         remove crypto.random from COMPONENTS of unicore_image(hello ...) or add a pool that
                has a provider for this target: -DUNICORE_POOLS=<folder>
  
  1 problem; nothing was generated.
""")
        image["components"] = []
        self.sample.data["images"].pop()
        self.expect_fine()

    def test_all_left_out(self) -> None:
        self.sample.memory()
        self.sample.image("hello", "console")
        self.sample.data["enabled"] = {"console.ns16550": False}
        self.expect("""
  unmet interface: nothing provides console.sink on kvm-x86_64.
    needed by   image hello -> console -> console.sink
    here        console.ns16550 (UNICORE_WITH_CONSOLE_NS16550 is OFF)
    elsewhere   console.stdio (linux)
    fix         -DUNICORE_WITH_CONSOLE_NS16550=ON or remove console from COMPONENTS of
                unicore_image(hello ...)
  
  1 problem; nothing was generated.
""")
        self.sample.data["enabled"] = {"console.ns16550": True}
        self.expect_fine()

    def test_on_request(self) -> None:
        """A provider that comes only with who names it meets nothing by itself, and counts where it is named."""
        self.sample.interface("net.device", "many-of")
        record = self.sample.component("net.loopback", provides=["net.device"])
        record["on_request"] = True
        image = self.sample.image("hello", "net.device")
        self.expect("""
  unmet interface: nothing provides net.device on kvm-x86_64.
    needed by   image hello -> net.device
    here        net.loopback (comes only with who names it)
    fix         name net.loopback in COMPONENTS of unicore_image(hello ...) or remove net.device
                from COMPONENTS of unicore_image(hello ...)
  
  1 problem; nothing was generated.
""")
        image["components"] = ["net.device", "net.loopback"]
        self.expect_fine()
        binding = self.sample.resolve().images[0].closure.bindings["net.device"]
        self.assertEqual(binding.providers, ("net.loopback",))

    def test_needed_by_a_collected_provider(self) -> None:
        """The way out is to leave that provider out."""
        self.sample.memory()
        self.sample.interface("net.link")
        self.sample.component("console.net", provides=["console.sink"], uses=["net.link"])
        self.sample.image("hello", "console")
        self.expect("""
  unmet interface: nothing provides net.link on kvm-x86_64.
    needed by   image hello -> console -> console.sink -> console.net -> net.link
    here        no provider
    fix         -DUNICORE_WITH_CONSOLE_NET=OFF leaves console.net out or add a pool that has a
                provider for this target: -DUNICORE_POOLS=<folder>
  
  1 problem; nothing was generated.
""")
        self.sample.data["enabled"] = {"console.net": False}
        self.expect_fine()

    def test_needed_by_a_chosen_provider(self) -> None:
        """The way out is the other provider."""
        self.sample.memory()
        self.sample.interface("memory.numa")
        self.sample.data["components"][-5]["uses"].append("memory.numa")
        self.assertEqual(self.sample.data["components"][-5]["name"], "memory.tlsf")
        self.sample.image("hello", "memory.heap")
        self.expect("""
  unmet interface: nothing provides memory.numa on kvm-x86_64.
    needed by   image hello -> memory.heap -> memory.tlsf -> memory.numa
    here        no provider
    fix         -DUNICORE_PROVIDER_MEMORY_HEAP=memory.bump takes another provider or add a pool that
                has a provider for this target: -DUNICORE_POOLS=<folder>
  
  1 problem; nothing was generated.
""")
        self.sample.data["provider_choices"] = {"memory.heap": "memory.bump"}
        self.expect_fine()

    def test_architecture_without_code(self) -> None:
        self.sample.data["target"]["architecture"] = "mips"
        self.sample.image("hello")
        self.expect("""
  unknown architecture: UNICORE_ARCHITECTURE is 'mips', which no pool has.
    allowed     aarch64, x86_64
    fix         -DUNICORE_ARCHITECTURE=<one of these>, or use a preset
  
  1 problem; nothing was generated.
""")

    def test_platform_misspelt(self) -> None:
        """Nothing else is told: it would only follow from this."""
        self.sample.data["target"]["platform"] = "kvn"
        self.sample.image("hello", "nothing.of.the.kind")
        self.expect("""
  unknown platform: UNICORE_PLATFORM is 'kvn', which no pool has.
    allowed     kvm, linux
    nearest     kvm
    fix         -DUNICORE_PLATFORM=kvm, or use a preset
  
  1 problem; nothing was generated.
""")
        self.sample.data["target"]["platform"] = "kvm"
        self.sample.data["images"].clear()
        self.expect_fine()

    def test_platform_without_this_architecture(self) -> None:
        kvm = next(c for c in self.sample.data["components"] if c["name"] == "platform.kvm")
        kvm["architectures"] = ["aarch64"]
        self.expect("""
  wrong target: platform.kvm cannot be had on kvm-x86_64.
    allowed     kvm-aarch64
    fix         use one of these presets, or set UNICORE_PLATFORM and UNICORE_ARCHITECTURE so, with
                the architecture's toolchain file, in a tree of its own
  
  1 problem; nothing was generated.
""")
        kvm["architectures"] += ["x86_64"]
        self.expect_fine()


class Ambiguous(SampleTest):
    def test_nobody_chose(self) -> None:
        self.sample.memory()
        interface = next(i for i in self.sample.data["interfaces"] if i["name"] == "memory.heap")
        interface["default"] = ""
        self.sample.component("memory.slab", provides=["memory.heap"], platforms=["linux"])
        self.sample.component("net.lwip", uses=["memory.heap"])
        self.sample.image("web", "net.lwip")
        self.expect("""
  ambiguous interface: memory.heap has 2 providers on kvm-x86_64, and nobody chose one.
    needed by   image web -> net.lwip -> memory.heap
    here        memory.bump (the memory.bump)
                memory.tlsf (the memory.tlsf)
    elsewhere   memory.slab (linux)
    fix         -DUNICORE_PROVIDER_MEMORY_HEAP=memory.bump for the whole tree, or PROVIDERS
                memory.heap=memory.bump in unicore_image(web ...)
  
  1 problem; nothing was generated.
""")
        self.sample.data["images"][0]["providers"] = {"memory.heap": "memory.tlsf"}
        found = self.expect_fine()
        self.assertEqual(found.images[0].closure.bindings["memory.heap"].providers, ("memory.tlsf",))


class TwoProviders(SampleTest):
    def test_two_named(self) -> None:
        self.sample.memory()
        self.sample.component("debug.leaks", requires=["memory.bump"])
        image = self.sample.image("hello", "memory.tlsf", "debug.leaks")
        self.expect("""
  two providers: image hello holds memory.tlsf and memory.bump, which both provide memory.heap; it
    takes one.
    chains      memory.tlsf: image hello -> memory.tlsf
                memory.bump: image hello -> debug.leaks -> memory.bump
    fix         remove memory.tlsf from COMPONENTS of unicore_image(hello ...) or REQUIRES
                memory.heap instead of memory.bump in unicore_component(debug.leaks ...)
  
  1 problem; nothing was generated.
""")
        image["components"] = ["debug.leaks"]
        found = self.expect_fine()
        self.assertEqual(found.images[0].closure.bindings["memory.heap"].providers, ("memory.bump",))

    def test_image_argument_against_named(self) -> None:
        self.sample.memory()
        image = self.sample.image("hello", "memory.tlsf", providers={"memory.heap": "memory.bump"})
        self.expect("""
  two providers: image hello holds memory.tlsf and memory.bump, which both provide memory.heap; it
    takes one.
    chains      memory.tlsf: image hello -> memory.tlsf
                memory.bump: image hello -> memory.tlsf -> memory.heap -> memory.bump (image hello
                says PROVIDERS memory.heap=memory.bump)
    fix         remove memory.tlsf from COMPONENTS of unicore_image(hello ...)
  
  1 problem; nothing was generated.
""")
        image["providers"] = {"memory.heap": "memory.tlsf"}
        self.expect_fine()

    def test_named_only_by_what_it_displaces(self) -> None:
        """memory.tlsf, chosen by default, needs memory.bump itself: neither can hold."""
        self.sample.memory()
        tlsf = next(c for c in self.sample.data["components"] if c["name"] == "memory.tlsf")
        tlsf["uses"] = ["memory.bump"]
        self.sample.image("hello", "memory.heap")
        self.expect("""
  two providers: image hello holds memory.tlsf and memory.bump, which both provide memory.heap; it
    takes one.
    chains      memory.tlsf: image hello -> memory.heap -> memory.tlsf (the default of memory.heap)
                memory.bump: image hello -> memory.heap -> memory.tlsf -> memory.bump
    fix         let all but one go; components depend on memory.heap, not on a provider
  
  1 problem; nothing was generated.
""")


class Precedence(SampleTest):
    def bound(self) -> tuple[str, str]:
        binding = self.expect_fine().images[0].closure.bindings["memory.heap"]
        return binding.providers[0], binding.reason

    def test_each_choice_beats_the_next(self) -> None:
        self.sample.memory()
        self.sample.component("memory.slab", provides=["memory.heap"])
        self.sample.component("memory.pool", provides=["memory.heap"])
        image = self.sample.image("hello", "memory.heap")
        self.assertEqual(self.bound(), ("memory.tlsf", "the default of memory.heap"))
        self.sample.data["provider_defaults"] = {"memory.heap": "memory.bump"}
        self.assertEqual(self.bound(), ("memory.bump", "the default of preset kvm-x86_64"))
        self.sample.data["provider_choices"] = {"memory.heap": "memory.slab"}
        self.assertEqual(self.bound(), (
            "memory.slab", "the tree says -DUNICORE_PROVIDER_MEMORY_HEAP=memory.slab"))
        image["providers"] = {"memory.heap": "memory.pool"}
        self.assertEqual(self.bound(), (
            "memory.pool", "image hello says PROVIDERS memory.heap=memory.pool"))

    def test_named_beats_the_tree_and_tells(self) -> None:
        self.sample.memory()
        self.sample.data["provider_choices"] = {"memory.heap": "memory.tlsf"}
        self.sample.image("hello", "memory.heap", "memory.bump")
        binding = self.expect_fine().images[0].closure.bindings["memory.heap"]
        self.assertEqual((binding.providers, binding.source), (("memory.bump",), "direct"))
        self.assertEqual(binding.overrides, ("the tree says -DUNICORE_PROVIDER_MEMORY_HEAP=memory.tlsf",
                                             "the default of memory.heap"))

    def test_named_late_leaves_nothing_of_the_default(self) -> None:
        """The default's own needs are gone when a provider that is found later pushes it aside."""
        self.sample.memory()
        self.sample.component("memory.bits")
        tlsf = next(c for c in self.sample.data["components"] if c["name"] == "memory.tlsf")
        tlsf["uses"].append("memory.bits")
        self.sample.interface("debug.trace", default="debug.ring")
        self.sample.component("debug.ring", provides=["debug.trace"], uses=["memory.bump"])
        self.sample.image("hello", "memory.heap", "debug.trace")
        members = self.expect_fine().images[0].closure.members
        self.assertIn("memory.bump", members)
        self.assertNotIn("memory.tlsf", members)
        self.assertNotIn("memory.bits", members)

    def test_default_that_works_elsewhere_only(self) -> None:
        self.sample.interface("time.wall", default="time.linux")
        self.sample.component("time.linux", provides=["time.wall"], platforms=["linux"])
        self.sample.component("time.rtc", provides=["time.wall"], platforms=["kvm"])
        self.sample.image("hello", "time.wall")
        binding = self.expect_fine().images[0].closure.bindings["time.wall"]
        self.assertEqual((binding.providers, binding.source), (("time.rtc",), "only"))

    def test_a_provider_of_two_binds_both(self) -> None:
        self.sample.interface("time.clock", default="time.kvmclock")
        self.sample.interface("time.wall", default="time.rtc")
        self.sample.component("time.kvmclock", provides=["time.clock", "time.wall"])
        self.sample.component("time.rtc", provides=["time.wall"])
        self.sample.image("hello", "time.wall", "time.clock")
        bindings = self.expect_fine().images[0].closure.bindings
        self.assertEqual(bindings["time.wall"].providers, ("time.kvmclock",))


if __name__ == "__main__":
    unittest.main()
