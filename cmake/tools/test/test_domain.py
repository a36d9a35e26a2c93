# SPDX-License-Identifier: BSD-3-Clause
"""What lies beside an image for a Xen host."""
from __future__ import annotations

import sys
import unittest
import xml.etree.ElementTree as ElementTree
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from unicore.domain import Domain, libvirt, literal, xl  # noqa: E402  (the path comes first)
from unicore.failure import Failure  # noqa: E402

SMALL = Domain("hello", "/a b/hello", "pv", 4, ())
ARM = Domain("hello", "/hello", "", 8, (), "arm")
DRIVERS = Domain("router", "/images/<router>", "pvh", 16, ("block", "net"))


def settings(text: str) -> dict[str, str]:
    """What a configuration says, by name."""
    lines = [line.partition("#")[0] for line in text.splitlines()]
    return {name.strip(): value.strip() for name, _, value in (line.partition("=") for line in lines if line.strip())}


class Xl(unittest.TestCase):
    def test_small(self) -> None:
        found = settings(xl(SMALL))
        self.assertEqual((found["name"], found["type"], found["kernel"], found["memory"]),
                         ('"hello"', '"pv"', '"/a b/hello"', "4"))
        self.assertNotIn("shadow_memory", found)
        self.assertNotIn("vif", found)
        self.assertNotIn("disk", found)

    def test_arm(self) -> None:
        found = settings(xl(ARM))
        self.assertEqual((found["name"], found["memory"]), ('"hello"', "8"))
        self.assertNotIn("type", found)
        self.assertNotIn("shadow_memory", found)

    def test_drivers(self) -> None:
        found = settings(xl(DRIVERS))
        self.assertEqual((found["type"], found["shadow_memory"]), ('"pvh"', "1"))
        self.assertEqual(found["vif"], '["bridge=xenbr0"]')
        self.assertIn("vdev=xvda", found["disk"])

    def test_literal(self) -> None:
        self.assertEqual([literal(4), literal("a"), literal('"')], ["4", '"a"', "'\"'"])
        for text in ("'\"", "a\nb"):
            with self.assertRaises(Failure):
                literal(text)


class Libvirt(unittest.TestCase):
    def test_small(self) -> None:
        root = ElementTree.fromstring(libvirt(SMALL))
        self.assertEqual((root.get("type"), root.findtext("name"), root.findtext("memory")), ("xen", "hello", "4"))
        system = root.find("os/type")
        assert system is not None
        self.assertEqual((system.get("machine"), system.text), ("xenpv", "linux"))
        self.assertEqual([device.tag for device in root.findall("devices/*")], ["console"])

    def test_arm(self) -> None:
        system = ElementTree.fromstring(libvirt(ARM)).find("os/type")
        assert system is not None
        self.assertEqual((system.get("arch"), system.get("machine"), system.text), ("armv7l", "xenpv", "linux"))

    def test_drivers(self) -> None:
        root = ElementTree.fromstring(libvirt(DRIVERS))
        self.assertEqual(root.findtext("os/kernel"), "/images/<router>")
        self.assertEqual({device.tag for device in root.findall("devices/*")}, {"console", "interface", "disk"})


if __name__ == "__main__":
    unittest.main()
