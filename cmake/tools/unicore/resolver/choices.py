# SPDX-License-Identifier: BSD-3-Clause
"""Which provider a one-of interface is bound to, and whether what was chosen can be."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Iterator

from unicore.resolver.chains import choose, forget, here, listed, summaries, switch, where
from unicore.resolver.model import FIXED, Image, Metadata
from unicore.resolver.names import nearest, provider_variable
from unicore.resolver.problems import Problem, problem


@dataclass(frozen=True)
class Choice:
    """A provider and who chose it.

    `source` is one of target, image, cache, preset, default, only; "" when nobody could.
    """

    provider: str
    source: str
    reason: str

    @property
    def firm(self) -> bool:
        """Whether a component that is in the image by name may not push it aside."""
        return self.source in ("target", "image")


def ranked(metadata: Metadata, image: Image, interface: str) -> list[Choice]:
    """All choices for one interface, strongest first; the first that is valid counts."""
    target, found = metadata.target, []
    if interface in FIXED:
        name = getattr(target, "architecture" if interface == "arch" else "platform")
        return [Choice(f"{interface}.{name}", "target", f"the target is {target.pair}")]
    if image.providers.get(interface):
        provider = image.providers[interface]
        found.append(Choice(provider, "image", f"image {image.name} says PROVIDERS {interface}={provider}"))
    if metadata.provider_choices.get(interface):
        provider = metadata.provider_choices[interface]
        found.append(Choice(provider, "cache", f"the tree says {choose(interface, provider)}"))
    if metadata.provider_defaults.get(interface):
        found.append(Choice(metadata.provider_defaults[interface], "preset",
                            f"the default of preset {target.preset}"))
    candidates = [c.name for c in here(metadata, interface)]
    default = metadata.interfaces[interface].default
    if default in candidates:
        found.append(Choice(default, "default", f"the default of {interface}"))
    if len(candidates) == 1:
        found.append(Choice(candidates[0], "only", f"nothing else provides it on {target.pair}"))
    return found


def fault(metadata: Metadata, interface: str, choice: Choice) -> str:
    """Why the choice cannot be, or ""."""
    provider = metadata.components.get(choice.provider)
    if provider is None:
        return "is declared by no pool"
    if interface not in provider.provides:
        return f"does not provide {interface}"
    if not metadata.supported(provider):
        return f"is for {where(provider)}, and this tree is {metadata.target.pair}"
    return ""


def _here(metadata: Metadata, interface: str) -> list[str]:
    return listed(summaries(here(metadata, interface)), "nothing provides it")


def _example(metadata: Metadata, interface: str, meant: str) -> str:
    """A provider that would work, the one that was probably meant if it does, or ""."""
    names = [c.name for c in here(metadata, interface)]
    return nearest(meant, names) or next(iter(names), "")


def check(metadata: Metadata) -> Iterator[Problem]:
    """Wrong choices of the tree, the preset and the images, used or not."""
    for interface, provider in metadata.provider_choices.items():
        if provider:
            yield from _tree_choice(metadata, interface, provider)
    for interface, provider in metadata.provider_defaults.items():
        if interface in metadata.interfaces:
            bad = fault(metadata, interface, Choice(provider, "preset", ""))
            if bad:
                yield _wrong(metadata, interface, provider, bad, _preset(metadata), "")
        else:
            yield problem("unknown interface", f"{_preset(metadata)} chooses {provider} for "
                          f"{interface}, which no pool declares.",
                          nearest=nearest(interface, metadata.interfaces),
                          fix="correct UNICORE_DEFAULT_PROVIDERS, which presets set")
    for image in metadata.images:
        for interface, provider in image.providers.items():
            yield from _image_choice(metadata, image, interface, provider)


def _tree_choice(metadata: Metadata, interface: str, provider: str) -> Iterator[Problem]:
    variable = provider_variable(interface)
    if interface not in metadata.interfaces:
        yield problem("unknown interface", f"-D{variable}={provider} chooses for {interface}, which no "
                      "pool declares.", nearest=nearest(interface, metadata.interfaces),
                      fix=f"{forget(variable)}, or add the pool that has it: -DUNICORE_POOLS=<folder>")
    elif bad := fault(metadata, interface, Choice(provider, "cache", "")):
        yield _wrong(metadata, interface, provider, bad, f"-D{variable}", forget(variable))


def _preset(metadata: Metadata) -> str:
    return f"preset {metadata.target.preset}" if metadata.target.preset else "UNICORE_DEFAULT_PROVIDERS"


def _wrong(metadata: Metadata, interface: str, provider: str, bad: str, who: str, undo: str) -> Problem:
    """`undo` takes the choice out of the cache; without it, the choice is the preset's."""
    gone = provider not in metadata.components
    near = nearest(provider, [c.name for c in metadata.providers(interface)]) if gone else ""
    example = _example(metadata, interface, provider)
    fixes = [choose(interface, example), undo] if example else [undo]
    if not undo:
        fixes = [f"UNICORE_DEFAULT_PROVIDERS={interface}={example}, which presets set" if example else
                 f"take {interface} out of UNICORE_DEFAULT_PROVIDERS, which presets set"]
    return problem("unknown provider" if near else "stale choice" if gone else "wrong choice",
                   f"{who} chooses {provider} for {interface}, but {provider} {bad}"
                   + ("; was its pool removed?" if gone and not near else "."),
                   nearest=near, here=_here(metadata, interface), fix=" or ".join(fixes))


def _image_choice(metadata: Metadata, image: Image, interface: str, provider: str) -> Iterator[Problem]:
    says = f"image {image.name} says PROVIDERS {interface}={provider}"
    if interface not in metadata.interfaces:
        yield problem("unknown interface", f"{says}, but no pool declares {interface}.",
                      nearest=nearest(interface, metadata.interfaces),
                      fix=f"correct PROVIDERS in unicore_image({image.name} ...)")
    elif not metadata.interfaces[interface].one_of:
        others = [c.name for c in here(metadata, interface) if c.name != provider]
        yield problem("wrong choice", f"{says}, but {interface} takes every provider that there is.",
                      here=_here(metadata, interface),
                      fix=" or ".join([f"take it out of unicore_image({image.name} ...)",
                                       *(f"{switch(name, False)} leaves {name} out" for name in others)]))
    elif interface in FIXED:
        yield problem("wrong choice", f"{says}, but the target itself binds {interface}.",
                      fix="choose another preset")
    elif bad := fault(metadata, interface, Choice(provider, "image", "")):
        names = [c.name for c in metadata.providers(interface)]
        example = _example(metadata, interface, provider)
        yield problem("wrong choice", f"{says}, but {provider} {bad}.",
                      nearest=nearest(provider, names) if provider not in metadata.components else "",
                      here=_here(metadata, interface),
                      fix=f"PROVIDERS {interface}={example} in unicore_image({image.name} ...)" if example else
                      f"leave it out, or build image {image.name} for another target only")
