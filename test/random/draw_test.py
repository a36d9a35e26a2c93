# SPDX-License-Identifier: BSD-3-Clause
"""What is drawn is allowed, the same for the same seed, and more of it has more combinations."""
from __future__ import annotations

import random
import unittest
from typing import Any, Dict

from draw import Space, all_combinations, draw, numbers, space


def option(component: str, variable: str, **more: Any) -> Dict[str, Any]:
    """As the metadata has it."""
    return {"component": component, "variable": variable, "type": "int", "default": "16", "minimum": "1",
            "maximum": "1000", "choices": [], "when_holds": True, **more}


def component(name: str, *provides: str, **more: Any) -> Dict[str, Any]:
    """As the metadata has it."""
    return {"name": name, "provides": list(provides), "platforms": [], "architectures": [],
            "requires": [], "uses": [], **more}


METADATA = {
    "components": [component("heap.a", "heap"), component("heap.b", "heap"), component("lone", "pages"),
                   component("noise.a", "noise"), component("noise.b", "noise"),
                   component("noise.c", "noise", platforms=["xen"]), component("other", "noise", architectures=["arm"]),
                   component("unused", "idle"), component("unused.too", "idle")],
    "interfaces": [{"name": "heap", "kind": "one-of"}, {"name": "pages", "kind": "one-of"},
                   {"name": "noise", "kind": "many-of"}, {"name": "idle", "kind": "one-of"}],
    "options": [option("heap.b", "UNICORE_HEAP_B_SIZE"), option("unused", "UNICORE_UNUSED_SIZE"),
                option("lone", "UNICORE_LONE_KIND", type="choice", choices=["x", "y"]),
                option("lone", "UNICORE_LONE_OFF", type="bool", when_holds=False)],
}


class DrawTest(unittest.TestCase):
    """The whole of draw.py."""

    def setUp(self) -> None:
        self.space = space("kvm-x86_64", METADATA, {"heap", "heap.a", "pages", "lone", "noise"}, random.Random(1))

    def test_what_can_be_chosen(self) -> None:
        values = dict(self.space.values)
        sizes = values.pop("UNICORE_HEAP_B_SIZE")
        self.assertEqual(values, {"CMAKE_BUILD_TYPE": ("RelWithDebInfo", "Release"),
                                  "UNICORE_PROVIDER_HEAP": ("heap.a", "heap.b"),
                                  "noise": ("noise.a", "noise.b", "noise.a noise.b"), "UNICORE_LONE_KIND": ("x", "y")})
        self.assertLessEqual({"16", "1", "1000"}, set(sizes))

    def test_what_others_need_is_not_left_out(self) -> None:
        data = {**METADATA, "components": [*METADATA["components"], component("user", uses=["noise.a"])]}
        closure = {"noise", "noise.a", "noise.b", "user"}
        found = space("kvm-x86_64", data, closure, random.Random(1))
        self.assertEqual(found.values["noise"], ("", "noise.b"))
        self.assertEqual(found.cache({"noise": ""}), {"UNICORE_WITH_NOISE_B": "OFF"})

    def test_providers_become_switches(self) -> None:
        self.assertEqual(self.space.cache({"noise": "noise.b", "UNICORE_LONE_KIND": "x"}),
                         {"UNICORE_WITH_NOISE_A": "OFF", "UNICORE_WITH_NOISE_B": "ON", "UNICORE_LONE_KIND": "x"})

    def test_numbers_are_in_range(self) -> None:
        for seed in range(200):
            for text in numbers(option("a", "A", minimum="0", maximum="86400", default="300"), random.Random(seed)):
                self.assertTrue(0 <= int(text) <= 86400)

    def test_the_same_seed_draws_the_same(self) -> None:
        drawn = [draw([self.space], 5, random.Random(7)) for _ in range(2)]
        self.assertEqual(*drawn)
        self.assertNotEqual(drawn[0], draw([self.space], 5, random.Random(8)))

    def test_pairs_take_turns_and_all_combinations_come(self) -> None:
        spaces = [self.space, Space("xen-arm", {"A": ("1", "2"), "B": ("1", "2")})]
        drawn, covered, total = draw(spaces, 200, random.Random(3))
        self.assertEqual(sorted(where.pair for where, _ in drawn).count("xen-arm"), 100)
        self.assertEqual((covered, total), (total, len(all_combinations(spaces))))
        few = draw(spaces, 4, random.Random(3))[1]
        self.assertLess(few, total)


if __name__ == "__main__":
    unittest.main()
