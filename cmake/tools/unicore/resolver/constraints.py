# SPDX-License-Identifier: BSD-3-Clause
"""What can be wrong with the closure of an image."""
from __future__ import annotations

from typing import Iterator

from unicore.resolver.chains import call, choose, elsewhere, here, listed, summaries, switch, where
from unicore.resolver.choices import ranked
from unicore.resolver.closure import Closure
from unicore.resolver.model import Component, Interface, Metadata
from unicore.resolver.names import enable_variable, nearest
from unicore.resolver.problems import Problem, problem


def check(metadata: Metadata, closure: Closure) -> Iterator[Problem]:
    """Everything wrong with this image."""
    yield from closure.problems
    yield from _unknown(metadata, closure)
    for name in closure.members:
        part = metadata.part(name)
        if isinstance(part, Interface):
            yield from _unmet(metadata, closure, part)
        elif isinstance(part, Component):
            yield from _unsupported(metadata, closure, part)
            yield from _conflicts(metadata, closure, part)
            yield from _disabled(metadata, closure, part)


def _unknown(metadata: Metadata, closure: Closure) -> Iterator[Problem]:
    image = closure.image.name
    for name in closure.image.components:
        if metadata.part(name) is None:
            near = nearest(name, [*metadata.interfaces, *metadata.components])
            pools = sorted({p.pool for p in metadata.components.values() if p.pool})
            yield problem("unknown component", f"image {image} names {name}, which no pool declares.",
                          image=image, subject=(name,), nearest=near, pools=", ".join(pools),
                          fix=f"correct COMPONENTS in unicore_image({image} ...), or add the pool that "
                              "has it: -DUNICORE_POOLS=<folder>")


def _unmet(metadata: Metadata, closure: Closure, interface: Interface) -> Iterator[Problem]:
    binding, image = closure.bindings.get(interface.name), closure.image.name
    if binding is not None and (binding.providers or binding.source != "all"):
        return
    if not _needed(metadata, closure, interface.name):
        return  # only invited
    candidates, pair = here(metadata, interface.name), metadata.target.pair
    if any(c.name in closure.members and not metadata.is_enabled(c.name) for c in candidates):
        return  # left out, yet in the image by name: told as that
    if interface.one_of:
        choices = ranked(metadata, closure.image, interface.name)
        if choices and choices[0].source != "target":
            return  # chosen wrongly, which the check of the choices has told
        if len(candidates) > 1 and not choices:
            yield _ambiguous(metadata, closure, interface, candidates)
            return
    off = [f"{c.name} ({enable_variable(c.name)} is OFF)" for c in candidates
           if not interface.one_of and not metadata.is_enabled(c.name)]
    asked = [c.name for c in candidates if not interface.one_of and c.on_request]
    off += [f"{name} (comes only with who names it)" for name in asked]
    fixes = [switch(c.name, True) for c in candidates if not metadata.is_enabled(c.name)]
    fixes += [f"name {name} in COMPONENTS of unicore_image({image} ...)" for name in asked]
    pool = [] if fixes else ["add a pool that has a provider for this target: -DUNICORE_POOLS=<folder>"]
    yield problem("unmet interface", f"nothing provides {interface.name} on {pair}.",
                  image=image, subject=(interface.name,), needed_by=closure.told(interface.name),
                  here=listed(off, "no provider"), elsewhere=elsewhere(metadata, interface.name),
                  fix=" or ".join([*fixes, *_ways_out(metadata, closure, interface.name), *pool]))


def _needed(metadata: Metadata, closure: Closure, name: str) -> bool:
    """Whether the image or a part of it depends on `name`."""
    if closure.members[name].edge in ("named", "always"):
        return True
    parts = (metadata.part(member) for member in closure.members)
    return any(other == name for part in parts if part is not None for _, other in part.dependencies)


def _ambiguous(metadata: Metadata, closure: Closure, interface: Interface,
               candidates: list[Component]) -> Problem:
    name, image = interface.name, closure.image.name
    return problem("ambiguous interface", f"{name} has {len(candidates)} providers on "
                   f"{metadata.target.pair}, and nobody chose one.", image=image, subject=(name,),
                   needed_by=closure.told(name), here=summaries(candidates),
                   elsewhere=elsewhere(metadata, name),
                   fix=f"{choose(name, candidates[0].name)} for the whole tree, or PROVIDERS "
                       f"{name}={candidates[0].name} in unicore_image({image} ...)")


def _ways_out(metadata: Metadata, closure: Closure, name: str) -> list[str]:
    """What would make the image not need `name`, from the nearest cause up its chain."""
    for link in reversed(closure.chain(name)):
        member = closure.members[link]
        binding = closure.bindings.get(member.parent)
        if member.edge == "named":
            return [f"remove {link} from COMPONENTS of unicore_image({closure.image.name} ...)"]
        if member.edge == "provider" and binding and binding.source == "all":
            return [f"{switch(link, False)} leaves {link} out"]
        if member.edge == "provider" and binding and binding.source != "target":
            others = [c.name for c in here(metadata, member.parent) if c.name != link]
            if others:
                return [f"{choose(member.parent, others[0])} takes another provider"]
    return ["use another preset, or write a provider for this target"]


def _unsupported(metadata: Metadata, closure: Closure, component: Component) -> Iterator[Problem]:
    target, image = metadata.target, closure.image.name
    for kind, allowed, current in (("platform", component.platforms, target.platform),
                                   ("architecture", component.architectures, target.architecture)):
        if allowed and current not in allowed:
            instead = [f"{c.name} (provides {interface})" for interface in component.provides
                       for c in here(metadata, interface)]
            member = closure.members[component.name]
            parent = metadata.part(member.parent)
            fixes = [f"{member.edge.upper()} {interface} instead of {component.name} in {call(parent)}"
                     for interface in component.provides if here(metadata, interface)
                     and parent is not None and member.edge in ("requires", "uses")]
            yield problem(f"wrong {kind}", f"{component.name} is for {where(component)}, and this "
                          f"tree is {target.pair}.", image=image, subject=(component.name,),
                          needed_by=closure.told(component.name), here=instead,
                          fix=" or ".join([*fixes, *_ways_out(metadata, closure, component.name)]))
            return


def _conflicts(metadata: Metadata, closure: Closure, component: Component) -> Iterator[Problem]:
    for other in component.conflicts:
        if other in closure.members and other != component.name:
            pair = sorted((component.name, other))
            yield problem("conflict", f"{pair[0]} and {pair[1]} cannot be in one image, says "
                          f"{component.name}.", image=closure.image.name, subject=pair,
                          chains=[closure.told(name) for name in pair],
                          fix=" or ".join(way for name in pair for way in _ways_out(metadata, closure, name)))


def _disabled(metadata: Metadata, closure: Closure, component: Component) -> Iterator[Problem]:
    """Left out of the tree, and yet in the image because something names it."""
    if metadata.is_enabled(component.name):
        return
    yield problem("disabled component", f"{component.name} is left out of this tree "
                  f"({enable_variable(component.name)} is OFF), but image {closure.image.name} needs it.",
                  image=closure.image.name, subject=(component.name,),
                  needed_by=closure.told(component.name),
                  fix=" or ".join([switch(component.name, True),
                                   *_ways_out(metadata, closure, component.name)]))
