# SPDX-License-Identifier: BSD-3-Clause
"""Hand-made metadata: a small pool in a temporary folder, which every test bends its own way."""
from __future__ import annotations

import shutil
import sys
import tempfile
import unittest
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from unicore.resolver.model import Metadata, from_json  # noqa: E402
from unicore.resolver.problems import render_all  # noqa: E402
from unicore.resolver.resolution import Resolution, resolve  # noqa: E402


class Sample:
    """Metadata as CMake writes it, and the files that it speaks of."""

    def __init__(self, root: Path, platform: str = "kvm", architecture: str = "x86_64") -> None:
        self.root = root
        self.data: dict[str, Any] = {
            "schema": 1,
            "target": {"architecture": architecture, "platform": platform,
                       "preset": f"{platform}-{architecture}", "build_type": "Release",
                       "source_root": str(root), "build_root": str(root / "build"), "version": "0.1.0"},
            "interfaces": [], "components": [], "options": [], "settings": [], "images": [],
            "tests": [], "provider_choices": {}, "provider_defaults": {}, "enabled": {}, "cache": {},
            "known": ["UNICORE_PLATFORM", "UNICORE_ARCHITECTURE", "UNICORE_POOLS"], "seen_before": [],
            "problems": []}
        self.interface("arch", root="architectures/contract")
        self.interface("platform", root="platforms/contract")
        self.component("base", requires=[])
        for name in ("x86_64", "aarch64"):
            self.component(f"arch.{name}", provides=["arch"], requires=["arch"], architectures=[name],
                           root=f"architectures/{name}")
        for name in ("kvm", "linux"):
            self.component(f"platform.{name}", provides=["platform"], requires=["platform", "base"],
                           platforms=[name], root=f"platforms/{name}")

    def interface(self, name: str, kind: str = "one-of", root: str = "", **more: Any) -> dict[str, Any]:
        return self._part("interfaces", name, root, {"kind": kind, "default": "", **more})

    def component(self, name: str, root: str = "", readme: bool = True, **more: Any) -> dict[str, Any]:
        record = self._part("components", name, root, {
            "provides": [], "conflicts": [], "architectures": [], "platforms": [], "init": "", "stop": "",
            "external": False, **more})
        if readme:
            self.file(f"{record['root']}/README.md", f"# {name}\n")
        return record

    def _part(self, table: str, name: str, root: str, more: dict[str, Any]) -> dict[str, Any]:
        folder = self.root / (root or "components/" + name.replace(".", "/"))
        folder.mkdir(parents=True, exist_ok=True)
        record = {"name": name, "summary": f"the {name}", "licence": "BSD-3-Clause", "requires": [],
                  "uses": [], "sources": [], "root": str(folder), "pool": "unicore", **more}
        self.data[table].append(record)
        return record

    def option(self, component: str, name: str, **more: Any) -> dict[str, Any]:
        variable = f"UNICORE_{component.upper().replace('.', '_')}_{name}"
        record = {"variable": variable, "component": component, "name": name, "type": "int",
                  "default": "16", "value": "", "choices": [], "minimum": "", "maximum": "", "unit": "",
                  "help": "", "when": "", "when_holds": True, **more}
        record["value"] = record["value"] or record["default"]
        self.data["options"].append(record)
        return record

    def image(self, name: str, *components: str, **more: Any) -> dict[str, Any]:
        record = {"name": name, "root": str(self.root / "examples" / name), "sources": [],
                  "components": list(components), "providers": {}, "options": {}, **more}
        self.data["images"].append(record)
        return record

    def file(self, path: str, text: str = "") -> Path:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        return target

    def memory(self) -> None:
        """Pages and heap with two providers each way, and a console that brings its devices."""
        self.interface("memory.pages", default="memory.buddy", requires=["base"])
        self.interface("memory.heap", default="memory.tlsf", requires=["base"])
        self.interface("console.sink", "many-of", requires=["base"])
        self.component("memory.buddy", provides=["memory.pages"], requires=["memory.pages"], uses=["platform"],
                       init="unicore::memory::buddy::start")
        self.component("memory.tlsf", provides=["memory.heap"], requires=["memory.heap"],
                       uses=["memory.pages"], init="unicore::memory::tlsf::start")
        self.component("memory.bump", provides=["memory.heap"], requires=["memory.heap"],
                       uses=["memory.pages"], init="unicore::memory::bump::start")
        self.component("console", requires=["console.sink"])
        self.component("console.ns16550", provides=["console.sink"], requires=["console.sink"], uses=["arch"],
                       platforms=["kvm"], architectures=["x86_64"], init="unicore::console::ns16550::start",
                       stop="unicore::console::ns16550::stop")
        self.component("console.stdio", provides=["console.sink"], requires=["console.sink"],
                       platforms=["linux"], init="unicore::console::stdio::start")

    def metadata(self) -> Metadata:
        return from_json(self.data)

    def resolve(self) -> Resolution:
        return resolve(self.metadata())


class SampleTest(unittest.TestCase):
    """A test with a sample of its own."""

    maxDiff = None

    def setUp(self) -> None:
        self.root = Path(tempfile.mkdtemp(prefix="unicore-test-"))
        self.addCleanup(shutil.rmtree, self.root)
        self.sample = Sample(self.root)

    def expect(self, text: str) -> None:
        """The whole report must be `text`; its count of problems is added here."""
        found = self.sample.resolve()
        told = render_all(found.problems).replace(str(self.root), "/root") if found.problems else ""
        self.assertEqual(told, text.lstrip("\n"))

    def expect_fine(self) -> Resolution:
        """The twin of a wrong configuration: nothing is wrong."""
        found = self.sample.resolve()
        self.assertEqual(render_all(found.problems) if found.problems else "", "")
        return found
