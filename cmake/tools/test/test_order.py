# SPDX-License-Identifier: BSD-3-Clause
"""Resolver: boot order, and closures of random graphs."""
from __future__ import annotations

import random
import unittest
from pathlib import Path

from sample import Sample, SampleTest
from unicore.resolver.closure import Closure
from unicore.resolver.model import Component, Interface, Metadata
from unicore.resolver.resolution import Resolved


class Order(SampleTest):
    def steps(self) -> list[str]:
        return [step.component for step in self.expect_fine().images[0].steps]

    def start(self, *names: str) -> None:
        for component in self.sample.data["components"]:
            if component["name"] in names:
                component["init"] = f"unicore::{component['name'].replace('.', '::')}::start"

    def test_dependencies_first_then_by_name(self) -> None:
        self.sample.memory()
        self.sample.component("app.b", uses=["memory.heap"])
        self.sample.component("app.a", uses=["app.b"])
        self.sample.component("app.c")
        self.start("app.a", "app.b", "app.c")
        self.sample.image("hello", "app.c", "app.a", "console")
        self.assertEqual(self.steps(), ["app.c", "console.ns16550", "memory.buddy", "memory.tlsf", "app.b", "app.a"])

    def test_order_of_declaration_does_not_matter(self) -> None:
        self.sample.memory()
        self.sample.image("hello", "console", "memory.heap")
        before = self.steps()
        self.sample.data["components"].reverse()
        self.sample.data["images"][0]["components"].reverse()
        self.assertEqual(self.steps(), before)

    def test_an_interface_waits_for_all_its_providers(self) -> None:
        self.sample.memory()
        self.sample.component("console.zeta", provides=["console.sink"], init="unicore::z::start")
        self.sample.component("app", uses=["console.sink"], init="unicore::app::start")
        self.sample.image("hello", "app")
        self.assertEqual(self.steps(), ["console.ns16550", "console.zeta", "app"])

    def test_base_and_platform_need_each_other(self) -> None:
        """As they do: panic writes through the platform, whose headers return Results."""
        base = next(c for c in self.sample.data["components"] if c["name"] == "base")
        base["uses"] = ["arch", "platform"]
        for name in ("arch", "platform"):
            next(i for i in self.sample.data["interfaces"] if i["name"] == name)["requires"] = ["base"]
        kvm = next(c for c in self.sample.data["components"] if c["name"] == "platform.kvm")
        kvm["uses"] = ["arch"]
        x86 = next(c for c in self.sample.data["components"] if c["name"] == "arch.x86_64")
        x86["uses"] = ["platform", "base"]
        self.start("base", "arch.x86_64", "platform.kvm")
        self.sample.image("hello")
        self.assertEqual(self.steps(), ["base", "arch.x86_64", "platform.kvm"])

    def test_what_the_platform_is_made_of_comes_before_it(self) -> None:
        self.sample.memory()  # memory.buddy uses platform for the memory map
        kvm = next(c for c in self.sample.data["components"] if c["name"] == "platform.kvm")
        kvm["uses"] = ["memory.pages"]
        self.start("platform.kvm")
        self.sample.image("hello")
        self.assertEqual(self.steps(), ["memory.buddy", "platform.kvm"])

    def test_one_step_in_a_ring_through_an_interface(self) -> None:
        """debug.log uses console.sink, whose provider logs: there is nothing to order."""
        self.sample.memory()
        self.sample.component("debug.log", uses=["console.sink"])
        ns16550 = next(c for c in self.sample.data["components"] if c["name"] == "console.ns16550")
        ns16550["uses"] = ["debug.log"]
        self.sample.image("hello", "debug.log")
        self.assertEqual(self.steps(), ["console.ns16550"])


def random_sample(root: Path, seed: int) -> Sample:
    """Components depend on earlier ones only, so that there is always an order."""
    chance = random.Random(seed)
    sample = Sample(root)
    names: list[str] = ["base"]
    for index in range(chance.randrange(5, 40)):
        name = f"part{index}"
        needs = chance.sample(names, min(len(names), chance.randrange(4)))
        cut = chance.randrange(len(needs) + 1)
        if chance.random() < 0.3:
            kind = chance.choice(("one-of", "many-of"))
            sample.interface(name, kind, root=f"components/{name}", requires=needs)
            providers = [f"{name}.p{i}" for i in range(chance.randrange(1, 4))]
            for provider in providers:
                sample.component(provider, readme=True, provides=[name],
                                 uses=chance.sample(names, min(len(names), chance.randrange(3))),
                                 init=chance.choice(("", f"unicore::{name}::start")))
            sample.data["interfaces"][-1]["default"] = providers[0] if kind == "one-of" else ""
            if chance.random() < 0.5:  # somebody may name it, and push the default aside
                names.append(providers[-1])
        else:
            sample.component(name, requires=needs[:cut], uses=needs[cut:],
                             init=chance.choice(("", f"unicore::{name}::start")))
        names.append(name)
    for index in range(3):
        sample.image(f"image{index}", *chance.sample(names, chance.randrange(1, 4)))
    return sample


def below(metadata: Metadata, closure: Closure, name: str) -> set[str]:
    """What follows from `name` being in the image, by the definition rather than the algorithm."""
    part = metadata.part(name)
    assert part is not None
    found = {*part.requires, *part.uses}
    if isinstance(part, Component):
        found |= set(part.provides)
    if isinstance(part, Interface):
        found |= set(closure.bindings[name].providers)
    return found


def reachable(metadata: Metadata, closure: Closure) -> set[str]:
    found: set[str] = set()
    waiting = ["arch", "platform", *closure.image.components]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += below(metadata, closure, name)
    return found


class Properties(SampleTest):
    def check(self, metadata: Metadata, resolved: Resolved) -> None:
        closure = resolved.closure
        members = set(closure.members)
        for name in members:
            self.assertLessEqual(below(metadata, closure, name), members, "closed")
        self.assertEqual(members, reachable(metadata, closure), "minimal")
        for name in members:
            chain = closure.chain(name)
            self.assertEqual((chain[-1], closure.members[chain[0]].parent), (name, ""))
            for one, other in zip(chain, chain[1:]):
                self.assertIn(other, below(metadata, closure, one), "the chain is real")
        for interface in members & set(metadata.interfaces):
            providers = closure.bindings[interface].providers
            inside = {c.name for c in metadata.providers(interface)} & members
            self.assertEqual(set(providers), inside)
            if metadata.interfaces[interface].one_of:
                self.assertEqual(len(providers), 1, "one-of")
        self.order(metadata, resolved)

    def order(self, metadata: Metadata, resolved: Resolved) -> None:
        position = {step.component: i for i, step in enumerate(resolved.steps)}
        components = metadata.components
        self.assertEqual(set(position), {n for n in resolved.closure.members if n in components and components[n].init})
        for name, at in position.items():
            part = components[name]
            for needed in (*part.requires, *part.uses):
                bound = resolved.closure.bindings.get(needed)
                for other in (bound.providers if bound else (needed,)):
                    if other in position and needed not in part.provides:
                        self.assertLess(position[other], at, f"{other} before {name}")

    def test_random_graphs(self) -> None:
        for seed in range(60):
            with self.subTest(seed=seed):
                self.sample = random_sample(self.root / str(seed), seed)
                found = self.expect_fine()
                for resolved in found.images:
                    self.check(found.metadata, resolved)


if __name__ == "__main__":
    unittest.main()
