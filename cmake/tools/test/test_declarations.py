# SPDX-License-Identifier: BSD-3-Clause
"""Resolver: what components declare of themselves; wrong declarations and their twins."""
from __future__ import annotations

import unittest
from pathlib import Path

from sample import SampleTest
from unicore.failure import Failure
from unicore.resolver.names import distance, nearest


class Files(SampleTest):
    def test_missing_source(self) -> None:
        source = self.sample.file("components/base/result.cpp")
        base = next(c for c in self.sample.data["components"] if c["name"] == "base")
        base["sources"] = [str(source.with_name("results.cpp"))]
        self.expect("""
  missing source: base lists components/base/results.cpp, which does not exist.
    nearest     result.cpp
    fix         correct SOURCES; files are named relative to the CMakeLists.txt that lists them
  
  1 problem; nothing was generated.
""")
        base["sources"] = [str(source)]
        self.expect_fine()

    def test_missing_source_of_an_image(self) -> None:
        image = self.sample.image("hello", sources=[str(self.root / "examples/hello/main.cpp")])
        self.expect("""
  missing source: image hello lists examples/hello/main.cpp, which does not exist.
    fix         correct SOURCES; files are named relative to the CMakeLists.txt that lists them
  
  1 problem; nothing was generated.
""")
        self.sample.file("examples/hello/main.cpp")
        self.expect_fine()
        image["sources"] = [str(self.root / "build/generated.cpp")]  # a build step will make it
        self.expect_fine()

    def test_missing_readme(self) -> None:
        self.sample.component("net.lwip", readme=False)
        self.expect("""
  missing README: net.lwip has no README.md.
    where       components/net/lwip
    fix         write one: what it does, theory, limits, the specifications it follows
  
  1 problem; nothing was generated.
""")
        self.sample.file("components/net/lwip/README.md")
        self.expect_fine()

    def test_missing_licence(self) -> None:
        external = self.sample.component("boost.intrusive", root=".", readme=False, external=True, licence="")
        self.expect("""
  licence missing: boost.intrusive names no licence.
    where       /root/.
    fix         LICENCE <SPDX identifier> in unicore_external(boost.intrusive ...); every image
                lists the licences of what it holds
  
  1 problem; nothing was generated.
""".replace("/root/.", "/root"))
        external["licence"] = "BSL-1.0"
        self.expect_fine()  # no README and no folder of its own: it is not ours


class Names(SampleTest):
    def test_duplicate(self) -> None:
        self.sample.component("net.lwip")
        self.sample.component("net.lwip", root="pool/net/lwip")
        self.expect("""
  duplicate name: 'net.lwip' is declared twice.
    declared    components/net/lwip
                pool/net/lwip
    fix         rename one, or take its pool out of UNICORE_POOLS
  
  1 problem; nothing was generated.
""")
        self.sample.data["components"].pop()
        self.expect_fine()

    def test_duplicate_found_by_cmake(self) -> None:
        self.sample.data["problems"] = [{"kind": "duplicate", "name": "base", "first": "/a", "second": "/b"}]
        self.expect("""
  duplicate name: 'base' is declared twice.
    declared    /a
                /b
    fix         rename one, or take its pool out of UNICORE_POOLS
  
  1 problem; nothing was generated.
""")

    def test_component_called_like_an_interface(self) -> None:
        self.sample.interface("net")
        self.sample.component("net", root="pool/net")
        self.expect("""
  duplicate name: 'net' is declared twice.
    declared    components/net
                pool/net
    fix         rename one, or take its pool out of UNICORE_POOLS
  
  1 problem; nothing was generated.
""")

    def test_bad_characters(self) -> None:
        for name, instead in (("Net", "net"), ("net!", "net_"), ("net.", "<name>"), ("net lwip", "net_lwip"),
                              ("9p", "<name>"), ("net-lwip", "net_lwip")):
            with self.subTest(name=name):
                self.sample.component(name, root=f"components/{name}")
                self.expect(f"""
  bad name: '{name}' cannot be the name of a component.
    where       components/{name}
    allowed     a-z, 0-9 and _, in parts joined by dots, starting with a letter
    fix         unicore_component({instead} ...)
  
  1 problem; nothing was generated.
""")
                self.sample.data["components"].pop()
        self.sample.component("fs.9p")
        self.expect_fine()

    def test_bad_name_found_by_cmake(self) -> None:
        self.sample.data["problems"] = [{"kind": "bad-name", "name": "Foo!", "what": "interface",
                                         "where": str(self.root / "x")}]
        self.expect("""
  bad name: 'Foo!' cannot be the name of an interface.
    where       x
    allowed     a-z, 0-9 and _, in parts joined by dots, starting with a letter
    fix         unicore_interface(foo_ ...)
  
  1 problem; nothing was generated.
""")

    def test_bad_image_name(self) -> None:
        self.sample.image("Hello World")
        self.expect("""
  bad name: 'Hello World' cannot be the name of an image.
    where       examples/Hello World
    allowed     a-z, 0-9, _, . and -, starting with a letter or digit
    fix         unicore_image(hello_world ...)
  
  1 problem; nothing was generated.
""")
        self.sample.data["images"][0]["name"] = "hello-c"
        self.expect_fine()

    def test_folder(self) -> None:
        component = self.sample.component("net.lwip", root="components/net/ip")
        self.expect("""
  name and folder differ: net.lwip must live in a folder .../net/lwip, so that name, folder,
    namespace and include path are one.
    where       components/net/ip
    fix         move the folder or rename the component
  
  1 problem; nothing was generated.
""")
        component["name"] = "net.ip"
        self.expect_fine()

    def test_folder_of_a_contract(self) -> None:
        self.sample.interface("arch.ports", root="architectures/contract/ports")
        self.expect_fine()
        self.sample.data["interfaces"][-1]["root"] = str(self.root / "architectures/ports")
        self.expect("""
  name and folder differ: arch.ports must live in a folder .../architectures/contract/ports, so that
    name, folder, namespace and include path are one.
    where       architectures/ports
    fix         move the folder or rename the component
  
  1 problem; nothing was generated.
""")


class FromCMake(SampleTest):
    def test_unknown_keyword(self) -> None:
        self.sample.data["problems"] = [{"kind": "unknown-keyword", "call": "unicore_component(net.lwip)",
                                         "where": str(self.root / "net/CMakeLists.txt"), "text": "REQURES base"}]
        self.expect("""
  unknown keyword: unicore_component(net.lwip) does not know 'REQURES base'.
    where       net/CMakeLists.txt
    fix         correct the spelling, or remove it
  
  1 problem; nothing was generated.
""")

    def test_missing_pool(self) -> None:
        self.sample.data["problems"] = [{"kind": "missing-pool", "name": "acme", "where": "/srv/acme"}]
        self.expect("""
  missing pool: UNICORE_POOLS names /srv/acme, which is no folder.
    fix         "-DUNICORE_POOLS=<folder>;<folder>", relative to the top CMakeLists.txt
  
  1 problem; nothing was generated.
""")

    def test_late_option(self) -> None:
        self.sample.data["problems"] = [{"kind": "late-option", "component": "base", "option": "STACK",
                                         "where": str(self.root / "components/base")}]
        self.expect("""
  late option: option STACK of base is declared after its component, which has been compiled without
    it.
    where       components/base
    fix         unicore_option(base STACK ...) before unicore_component(base ...)
  
  1 problem; nothing was generated.
""")

    def test_unknown_keyword(self) -> None:
        self.sample.data["problems"] = [{"kind": "unknown-keyword", "call": "unicore_image(hello)",
                                         "text": "SOURCE;main.cpp", "known": "SOURCES;COMPONENTS",
                                         "where": str(self.root / "CMakeLists.txt")}]
        self.expect("""
  unknown keyword: unicore_image(hello) does not know 'SOURCE main.cpp'.
    where       CMakeLists.txt
    allowed     COMPONENTS, SOURCES
    nearest     SOURCES
    fix         correct the spelling, or remove it
  
  1 problem; nothing was generated.
""")

    def test_a_kind_that_came_later(self) -> None:
        """A newer CMake part may find more: it is told as it is."""
        self.sample.data["problems"] = [{"kind": "late-thing", "text": "called too late.",
                                         "option": "UNICORE_X", "where": str(self.root / "CMakeLists.txt")}]
        self.expect("""
  late thing: called too late.
    option      UNICORE_X
    where       CMakeLists.txt
  
  1 problem; nothing was generated.
""")

    def test_incomplete_record(self) -> None:
        """Half a record would resolve as if it depended on nothing."""
        del self.sample.data["components"][0]["uses"]
        with self.assertRaisesRegex(Failure, "the metadata of base lacks uses"):
            self.sample.metadata()

    def test_other_schema(self) -> None:
        self.sample.data["schema"] = 2
        with self.assertRaisesRegex(Failure, "schema 2, this resolver reads 1"):
            self.sample.metadata()


class Settings(SampleTest):
    def test_twice(self) -> None:
        record = {"component": "base", "name": "log.level", "setter": "unicore::log::set_level",
                  "allowed": "", "help": ""}
        self.sample.component("debug.trace")
        self.sample.data["settings"] = [record, {**record, "component": "debug.trace"}]
        self.expect("""
  duplicate setting: setting 'log.level' is declared twice.
    declared    base
                debug.trace
    fix         rename one: on the command line a name must mean one thing
  
  1 problem; nothing was generated.
""")
        self.sample.data["settings"].pop()
        self.expect_fine()


class Many(SampleTest):
    def test_all_are_told_at_once(self) -> None:
        self.sample.image("hello", "a", "b")
        self.sample.component("net.lwip", readme=False)
        told = [(found.kind, found.key) for found in self.sample.resolve().problems]
        self.assertEqual([kind for kind, _ in told], ["missing README", "unknown component", "unknown component"])


class Nearest(unittest.TestCase):
    def test_distance(self) -> None:
        for one, other, expected in (("", "", 0), ("abc", "abc", 0), ("abc", "acb", 1), ("abc", "ab", 1),
                                     ("abc", "xbc", 1), ("abcd", "badc", 2), ("", "abc", 3)):
            self.assertEqual(distance(one, other), expected, (one, other))
            self.assertEqual(distance(other, one), expected, (other, one))

    def test_nearest(self) -> None:
        names = ["memory.heap", "memory.tlsf", "net.lwip", "console"]
        self.assertEqual(nearest("memroy.heap", names), "memory.heap")
        self.assertEqual(nearest("tlfs", names), "memory.tlsf")
        self.assertEqual(nearest("stack.lwip", names), "net.lwip")
        self.assertEqual(nearest("entropy", names), "")


class Here(unittest.TestCase):
    def test_files_are_small(self) -> None:
        """House style: under 300 lines each."""
        tools = Path(__file__).resolve().parent.parent
        large = [path.name for path in tools.rglob("*.py") if path.read_text(encoding="utf-8").count("\n") >= 300]
        self.assertEqual(large, [])


if __name__ == "__main__":
    unittest.main()
