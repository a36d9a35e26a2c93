# SPDX-License-Identifier: BSD-3-Clause
"""components.json: what every report is made from."""
from __future__ import annotations

import json
from typing import Any

from unicore.resolver.chains import where
from unicore.resolver.model import Component, Metadata, Part
from unicore.resolver.names import enable_variable
from unicore.resolver.option_values import allowed, effective, same
from unicore.resolver.problems import short
from unicore.resolver.resolution import Resolution, Resolved

SCHEMA = 1


def _part(metadata: Metadata, part: Part) -> dict[str, Any]:
    return {"name": part.name, "summary": part.summary, "licence": part.licence,
            "requires": list(part.requires), "uses": list(part.uses), "pool": part.pool,
            "root": part.root, "folder": short(part.root, *metadata.target.roots)}


def _component(metadata: Metadata, component: Component, images: list[str]) -> dict[str, Any]:
    supported = metadata.supported(component)
    why = "" if supported else f"is for {where(component)}"
    if supported and not metadata.is_enabled(component.name):
        why = f"{enable_variable(component.name)} is OFF"
    return {**_part(metadata, component), "provides": list(component.provides), "invites": list(component.invites),
            "devices": list(component.devices), "least_memory": component.least_memory,
            "conflicts": list(component.conflicts), "architectures": list(component.architectures),
            "platforms": list(component.platforms), "external": component.external,
            "on_request": component.on_request, "version": component.version, "sha256": component.sha256, "init": component.init, "stop": component.stop,
            "available": not why, "unavailable_because": why, "images": images}


def _image(resolution: Resolution, resolved: Resolved) -> dict[str, Any]:
    metadata, closure = resolution.metadata, resolved.closure
    members = []
    for name, member in sorted(closure.members.items()):
        part = metadata.part(name)
        kind = "component" if isinstance(part, Component) else "interface"
        members.append({"name": name, "kind": "external" if getattr(part, "external", False) else kind,
                        "parent": member.parent, "edge": member.edge, "reason": member.reason,
                        "chain": list(closure.chain(name))})
    bindings = {name: {"providers": list(b.providers), "source": b.source, "reason": b.reason,
                       "overrides": list(b.overrides)} for name, b in sorted(closure.bindings.items())}
    boot = [{"component": step.component, "start": metadata.components[step.component].init,
             "stop": metadata.components[step.component].stop,
             "after": {other: list(links) for other, links in step.after}} for step in resolved.steps]
    return {"name": resolved.image.name, "root": resolved.image.root,
            "folder": short(resolved.image.root, *metadata.target.roots),
            "asks_for": list(resolved.image.components),
            "providers_asked": dict(resolved.image.providers),
            "providers_unused": sorted(set(resolved.image.providers) - set(closure.bindings)),
            "asserts": dict(resolved.image.options), "closure": members, "bindings": bindings, "boot": boot,
            "early": resolved.early,
            "settings": [setting.name for setting in resolved.settings],
            "options": [o.variable for o in metadata.options if o.component in closure.members]}


def _option(option: Any) -> dict[str, Any]:
    return {**vars(option), "allowed": allowed(option),
            "effective": effective(option), "changed": not same(option, effective(option), option.default)}


def image_json(resolution: Resolution, resolved: Resolved) -> str:
    """What is told of one image, and changes with nothing else: what is written beside it is as new as this."""
    metadata, members = resolution.metadata, resolved.closure.members
    parts = [_component(metadata, metadata.components[name], []) for name in sorted(members)
             if name in metadata.components]
    options = [[option.variable, option.default, effective(option)] for option in metadata.options
               if option.component in members]
    return json.dumps({"image": _image(resolution, resolved), "components": parts, "options": options}) + "\n"


def components_json(resolution: Resolution) -> str:
    """The whole file: one record a line, so that it can be read and compared."""
    metadata = resolution.metadata
    inside: dict[str, list[str]] = {}
    for resolved in resolution.images:
        for name in resolved.closure.members:
            inside.setdefault(name, []).append(resolved.image.name)
    target = dict(vars(metadata.target))
    interfaces = [{**_part(metadata, i), "kind": i.kind, "default": i.default,
                   "providers": [c.name for c in metadata.providers(i.name)],
                   "images": inside.get(i.name, [])} for _, i in sorted(metadata.interfaces.items())]
    components = [_component(metadata, c, inside.get(name, []))
                  for name, c in sorted(metadata.components.items())]
    tables = {"interfaces": interfaces, "components": components,
              "options": [_option(o) for o in metadata.options],
              "settings": [dict(vars(s)) for s in metadata.settings],
              "images": [_image(resolution, resolved) for resolved in resolution.images]}
    lines = ["{", f'"schema": {SCHEMA},', f'"target": {json.dumps(target)}']
    for name, records in tables.items():
        rows = ",\n".join(json.dumps(record, ensure_ascii=False) for record in records)
        lines[-1] += ","
        lines.append(f'"{name}": [\n{rows}\n]')
    return "\n".join([*lines, "}", ""])
