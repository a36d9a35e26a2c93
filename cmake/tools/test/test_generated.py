# SPDX-License-Identifier: BSD-3-Clause
"""Resolver: the files that it generates, and that it writes only what changed."""
from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import unittest
from contextlib import redirect_stderr
from pathlib import Path

from sample import SampleTest
from unicore.cli import main
from unicore.resolver.config_header import config_header, identifier, quoted
from unicore.resolver.option_values import parse

REPOSITORY = Path(__file__).resolve().parents[3]
COMPILER = shutil.which("clang++-19") or shutil.which("clang++")

BOOT = """// SPDX-License-Identifier: BSD-3-Clause
// How image hello starts on kvm-x86_64. Generated from the dependencies of its components by
// cmake/tools/unicore.py; `unicore.py explain hello` tells the rest.
#include <unicore/base/boot.hpp>

namespace unicore::console::ns16550 {
::unicore::Result<void> start() noexcept;
void stop() noexcept;
}  // namespace unicore::console::ns16550

namespace unicore::log {
::unicore::Result<void> set_level(std::string_view value) noexcept;
}  // namespace unicore::log

namespace unicore::memory::buddy {
::unicore::Result<void> start() noexcept;
}  // namespace unicore::memory::buddy

namespace unicore::memory::tlsf {
::unicore::Result<void> start() noexcept;
}  // namespace unicore::memory::tlsf

namespace unicore::boot {

namespace {

constinit const Step step_list[] = {
    // Waits for no other step.
    {"console.ns16550", &::unicore::console::ns16550::start, &::unicore::console::ns16550::stop},
    // Waits for no other step.
    {"memory.buddy", &::unicore::memory::buddy::start, nullptr},
    // After memory.buddy: memory.tlsf uses memory.pages, provided by memory.buddy.
    {"memory.tlsf", &::unicore::memory::tlsf::start, nullptr},
};

}  // namespace

namespace {

constinit const Setting setting_list[] = {
    {"log.level", &::unicore::log::set_level, "error or \\"debug\\""},  // base
};

}  // namespace

constinit const char image_name[] = "hello";
constinit const std::span<const Step> steps{step_list};
constinit const std::span<const Setting> settings{setting_list};

}  // namespace unicore::boot
"""

CONFIG = """// SPDX-License-Identifier: BSD-3-Clause
// The options of memory.tlsf. Generated from these cache variables; change them there:
//   UNICORE_MEMORY_TLSF_GROWTH: a whole number from 1 to 1024 (pages); default 16
//   UNICORE_MEMORY_TLSF_FIT: first-fit, default; default first-fit
//   UNICORE_MEMORY_TLSF_POISON: ON or OFF; default OFF
//   UNICORE_MEMORY_TLSF_LABEL: text; default empty
#pragma once

#include <cstdint>
#include <string_view>

namespace unicore::memory::tlsf::config {

/// Pages fetched at a time.
/// Unit: pages.
inline constexpr std::int64_t growth = 32;

enum class Fit { first_fit, default_ };
inline constexpr Fit fit = Fit::default_;

inline constexpr bool poison = true;

inline constexpr std::string_view label = "a \\"b\\" \\\\";

}  // namespace unicore::memory::tlsf::config
"""


class Generated(SampleTest):
    def setUp(self) -> None:
        super().setUp()
        self.sample.memory()
        self.sample.image("hello", "console", "memory.heap")
        self.sample.data["settings"] = [{"component": "base", "name": "log.level", "help": "",
                                         "setter": "unicore::log::set_level", "allowed": 'error or "debug"'},
                                        {"component": "memory.bump", "name": "bump", "help": "", "allowed": "",
                                         "setter": "unicore::memory::bump::set"}]
        self.options = [
            self.sample.option("memory.tlsf", "GROWTH", minimum="1", maximum="1024", unit="pages",
                               help="Pages fetched at a time.", value="0x20"),
            self.sample.option("memory.tlsf", "FIT", type="choice", choices=["first-fit", "default"],
                               default="first-fit", value="default"),
            self.sample.option("memory.tlsf", "POISON", type="bool", default="OFF", value="yes"),
            self.sample.option("memory.tlsf", "LABEL", type="string", default="", value='a "b" \\')]
        self.out = self.root / "build/unicore"

    def run_resolver(self) -> tuple[int, str]:
        metadata = self.sample.file("build/unicore/metadata.json", json.dumps(self.sample.data))
        errors = io.StringIO()
        errors.reconfigure = lambda **_: None  # type: ignore[attr-defined]
        with redirect_stderr(errors):
            status = main(["resolve", "--metadata", str(metadata), "--out", str(self.out)])
        return status, errors.getvalue()

    def text(self, path: str) -> str:
        return (self.out / path).read_text(encoding="utf-8")

    def test_texts(self) -> None:
        self.assertEqual(self.run_resolver(), (0, ""))
        self.assertEqual(self.text("images/hello/boot.cpp"), BOOT)
        self.assertEqual(self.text("include/memory.tlsf/unicore/memory/tlsf/config.hpp"), CONFIG)
        self.assertEqual(self.text("resolution.cmake"), f"""# Generated by cmake/tools/unicore.py resolve.
set(UNICORE_CLOSURE_hello "arch;arch.x86_64;base;console;console.ns16550;console.sink;memory.buddy;\
memory.heap;memory.pages;memory.tlsf;platform;platform.kvm")
set(UNICORE_BOOT_hello "{self.out}/images/hello/boot.cpp")
""")

    def test_empty_image(self) -> None:
        self.sample.data["images"] = []
        self.sample.data["settings"] = []
        self.sample.image("bare")
        self.assertEqual(self.run_resolver(), (0, ""))
        self.assertIn("steps{};\nconstinit const std::span<const Setting> settings{};\n",
                      self.text("images/bare/boot.cpp"))

    def test_nothing_changed_nothing_written(self) -> None:
        self.run_resolver()
        before = self.files()
        self.run_resolver()
        self.assertEqual(self.files(), before)

    def test_one_option_changes_one_header(self) -> None:
        self.sample.option("base", "STACK")
        self.run_resolver()
        before = self.files()
        self.options[0]["value"] = "64"
        self.run_resolver()
        after = self.files()
        changed = {path for path in after if after[path] != before.get(path)}
        self.assertEqual(changed, {"include/memory.tlsf/unicore/memory/tlsf/config.hpp", "components.json",
                                   "images/hello/image.json"})

    def test_an_image_knows_what_concerns_it(self) -> None:
        self.sample.option("memory.bump", "SIZE", value="16")
        self.run_resolver()
        before = self.text("images/hello/image.json")
        self.sample.data["options"][-1]["value"] = "32"  # of a component that is not in it
        self.sample.image("other", "console")
        self.run_resolver()
        self.assertTrue(self.text("images/hello/image.json") == before)
        self.options[0]["value"] = "33"
        self.run_resolver()
        self.assertFalse(self.text("images/hello/image.json") == before)

    def test_what_is_gone_leaves_nothing(self) -> None:
        self.run_resolver()
        self.sample.data["options"] = []
        self.sample.data["images"][0]["name"] = "other"
        self.run_resolver()
        self.assertEqual({path for path in self.files() if "/" in path}, {"images/other/boot.cpp", "images/other/image.json"})

    def test_option_whose_condition_does_not_hold_keeps_its_default(self) -> None:
        self.options[0].update(when="X", when_holds=False, value="16")
        self.run_resolver()
        self.assertIn("growth = 16;", self.text("include/memory.tlsf/unicore/memory/tlsf/config.hpp"))

    def test_a_wrong_configuration_generates_nothing(self) -> None:
        self.sample.data["images"][0]["components"] = ["consol"]
        status, errors = self.run_resolver()
        self.assertEqual(status, 1)
        self.assertTrue(errors.startswith("  unknown component: image hello names consol"), errors)
        self.assertEqual(set(self.files()), set())

    def test_wrong_metadata_is_told_in_the_layout_of_cmake(self) -> None:
        self.sample.data["schema"] = 7
        status, errors = self.run_resolver()
        self.assertEqual(status, 1)
        self.assertTrue(all(line.startswith("  ") for line in errors.splitlines()), errors)

    def files(self) -> dict[str, int]:
        """Path and inode: every write replaces the file."""
        return {str(path.relative_to(self.out)): os.stat(path).st_ino for path in self.out.rglob("*")
                if path.is_file() and path.name not in ("metadata.json", "includes.json")}

    @unittest.skipUnless(COMPILER, "no clang++")
    def test_they_compile(self) -> None:
        self.options[0].update(minimum="", maximum="", value=str(-2**63))
        self.assertEqual(self.run_resolver(), (0, ""))
        use = self.sample.file("use.cpp", """#include <unicore/memory/tlsf/config.hpp>
#include <limits>
namespace config = unicore::memory::tlsf::config;
static_assert(config::growth == std::numeric_limits<std::int64_t>::min());
static_assert(config::fit == config::Fit::default_ && config::poison);
static_assert(config::label == "a \\"b\\" \\\\");
""")
        flags = ["-std=c++23", "-stdlib=libc++", "-Wall", "-Wextra", "-Werror", "-fsyntax-only",
                 f"-I{REPOSITORY}/components/base/include", f"-I{self.out}/include/memory.tlsf"]
        subprocess.run([str(COMPILER), *flags, str(use), str(self.out / "images/hello/boot.cpp")], check=True)


class Identifiers(SampleTest):
    def test_identifier(self) -> None:
        for text, expected in (("first-fit", "first_fit"), ("9600", "value_9600"), ("default", "default_"),
                               ("LOG_LEVEL", "log_level"), ("", "empty"), ("ä b", "__b")):
            self.assertEqual(identifier(text), expected)

    def test_quoted(self) -> None:
        self.assertEqual(quoted('a"\\'), '"a\\"\\\\"')

    def test_bounds_of_int64(self) -> None:
        self.sample.option("base", "BIG", default="0")
        option = self.sample.metadata().options[0]
        self.assertEqual(parse(option, str(2**63)), (None, "out of range"))
        self.assertEqual(parse(option, str(-2**63)), (-2**63, ""))
        self.assertIn("big = 0;", config_header("base", [option]))


if __name__ == "__main__":
    unittest.main()
