# SPDX-License-Identifier: BSD-3-Clause
"""Resolver: #includes against what is declared."""
from __future__ import annotations

import json
import os
import unittest
from unittest import mock

from sample import SampleTest
from unicore.resolver import includes


class Includes(SampleTest):
    def setUp(self) -> None:
        super().setUp()
        self.sample.file("components/base/include/unicore/base/result.hpp", "#include <expected>\n")
        self.sample.file("components/time/clock/include/unicore/time/clock.hpp",
                         "#include <unicore/base/result.hpp>\n")
        self.sample.file("architectures/contract/include/unicore/arch/cycles.hpp",
                         "#include <unicore/arch/impl/cycles.hpp>\n")
        for name in ("x86_64", "aarch64"):
            self.sample.file(f"architectures/{name}/include/unicore/arch/impl/cycles.hpp")
        self.sample.file("architectures/x86_64/include/unicore/arch/x86_64/cpu.hpp")
        self.sample.interface("time.clock", requires=["base"])
        self.net = self.sample.component("net.ip")

    def header(self, text: str) -> None:
        self.sample.file("components/net/ip/include/unicore/net/ip.hpp", text)

    def source(self, text: str) -> None:
        self.net["sources"] = [str(self.sample.file("components/net/ip/ip.cpp", text))]

    def test_header(self) -> None:
        self.header("#pragma once\n\n#include <unicore/time/clock.hpp>\n#include <unicore/base/result.hpp>\n")
        self.expect("""
  undeclared include: net.ip includes <unicore/time/clock.hpp> of time.clock without declaring it.
    where       components/net/ip: include/unicore/net/ip.hpp:3
    fix         REQUIRES time.clock in unicore_component(net.ip ...)
  
  undeclared include: net.ip includes <unicore/base/result.hpp> of base without declaring it.
    where       components/net/ip: include/unicore/net/ip.hpp:4
    fix         REQUIRES base in unicore_component(net.ip ...)
  
  2 problems; nothing was generated.
""")
        self.net["requires"] = ["time.clock"]  # which requires base
        self.expect_fine()

    def test_header_with_uses_only(self) -> None:
        self.header("#include <unicore/base/result.hpp>\n")
        self.net["uses"] = ["base"]
        self.expect("""
  undeclared include: net.ip includes <unicore/base/result.hpp> of base without declaring it.
    where       components/net/ip: include/unicore/net/ip.hpp:1
    declared    net.ip has it in USES, which is for sources; headers need REQUIRES
    fix         REQUIRES base in unicore_component(net.ip ...)
  
  1 problem; nothing was generated.
""")

    def test_source(self) -> None:
        self.source("// #include <unicore/base/none.hpp>\n  #  include <unicore/base/result.hpp> // why\n")
        self.expect("""
  undeclared include: net.ip includes <unicore/base/result.hpp> of base without declaring it.
    where       components/net/ip: ip.cpp:2
    fix         USES base in unicore_component(net.ip ...)
  
  1 problem; nothing was generated.
""")
        self.net["uses"] = ["base"]
        self.expect_fine()

    def test_uses_are_not_passed_on(self) -> None:
        """Only what a dependency requires can be seen through it."""
        self.source("#include <unicore/time/clock.hpp>\n")
        self.sample.component("net.link", uses=["time.clock"])
        self.net["uses"] = ["net.link"]
        self.assertEqual([p.kind for p in self.sample.resolve().problems], ["undeclared include"])

    def test_private_header(self) -> None:
        self.sample.file("components/net/ip/parts/header.hpp", "#include <unicore/base/result.hpp>\n")
        self.source('#include "parts/header.hpp"\n')
        self.expect("""
  undeclared include: net.ip includes <unicore/base/result.hpp> of base without declaring it.
    where       components/net/ip: parts/header.hpp:1
    fix         USES base in unicore_component(net.ip ...)
  
  1 problem; nothing was generated.
""")

    def test_provided_interface_is_declared(self) -> None:
        self.source("#include <unicore/time/clock.hpp>\n#include <unicore/base/result.hpp>\n")
        self.net["provides"] = ["time.clock"]
        self.expect_fine()

    def test_config_header(self) -> None:
        self.sample.option("base", "STACK")
        self.source("#include <unicore/base/config.hpp>\n")
        self.expect("""
  undeclared include: net.ip includes <unicore/base/config.hpp> of base without declaring it.
    where       components/net/ip: ip.cpp:1
    fix         USES base in unicore_component(net.ip ...)
  
  1 problem; nothing was generated.
""")

    def test_contract_has_what_implements_it(self) -> None:
        self.source("#include <unicore/arch/cycles.hpp>\n#include <unicore/arch/impl/cycles.hpp>\n")
        self.net["uses"] = ["arch"]
        self.expect_fine()

    def test_one_architecture_must_be_named(self) -> None:
        self.source("#include <unicore/arch/x86_64/cpu.hpp>\n")
        self.net["uses"] = ["arch"]
        self.expect("""
  undeclared include: net.ip includes <unicore/arch/x86_64/cpu.hpp> of arch.x86_64 without declaring
    it.
    where       components/net/ip: ip.cpp:1
    fix         USES arch.x86_64 in unicore_component(net.ip ...)
  
  1 problem; nothing was generated.
""")
        self.net["uses"] = ["arch.x86_64"]
        self.expect_fine()

    def test_external_is_not_read(self) -> None:
        self.sample.component("boost.intrusive", root="components/net/ip", readme=False, external=True)
        self.sample.data["components"].remove(self.net)
        self.header("#include <unicore/time/clock.hpp>\n")
        self.expect_fine()


class Cache(SampleTest):
    def test_read_once_and_again_when_changed(self) -> None:
        cache = self.root / "includes.json"
        path = self.sample.file("x.hpp", "#include <unicore/a.hpp>\n")
        first = includes.Scanner(cache)
        self.assertEqual(first.includes(str(path)), [[1, "unicore/a.hpp", False]])
        first.save()
        with mock.patch.object(includes, "_read", side_effect=AssertionError("read again")):
            self.assertEqual(includes.Scanner(cache).includes(str(path)), [[1, "unicore/a.hpp", False]])
        path.write_text('\n#include "b.hpp"\n', encoding="utf-8")
        self.assertEqual(includes.Scanner(cache).includes(str(path)), [[2, "b.hpp", True]])

    def test_unchanged_cache_is_not_written(self) -> None:
        cache = self.root / "includes.json"
        path = self.sample.file("x.hpp")
        for _ in range(2):
            scanner = includes.Scanner(cache)
            scanner.includes(str(path))
            scanner.save()
            before = os.stat(cache).st_ino
        scanner = includes.Scanner(cache)
        scanner.includes(str(path))
        scanner.save()
        self.assertEqual(os.stat(cache).st_ino, before)

    def test_torn_cache_is_ignored(self) -> None:
        cache = self.root / "includes.json"
        path = self.sample.file("x.hpp", "#include <unicore/a.hpp>\n")
        for text in ("{", "[]", json.dumps({str(path): 3}), json.dumps({str(path): [[0, 0]]})):
            cache.write_text(text, encoding="utf-8")
            self.assertEqual(len(includes.Scanner(cache).includes(str(path))), 1, text)

    def test_missing_file(self) -> None:
        self.assertEqual(includes.Scanner(None).includes("/nowhere/x.hpp"), [])


if __name__ == "__main__":
    unittest.main()
