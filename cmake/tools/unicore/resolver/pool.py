# SPDX-License-Identifier: BSD-3-Clause
"""Checks of what the pools declare, before any image is looked at."""
from __future__ import annotations

import os
import re
from typing import Any, Iterator, Mapping, Sequence

from unicore.resolver.chains import call
from unicore.resolver.model import FIXED, Component, Interface, Metadata, Part
from unicore.resolver.names import (IMAGE_RULE, PART_RULE, is_image_name, is_part_name, mended, nearest,
                                    nearest_whole, suggestion)
from unicore.resolver.problems import Problem, problem, short

DEVICES = ("block", "net")


def check(metadata: Metadata) -> Iterator[Problem]:
    """Everything wrong with the pools themselves."""
    for found in metadata.problems:
        yield _from_cmake(metadata, found)
    for part in (*metadata.interfaces.values(), *metadata.components.values()):
        yield from _name_and_place(metadata, part)
        yield from _dependencies(metadata, part)
        yield from _files(metadata, part)
        if not part.licence:
            yield problem("licence missing", f"{part.name} names no licence.",
                          where=_folder(metadata, part),
                          fix=f"LICENCE <SPDX identifier> in {call(part)}; "
                              "every image lists the licences of what it holds")
    for component in metadata.components.values():
        yield from _provides(metadata, component)
        yield from _invites(metadata, component)
        yield from _devices(metadata, component)
        yield from _least_memory(metadata, component)
    for interface in metadata.interfaces.values():
        yield from _default(metadata, interface)
    for image in metadata.images:
        if not is_image_name(image.name):
            yield _from_cmake(metadata, {"kind": "bad-name", "name": image.name, "where": image.root,
                                         "what": "image"})
        yield from _sources(metadata, f"image {image.name}", image.sources)
    yield from _settings(metadata)


def _from_cmake(metadata: Metadata, found: Mapping[str, Any]) -> Problem:
    """What CMake could not even declare."""
    roots = metadata.target.roots
    kind, name, where = found.get("kind", ""), found.get("name", ""), short(found.get("where", ""), *roots)
    if kind == "duplicate":
        return problem("duplicate name", f"'{name}' is declared twice.", subject=(name,),
                       declared=[short(found.get("first", ""), *roots), short(found.get("second", ""), *roots)],
                       fix="call the image something else" if found.get("what") == "image" else
                       "rename one, or take its pool out of UNICORE_POOLS")
    if kind == "bad-name":
        what = found.get("what", "component")
        return problem("bad name", f"'{name}' cannot be the name of an {what}." if what[0] in "aeiou" else
                       f"'{name}' cannot be the name of a {what}.", subject=(name,), where=where,
                       allowed=IMAGE_RULE if what == "image" else PART_RULE,
                       fix=f"unicore_{what}({mended(name, what == 'image') or '<name>'} ...)")
    if kind == "unknown-keyword":
        text, known = found.get("text", "").replace(";", " "), found.get("known", "").split(";")
        near = nearest(text.split(" ")[0], known)
        return problem("unknown keyword", f"{found.get('call', 'a call')} does not know '{text}'.", where=where,
                       allowed=", ".join(sorted(word for word in known if word)), nearest=near,
                       fix="correct the spelling, or remove it")
    if kind == "missing-pool":
        folder = found.get("where", "")
        return problem("missing pool", f"UNICORE_POOLS names {where}, which is no folder.",
                       folder=folder if where != folder else "", nearest=_near_folder(folder),
                       fix='"-DUNICORE_POOLS=<folder>;<folder>", relative to the top CMakeLists.txt')
    if kind.startswith("embed-"):
        return _embedding(kind, found, roots)
    if kind == "late-option":
        component = found.get("component", "")
        return problem("late option", f"option {found.get('option', '')} of {component} is declared after its "
                       "component, which has been compiled without it.", where=where,
                       fix=f"unicore_option({component} {found.get('option', '')} ...) before "
                           f"{call(metadata.part(component) or Component(component))}")
    details = {key: short(str(value), *roots) for key, value in found.items()
               if key not in ("kind", "text") and value}
    return problem(kind.replace("-", " ") or "problem", found.get("text", "") or "declared wrongly.", **details)


def _embedding(kind: str, found: Mapping[str, Any], roots: Sequence[str]) -> Problem:
    """A file that unicore_embed cannot put into an image."""
    target, file, where = (str(found.get(key, "")) for key in ("target", "file", "where"))
    if kind == "embed-nowhere":
        return problem("unknown target", f"unicore_embed({target} ...) names neither an image nor a component.",
                       subject=(target,), where=short(where, *roots),
                       fix="correct the name; the call comes after the image's or component's own")
    if kind == "embed-missing":
        return problem("missing file", f"{target} embeds {short(file, *roots)}, which does not exist.",
                       nearest=_near_file(file), where=short(where, *roots),
                       fix="correct FILES; files are named relative to the CMakeLists.txt that lists them")
    return problem("file without a name", f"{target} embeds {short(file, *roots)}, which does not lie below "
                   f"{short(str(found.get('base', '')), *roots)}.", where=short(where, *roots),
                   fix="BASE <folder> in unicore_embed: a file is named by its path from there")


def _near_folder(folder: str) -> str:
    """A folder beside the one that is missing, if its name is near."""
    parent, base = os.path.split(folder.rstrip("/"))
    try:
        beside = [entry.name for entry in os.scandir(parent) if entry.is_dir()]
    except OSError:
        return ""
    return nearest_whole(base, beside)


def _folder(metadata: Metadata, part: Part) -> str:
    return short(part.root, *metadata.target.roots)


def _name_and_place(metadata: Metadata, part: Part) -> Iterator[Problem]:
    external = isinstance(part, Component) and part.external
    if not is_part_name(part.name):
        what = "interface" if isinstance(part, Interface) else "component"
        yield _from_cmake(metadata, {"kind": "bad-name", "name": part.name, "where": part.root, "what": what})
        return
    wanted = expected_folder(part)
    if not external and part.root and not f"/{part.root.strip('/')}".endswith(wanted):
        yield problem("name and folder differ",
                      f"{part.name} must live in a folder ...{wanted}, so that name, folder, "
                      "namespace and include path are one.",
                      where=_folder(metadata, part), fix="move the folder or rename the component")


def expected_folder(part: Part) -> str:
    """How the path of its folder must end (style rule 1); contracts stand beside what implements them."""
    plural = {"arch": "architectures", "platform": "platforms"}
    area, _, rest = part.name.partition(".")
    if area in FIXED:
        names = [plural[area], *(["contract"] if isinstance(part, Interface) else []), *rest.split(".")]
        return "".join(f"/{name}" for name in names if name)
    return "/" + part.name.replace(".", "/")


def _dependencies(metadata: Metadata, part: Part) -> Iterator[Problem]:
    for verb, name in part.dependencies:
        if verb != "provides" and metadata.part(name) is None:
            near = nearest(name, [*metadata.interfaces, *metadata.components])
            pools = sorted({p.pool for p in metadata.components.values() if p.pool})
            yield problem("unknown dependency", f"{part.name} {verb} {name}, which no pool declares.",
                          nearest=near, pools=", ".join(pools), where=_folder(metadata, part),
                          fix=f"correct {verb.upper()} in {call(part)}, or add the pool that has it: "
                              "-DUNICORE_POOLS=<folder>")


def _invites(metadata: Metadata, component: Component) -> Iterator[Problem]:
    for name in component.invites:
        interface = metadata.interfaces.get(name)
        if interface is None or interface.one_of:
            many = [i.name for i in metadata.interfaces.values() if not i.one_of]
            yield problem("unknown invitation", f"{component.name} invites {name}, which is no many-of interface.",
                          nearest=nearest(name, many), where=_folder(metadata, component),
                          fix=f"correct INVITES in {call(component)}; what is depended on goes into REQUIRES or USES")


def _devices(metadata: Metadata, component: Component) -> Iterator[Problem]:
    for name in component.devices:
        if name not in DEVICES:
            yield problem("unknown device", f"{component.name} needs a device of kind {name}, which is not known.",
                          allowed=", ".join(DEVICES), nearest=nearest(name, DEVICES),
                          where=_folder(metadata, component), fix=f"correct DEVICES in {call(component)}")


def _least_memory(metadata: Metadata, component: Component) -> Iterator[Problem]:
    if component.least_memory and not re.fullmatch(r"[1-9][0-9]*M", component.least_memory):
        yield problem("bad amount of memory",
                      f"{component.name} needs {component.least_memory} of RAM, which is no number of MiB.",
                      allowed="a whole number and M, such as 8M", where=_folder(metadata, component),
                      fix=f"correct LEAST_MEMORY in {call(component)}")


def _provides(metadata: Metadata, component: Component) -> Iterator[Problem]:
    for name in component.provides:
        if name not in metadata.interfaces:
            other = "a component, not" if name in metadata.components else "not declared as"
            yield problem("unknown interface",
                          f"{component.name} provides {name}, which is {other} an interface.",
                          nearest=nearest(name, metadata.interfaces),
                          where=_folder(metadata, component),
                          fix=f"correct PROVIDES in {call(component)}, or declare "
                              f"unicore_interface({name} ONE_OF|MANY_OF ...)")


def _default(metadata: Metadata, interface: Interface) -> Iterator[Problem]:
    """A default must exist and provide the interface; that it works elsewhere only is no error."""
    if not interface.default:
        return
    provider = metadata.components.get(interface.default)
    if provider is None or interface.name not in provider.provides:
        fault = "does not provide it" if provider else "is declared by no pool"
        names = [c.name for c in metadata.providers(interface.name)]
        yield problem("bad default", f"{interface.name} has the default {interface.default}, which "
                      f"{fault}.", nearest=nearest(interface.default, names),
                      providers=", ".join(names), fix=f"correct DEFAULT in {call(interface)}")


def _sources(metadata: Metadata, owner: str, sources: tuple[str, ...]) -> Iterator[Problem]:
    build = metadata.target.build_root
    for source in sources:
        # What a build step makes does not exist yet.
        made = build and source.startswith(build.rstrip("/") + "/")
        if not made and not os.path.exists(source):
            yield problem("missing source",
                          f"{owner} lists {short(source, *metadata.target.roots)}, which does not exist.",
                          nearest=_near_file(source), fix="correct SOURCES; files are named relative to the "
                                                          "CMakeLists.txt that lists them")


def _near_file(path: str) -> str:
    """A file in the folder of the one that is missing, if its name is near."""
    folder, base = os.path.split(path)
    try:
        return nearest_whole(base, os.listdir(folder))
    except OSError:
        return ""


def _files(metadata: Metadata, part: Part) -> Iterator[Problem]:
    yield from _sources(metadata, part.name, part.sources)
    # Facades are held to it too, by `unicore.py check`: a missing text must not stop their authors.
    if isinstance(part, Component) and not part.external and part.root:
        if not os.path.exists(os.path.join(part.root, "README.md")):
            yield problem("missing README", f"{part.name} has no README.md.",
                          where=_folder(metadata, part),
                          fix="write one: what it does, theory, limits, the specifications it follows")


def _settings(metadata: Metadata) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for setting in metadata.settings:
        if setting.component not in metadata.components:
            yield problem("unknown component", f"setting {setting.name} belongs to "
                          f"{setting.component}, which no pool declares"
                          f"{suggestion(setting.component, metadata.components)}.")
        if setting.name in first:
            yield problem("duplicate setting", f"setting '{setting.name}' is declared twice.",
                          declared=[first[setting.name], setting.component],
                          fix="rename one: on the command line a name must mean one thing")
        first.setdefault(setting.name, setting.component)
