# SPDX-License-Identifier: BSD-3-Clause
"""Resolver: options and what images assert of them; wrong configurations and their twins."""
from __future__ import annotations

import unittest

from sample import SampleTest


class Values(SampleTest):
    def setUp(self) -> None:
        super().setUp()
        self.sample.memory()
        self.growth = self.sample.option("memory.tlsf", "GROWTH", minimum="1", maximum="1024", unit="pages",
                                         help="Pages fetched at a time.")
        self.fit = self.sample.option("memory.tlsf", "FIT", type="choice", default="first-fit",
                                      choices=["first-fit", "best-fit"])
        self.poison = self.sample.option("memory.tlsf", "POISON", type="bool", default="OFF")

    def test_out_of_range(self) -> None:
        for value in ("0", "1025", "-1", "0x401"):
            with self.subTest(value=value):
                self.growth["value"] = value
                self.expect(f"""
  option out of range: UNICORE_MEMORY_TLSF_GROWTH is '{value}'.
    option      GROWTH of memory.tlsf: Pages fetched at a time.
    allowed     a whole number from 1 to 1024 (pages)
    fix         -DUNICORE_MEMORY_TLSF_GROWTH=16 is the default
  
  1 problem; nothing was generated.
""")
        for value in ("1", "1024", "0x400"):
            self.growth["value"] = value
            self.expect_fine()

    def test_wrong_type_of_int(self) -> None:
        for value in ("abc", "", "1.5", "16 pages", "010", "1_000"):
            with self.subTest(value=value):
                self.growth["value"] = value
                self.expect(f"""
  wrong type: UNICORE_MEMORY_TLSF_GROWTH is '{value}'.
    option      GROWTH of memory.tlsf: Pages fetched at a time.
    allowed     a whole number from 1 to 1024 (pages)
    fix         -DUNICORE_MEMORY_TLSF_GROWTH=16 is the default
  
  1 problem; nothing was generated.
""")

    def test_wrong_type_of_bool(self) -> None:
        self.poison["value"] = "maybe"
        self.expect("""
  wrong type: UNICORE_MEMORY_TLSF_POISON is 'maybe'.
    option      POISON of memory.tlsf
    allowed     ON or OFF
    fix         -DUNICORE_MEMORY_TLSF_POISON=OFF is the default
  
  1 problem; nothing was generated.
""")
        for value in ("ON", "off", "TRUE", "no", "1", "0"):
            self.poison["value"] = value
            self.expect_fine()

    def test_no_such_choice(self) -> None:
        self.fit["value"] = "bestfit"
        self.expect("""
  no such choice: UNICORE_MEMORY_TLSF_FIT is 'bestfit'.
    option      FIT of memory.tlsf
    allowed     first-fit, best-fit
    nearest     best-fit
    fix         -DUNICORE_MEMORY_TLSF_FIT=best-fit
  
  1 problem; nothing was generated.
""")
        self.fit["value"] = "best-fit"
        self.expect_fine()

    def test_string_on_several_lines(self) -> None:
        banner = self.sample.option("base", "BANNER", type="string", default="", value="a\nb")
        self.expect("""
  wrong type: UNICORE_BASE_BANNER is 'a b'.
    option      BANNER of base
    allowed     text
    fix         -DUNICORE_BASE_BANNER= is the default
  
  1 problem; nothing was generated.
""")
        banner["value"] = 'say "\\"'
        self.expect_fine()

    def test_without_effect(self) -> None:
        self.growth.update(when="UNICORE_MEMORY_TLSF_POISON", when_holds=False, value="32")
        self.expect("""
  option without effect: UNICORE_MEMORY_TLSF_GROWTH is '32', but it only counts when
    UNICORE_MEMORY_TLSF_POISON, which does not hold.
    option      GROWTH of memory.tlsf: Pages fetched at a time.
    fix         -UUNICORE_MEMORY_TLSF_GROWTH for its default '16', or make the condition hold
  
  1 problem; nothing was generated.
""")
        self.growth["value"] = "0x10"  # the default, spelt differently
        self.expect_fine()
        self.growth.update(when_holds=True, value="32")
        self.expect_fine()

    def test_unknown(self) -> None:
        self.sample.data["cache"] = {"UNICORE_MEMORY_TLSF_GROWHT": "8", "UNICORE_MEMORY_TLSF_GROWTH": "16",
                                     "UNICORE_PLATFORM": "kvm", "CMAKE_BUILD_TYPE": "Release"}
        self.expect("""
  unknown option: UNICORE_MEMORY_TLSF_GROWHT is '8', but nothing declares it.
    nearest     UNICORE_MEMORY_TLSF_GROWTH
    fix         -UUNICORE_MEMORY_TLSF_GROWHT -DUNICORE_MEMORY_TLSF_GROWTH=8
  
  1 problem; nothing was generated.
""")
        del self.sample.data["cache"]["UNICORE_MEMORY_TLSF_GROWHT"]
        self.expect_fine()

    def test_leaving_out_what_is_no_choice(self) -> None:
        self.sample.data["cache"] = {"UNICORE_WITH_MEMORY_TLSF": "OFF", "UNICORE_WITH_CONSOLE_NS16550": "ON"}
        self.expect("""
  option without effect: UNICORE_WITH_MEMORY_TLSF is 'OFF', but memory.tlsf provides no many-of
    interface: an image holds it when something needs it.
    fix         -UUNICORE_WITH_MEMORY_TLSF; `explain` and `why` tell what needs it
  
  1 problem; nothing was generated.
""")

    def test_the_target_is_no_choice(self) -> None:
        self.sample.data["cache"] = {"UNICORE_PROVIDER_PLATFORM": "platform.linux"}
        self.expect("""
  unknown option: UNICORE_PROVIDER_PLATFORM is 'platform.linux', but nothing declares it.
    fix         -UUNICORE_PROVIDER_PLATFORM
  
  1 problem; nothing was generated.
""")

    def test_stale(self) -> None:
        self.sample.data["cache"] = {"UNICORE_ACME_SLAB_SIZE": "8"}
        self.sample.data["seen_before"] = ["UNICORE_ACME_SLAB_SIZE"]
        self.expect("""
  stale option: UNICORE_ACME_SLAB_SIZE is '8' from an earlier configure, but nothing declares it any
    more.
    fix         -UUNICORE_ACME_SLAB_SIZE, or bring back the pool that declares it:
                -DUNICORE_POOLS=<folder>
  
  1 problem; nothing was generated.
""")


class Declarations(SampleTest):
    def test_bad_default(self) -> None:
        option = self.sample.option("base", "STACK", default="0", minimum="1")
        self.expect("""
  bad default: option STACK of base has the default '0': out of range.
    allowed     a whole number from 1
  
  1 problem; nothing was generated.
""")
        option["default"] = option["value"] = "1"
        self.expect_fine()

    def test_unknown_type(self) -> None:
        option = self.sample.option("base", "STACK", type="integer")
        self.expect("""
  unknown type: option STACK of base has the type 'integer'.
    allowed     bool, int, string, choice
  
  1 problem; nothing was generated.
""")
        option["type"] = "int"
        self.expect_fine()

    def test_twice(self) -> None:
        """a.b_c and a_b.c would share one variable."""
        self.sample.component("net.ip")
        self.sample.option("net.ip", "TTL")
        twin = self.sample.option("net.ip", "TTL")
        twin["component"] = "base"
        self.expect("""
  duplicate option: UNICORE_NET_IP_TTL is declared twice.
    declared    net.ip, TTL
                base, TTL
    fix         rename one; dots, dashes and underscores are the same in a variable
  
  1 problem; nothing was generated.
""")

    def test_of_an_unknown_component(self) -> None:
        self.sample.option("bsae", "STACK")
        self.expect("""
  unknown component: option STACK of bsae: no pool declares bsae.
    nearest     base
    fix         unicore_option() names the component that follows it
  
  1 problem; nothing was generated.
""")


class Assertions(SampleTest):
    def setUp(self) -> None:
        super().setUp()
        self.option = self.sample.option("base", "STACK", minimum="1", maximum="64")
        self.hello = self.sample.image("hello", options={"UNICORE_BASE_STACK": "16"})
        self.web = self.sample.image("web")

    def test_another_value(self) -> None:
        self.hello["options"]["UNICORE_BASE_STACK"] = "32"
        self.web["options"]["UNICORE_BASE_STACK"] = "0x20"
        self.expect("""
  assertion does not hold: image hello asserts UNICORE_BASE_STACK=32, but in this tree it is '16'.
    also in     web
    allowed     a whole number from 1 to 64
    fix         -DUNICORE_BASE_STACK=32
  
  1 problem; nothing was generated.
""")
        self.option["value"] = "32"
        self.expect_fine()

    def test_images_disagree(self) -> None:
        self.web["options"]["UNICORE_BASE_STACK"] = "32"
        self.expect("""
  images disagree: images hello and web assert different values of UNICORE_BASE_STACK, and
    components compile once per tree.
    values      hello: 16
                web: 32
    fix         build them in two trees, or let both take one value
  
  1 problem; nothing was generated.
""")
        self.web["options"]["UNICORE_BASE_STACK"] = "0x10"
        self.expect_fine()

    def test_unknown(self) -> None:
        self.web["options"]["UNICORE_BASE_STAK"] = "16"
        self.expect("""
  unknown option: image web asserts UNICORE_BASE_STAK=16, but nothing declares that option.
    nearest     UNICORE_BASE_STACK
    fix         OPTIONS UNICORE_BASE_STACK=16 in unicore_image(web ...)
  
  1 problem; nothing was generated.
""")
        del self.web["options"]["UNICORE_BASE_STAK"]
        self.expect_fine()

    def test_wrong_value(self) -> None:
        self.hello["options"]["UNICORE_BASE_STACK"] = "65"
        self.expect("""
  option out of range: image hello asserts UNICORE_BASE_STACK=65.
    allowed     a whole number from 1 to 64
    fix         OPTIONS UNICORE_BASE_STACK=16 in unicore_image(hello ...) is what the tree has
  
  1 problem; nothing was generated.
""")


if __name__ == "__main__":
    unittest.main()
