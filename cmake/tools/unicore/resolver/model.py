# SPDX-License-Identifier: BSD-3-Clause
"""The metadata that CMake hands over (BUILD/unicore/metadata.json), typed."""
from __future__ import annotations

import json
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Mapping, Type, TypeVar

from unicore.failure import Failure

SCHEMA = 1
FIXED = ("arch", "platform")  # the interfaces that the target itself binds


@dataclass(frozen=True)
class Target:
    """What the build tree is configured for."""

    architecture: str = ""
    platform: str = ""
    preset: str = ""
    build_type: str = ""
    source_root: str = ""
    build_root: str = ""
    unicore_root: str = ""  # Unicore itself, when an application's tree includes it
    version: str = ""
    compiler: str = ""
    compiler_version: str = ""

    @property
    def pair(self) -> str:
        """PLATFORM-ARCHITECTURE, as the matrix and the presets spell it."""
        return f"{self.platform}-{self.architecture}"

    @property
    def roots(self) -> tuple[str, str]:
        """What messages shorten paths by."""
        return self.source_root, self.unicore_root


@dataclass(frozen=True)
class Part:
    """What components and interfaces have in common."""

    name: str
    summary: str = ""
    licence: str = ""
    requires: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    root: str = ""
    pool: str = ""

    @property
    def dependencies(self) -> tuple[tuple[str, str], ...]:
        """(verb, name) of everything it depends on."""
        return (*(("requires", n) for n in self.requires), *(("uses", n) for n in self.uses))

    @property
    def public(self) -> tuple[str, ...]:
        """What its headers may include."""
        return self.requires


@dataclass(frozen=True)
class Interface(Part):
    """A facade: bound to one provider (one-of), or collecting all there are (many-of)."""

    kind: str = "one-of"
    default: str = ""

    @property
    def one_of(self) -> bool:
        return self.kind == "one-of"


@dataclass(frozen=True)
class Component(Part):
    """Code that an image can hold."""

    provides: tuple[str, ...] = ()
    invites: tuple[str, ...] = ()  # many-of interfaces whose providers come with it
    devices: tuple[str, ...] = ()  # what the machine must have: net, block
    least_memory: str = ""  # RAM that it takes, as 8M
    conflicts: tuple[str, ...] = ()
    architectures: tuple[str, ...] = ()  # empty: all
    platforms: tuple[str, ...] = ()  # empty: all
    init: str = ""
    stop: str = ""
    external: bool = False
    on_request: bool = False  # as a provider of many-of interfaces it is there only with who names it
    version: str = ""
    sha256: str = ""

    @property
    def dependencies(self) -> tuple[tuple[str, str], ...]:
        """A provider depends on what it provides: it includes the headers and is linked with it."""
        return (*(("provides", n) for n in self.provides), *super().dependencies)

    @property
    def public(self) -> tuple[str, ...]:
        return (*self.provides, *self.requires)


@dataclass(frozen=True)
class Option:
    """A typed cache variable that becomes a constant in its component's config header."""

    variable: str
    component: str
    name: str
    type: str
    default: str = ""
    value: str = ""
    choices: tuple[str, ...] = ()
    minimum: str = ""
    maximum: str = ""
    unit: str = ""
    help: str = ""
    when: str = ""
    when_holds: bool = True
    where: str = ""  # the folder of the call


@dataclass(frozen=True)
class Setting:
    """A run-time `name=value` on the image's command line."""

    component: str
    name: str
    setter: str
    allowed: str = ""
    help: str = ""


@dataclass(frozen=True)
class Image:
    """What one image asks for."""

    name: str
    root: str = ""
    sources: tuple[str, ...] = ()
    components: tuple[str, ...] = ()
    providers: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Metadata:
    """One configure of one build tree."""

    target: Target
    interfaces: Mapping[str, Interface]
    components: Mapping[str, Component]
    options: tuple[Option, ...]
    settings: tuple[Setting, ...]
    images: tuple[Image, ...]
    provider_choices: Mapping[str, str]
    provider_defaults: Mapping[str, str]
    enabled: Mapping[str, bool]
    cache: Mapping[str, str]
    known: frozenset[str]
    seen_before: frozenset[str]
    problems: tuple[Mapping[str, Any], ...]

    def part(self, name: str) -> Part | None:
        """The interface or component called `name`."""
        return self.interfaces.get(name) or self.components.get(name)

    def supported(self, component: Component) -> bool:
        """Whether it works on this platform and architecture."""
        return (not component.platforms or self.target.platform in component.platforms) and (
            not component.architectures or self.target.architecture in component.architectures)

    def is_enabled(self, component: str) -> bool:
        """Whether the user left this provider of a many-of interface on."""
        return self.enabled.get(component, True)

    def providers(self, interface: str) -> list[Component]:
        """Everything that provides it anywhere, by name."""
        return sorted((c for c in self.components.values() if interface in c.provides),
                      key=lambda component: component.name)


Made = TypeVar("Made")


def _make(kind: Type[Made], record: Mapping[str, Any]) -> Made:
    """Picks the fields that `kind` has; CMake may write more, for others to read."""
    names = _FIELDS.setdefault(kind, frozenset(f.name for f in fields(kind)))  # type: ignore[arg-type]
    missing = _REQUIRED.get(kind, frozenset()) - record.keys()
    if missing or record.get("kind", "one-of") not in ("one-of", "many-of"):
        raise Failure(f"the metadata of {record.get('name', kind.__name__)} lacks "
                      f"{', '.join(sorted(missing)) or 'a valid kind'}: the build tool wrote it wrongly")
    return kind(**{key: tuple(value) if isinstance(value, list) else value
                   for key, value in record.items() if key in names})


_FIELDS: dict[type, frozenset[str]] = {}
# Without these a record would be resolved as if it depended on nothing.
_REQUIRED: dict[type, frozenset[str]] = {
    Interface: frozenset(("name", "kind", "default", "requires", "uses", "sources", "root")),
    Component: frozenset(("name", "provides", "requires", "uses", "conflicts", "architectures", "platforms",
                          "init", "stop", "sources", "root", "external")),
    Option: frozenset(("variable", "component", "name", "type", "default", "value", "choices", "when_holds")),
    Image: frozenset(("name", "sources", "components", "providers", "options")),
}


def _by_name(kind: Type[Made], records: list[Mapping[str, Any]], problems: list[Any]) -> dict[str, Made]:
    """Keeps the first of each name and adds a problem for every further one."""
    made: dict[str, Made] = {}
    for record in records:
        name = record["name"]
        if name in made:
            problems.append({"kind": "duplicate", "name": name, "first": made[name].root,  # type: ignore[attr-defined]
                             "second": record.get("root", "")})
        else:
            made[name] = _make(kind, record)
    return made


def from_json(data: Mapping[str, Any]) -> Metadata:
    """Checks the schema and types the rest. Raises Failure on another schema."""
    if data.get("schema") != SCHEMA:
        raise Failure(f"metadata has schema {data.get('schema')}, this resolver reads {SCHEMA}: the "
                      "build tool and the build tree are of different versions; configure anew")
    problems = list(data.get("problems", []))
    interfaces = _by_name(Interface, data.get("interfaces", []), problems)
    components = _by_name(Component, data.get("components", []), problems)
    for name in sorted(interfaces.keys() & components.keys()):
        problems.append({"kind": "duplicate", "name": name, "first": interfaces[name].root,
                         "second": components[name].root})
    return Metadata(
        target=_make(Target, data["target"]), interfaces=interfaces, components=components,
        options=tuple(_make(Option, o) for o in data.get("options", [])),
        settings=tuple(_make(Setting, s) for s in data.get("settings", [])),
        # The host is for unit tests: images are declared there as everywhere, but none is built.
        images=() if data["target"]["platform"] == "host" else
        tuple(_make(Image, {**i, "components": [*dict.fromkeys([*i["components"], *data.get("in_every_image", [])])]})
              for i in data.get("images", [])),
        provider_choices=data.get("provider_choices", {}),
        provider_defaults=data.get("provider_defaults", {}),
        enabled=data.get("enabled", {}), cache=data.get("cache", {}),
        known=frozenset(data.get("known", [])), seen_before=frozenset(data.get("seen_before", [])),
        problems=tuple(problems))


def load(path: Path) -> Metadata:
    """Reads the file that CMake wrote."""
    with path.open(encoding="utf-8") as file:
        return from_json(json.load(file))
