# SPDX-License-Identifier: BSD-3-Clause
"""The component reference: a Markdown page of everything that the pools declare."""
from __future__ import annotations

import os
from typing import Iterator

from unicore.resolver.model import FIXED
from unicore.resolver.names import enable_variable, provider_variable
from unicore.tree import Record, Tree

_INTRODUCTION = """# Component reference

Generated from the metadata of the components (`unicore.sh components --markdown`); do not edit.
One-of interfaces are bound to one provider per image, many-of interfaces take every provider that
works on the target. [How resolution works](resolution.md) tells the rest.
"""


def reference(tree: Tree, links: str) -> Iterator[str]:
    """The lines of the page, by area."""
    parts: dict[str, dict[str, Record]] = {}
    for name, part in (*tree.interfaces.items(), *tree.components.items()):
        area = "third-party" if part.get("external") else name.partition(".")[0]
        parts.setdefault(area, {})[name] = part
    yield _INTRODUCTION
    yield "| area | parts |"
    yield "|---|---|"
    for area in sorted(parts):
        yield f"| [{area}](#area-{area}) | {', '.join(sorted(parts[area]))} |"
    for area in sorted(parts):
        yield ""
        yield f'<a id="area-{area}"></a>'
        yield f"## {area}"
        for name in sorted(parts[area]):
            yield ""
            yield from _part(tree, parts[area][name], links)


def _part(tree: Tree, part: Record, links: str) -> Iterator[str]:
    name = part["name"]
    kind = f"{part['kind']} interface" if "kind" in part else \
        "third-party" if part["external"] else "component"
    yield f"### {name}"
    yield ""
    yield f"{part['summary']}." if part["summary"] else "No summary."
    yield ""
    rows = [("kind", kind)]
    if part["folder"] and not os.path.isabs(part["folder"]) and not part.get("external"):
        rows.append(("folder", f"[{part['folder']}]({links}{part['folder']})"))
    rows += [("version", part.get("version", "")), ("licence", part["licence"])]
    rows += [(key, ", ".join(part.get(key, ()))) for key in
             ("provides", "requires", "uses", "invites", "conflicts", "platforms", "architectures")]
    rows.append(("smallest RAM", part.get("least_memory", "").replace("M", " MiB")))
    if "kind" in part:
        rows.append(("providers", ", ".join(part["providers"])))
        if part["kind"] == "one-of" and name.partition(".")[0] not in FIXED:
            rows.append(("chosen by", f"`{provider_variable(name)}`" +
                         (f", default {part['default']}" if part["default"] else "")))
    elif part.get("on_request"):
        rows.append(("comes", "only with who names it"))
    elif any(tree.interfaces[i]["kind"] == "many-of" for i in part["provides"] if i in tree.interfaces):
        rows.append(("left out by", f"`{enable_variable(name)}=OFF`"))
    yield "| | |"
    yield "|---|---|"
    yield from (f"| {label} | {_cell(value)} |" for label, value in rows if value)
    yield from _options(tree, name)
    yield from _settings(tree, name)


def _options(tree: Tree, name: str) -> Iterator[str]:
    options = [option for option in tree.data["options"] if option["component"] == name]
    if options:
        yield ""
        yield "| option | default | allowed | |"
        yield "|---|---|---|---|"
    for option in options:
        text = option["help"] + (f" Only when {option['when']}." if option["when"] else "")
        yield (f"| `{option['variable']}` | {_cell(option['default']) or 'empty'} | {_cell(option['allowed'])} "
               f"| {_cell(text)} |")


def _settings(tree: Tree, name: str) -> Iterator[str]:
    settings = [setting for setting in tree.data["settings"] if setting["component"] == name]
    if settings:
        yield ""
        yield "| setting of the command line | allowed | |"
        yield "|---|---|---|"
    for setting in settings:
        yield f"| `{setting['name']}` | {_cell(setting['allowed'])} | {_cell(setting['help'])} |"


def _cell(text: str) -> str:
    """A bar would end the cell."""
    return text.replace("|", "\\|").replace("\n", " ")
