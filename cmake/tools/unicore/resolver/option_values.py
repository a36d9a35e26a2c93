# SPDX-License-Identifier: BSD-3-Clause
"""Values of options: what they may be, what they are, and what images assert of them."""
from __future__ import annotations

import re
from typing import Iterator, Union

from unicore.resolver.chains import forget
from unicore.resolver.model import FIXED, Image, Metadata, Option
from unicore.resolver.names import enable_variable, nearest, provider_variable
from unicore.resolver.problems import Problem, problem, short

Value = Union[bool, int, str]
_KINDS = {"wrong type": "wrong type", "out of range": "option out of range", "no such choice": "no such choice"}

TRUE = frozenset(("on", "true", "yes", "y", "1"))
FALSE = frozenset(("off", "false", "no", "n", "0"))
_INT = re.compile(r"[+-]?(0[xX][0-9a-fA-F]+|0|[1-9][0-9]*)\Z")
INT_MIN, INT_MAX = -(2**63), 2**63 - 1


def parse(option: Option, text: str) -> tuple[Value | None, str]:
    """(value, "") or (None, what is wrong with it)."""
    if option.type == "bool":
        lowered = text.lower()
        if lowered in TRUE or lowered in FALSE:
            return lowered in TRUE, ""
        return None, "wrong type"
    if option.type == "int":
        if not _INT.match(text):
            return None, "wrong type"
        number = int(text, 0)
        low, high = limits(option)
        return (number, "") if low <= number <= high else (None, "out of range")
    if option.type == "choice":
        return (text, "") if text in option.choices else (None, "no such choice")
    bad = next((c for c in text if ord(c) < 0x20 or ord(c) == 0x7F), "")
    return (None, "wrong type") if bad else (text, "")


def limits(option: Option) -> tuple[int, int]:
    """The range of an int, which is that of int64_t when none is declared."""
    return (int(option.minimum, 0) if option.minimum else INT_MIN,
            int(option.maximum, 0) if option.maximum else INT_MAX)


def allowed(option: Option) -> str:
    """What it may be, in words."""
    if option.type == "bool":
        return "ON or OFF"
    if option.type == "choice":
        return ", ".join(option.choices)
    if option.type == "int":
        low, high = option.minimum, option.maximum
        span = f" from {low} to {high}" if low and high else f" from {low}" if low else \
            f" to {high}" if high else ""
        return f"a whole number{span}" + (f" ({option.unit})" if option.unit else "")
    return "text"


def same(option: Option, one: str, other: str) -> bool:
    """Whether two spellings mean one value (ON and TRUE, 16 and 0x10)."""
    if one == other:
        return True
    left, right = parse(option, one)[0], parse(option, other)[0]
    return left is not None and left == right


def effective(option: Option) -> str:
    """What counts: the default while the option's condition does not hold."""
    return option.value if option.when_holds else option.default


def check(metadata: Metadata) -> Iterator[Problem]:
    """Wrong values, unknown variables, and assertions of images that do not hold."""
    by_variable: dict[str, Option] = {}
    for option in metadata.options:
        yield from _declaration(metadata, option, by_variable.get(option.variable))
        by_variable.setdefault(option.variable, option)
    for option in by_variable.values():
        yield from _value(option)
    yield from _unknown(metadata, by_variable)
    yield from _assertions(metadata, by_variable)


def _declaration(metadata: Metadata, option: Option, twin: Option | None) -> Iterator[Problem]:
    title = f"option {option.name} of {option.component}"
    where = short(option.where, *metadata.target.roots)
    if metadata.part(option.component) is None:
        yield problem("unknown component", f"{title}: no pool declares {option.component}.",
                      nearest=nearest(option.component, [*metadata.interfaces, *metadata.components]), where=where,
                      fix="unicore_option() names the component that follows it")
    if option.type not in ("bool", "int", "string", "choice"):
        yield problem("unknown type", f"{title} has the type '{option.type}'.",
                      allowed="bool, int, string, choice", where=where)
    elif fault := parse(option, option.default)[1]:
        yield problem("bad default", f"{title} has the default '{option.default}': {fault}.",
                      allowed=allowed(option), where=where)
    if twin is not None:
        yield problem("duplicate option", f"{option.variable} is declared twice.",
                      declared=[f"{twin.component}, {twin.name}", f"{option.component}, {option.name}"],
                      fix="rename one; dots, dashes and underscores are the same in a variable")


def _value(option: Option) -> Iterator[Problem]:
    variable, value = option.variable, option.value
    facts = {"option": f"{option.name} of {option.component}" + (f": {option.help}" if option.help else "")}
    if not option.when_holds:
        if not same(option, value, option.default):
            yield problem("option without effect", f"{variable} is '{value}', but it only counts when "
                          f"{option.when}, which does not hold.", **facts,
                          fix=f"{forget(variable)} for its default '{option.default}', or make the "
                              "condition hold")
        return
    fault = "" if value == option.default else parse(option, value)[1]
    if fault:
        kind = _KINDS[fault]
        near = nearest(value, option.choices) if option.choices else ""
        yield problem(kind, f"{variable} is '{value}'.", **facts, allowed=allowed(option), nearest=near,
                      fix=f"-D{variable}={near or option.default}"
                          + ("" if near else " is the default"))


def _unknown(metadata: Metadata, options: dict[str, Option]) -> Iterator[Problem]:
    many = [i.name for i in metadata.interfaces.values() if not i.one_of]
    known = {*metadata.known, *options,
             # The target binds `arch`, `platform` and what belongs to them; that is no choice.
             *(provider_variable(i.name) for i in metadata.interfaces.values()
               if i.one_of and i.name.partition(".")[0] not in FIXED),
             *(enable_variable(c.name) for i in many for c in metadata.providers(i))}
    told = {provider_variable(i) for i in metadata.provider_choices}
    needless = {enable_variable(c): c for c in metadata.components}
    for variable, value in metadata.cache.items():
        if not variable.startswith("UNICORE_") or variable in known or variable in told:
            continue
        if variable in needless:
            yield problem("option without effect", f"{variable} is '{value}', but {needless[variable]} provides "
                          "no many-of interface: an image holds it when something needs it.",
                          fix=f"{forget(variable)}; `explain` and `why` tell what needs it")
        elif variable in metadata.seen_before:
            yield problem("stale option", f"{variable} is '{value}' from an earlier configure, but nothing "
                          "declares it any more.", nearest=nearest(variable, known),
                          fix=f"{forget(variable)}, or bring back the pool that declares it: "
                              "-DUNICORE_POOLS=<folder>")
        else:
            near = nearest(variable, known)
            yield problem("unknown option", f"{variable} is '{value}', but nothing declares it.",
                          nearest=near,
                          fix=f"{forget(variable)} -D{near}={value}" if near else forget(variable))


def _assertions(metadata: Metadata, options: dict[str, Option]) -> Iterator[Problem]:
    claims: dict[str, list[tuple[Image, str]]] = {}
    for image in metadata.images:
        for variable, value in image.options.items():
            if variable not in options:
                near = nearest(variable, options)
                yield problem("unknown option", f"image {image.name} asserts {variable}={value}, but "
                              "nothing declares that option.", image=image.name, subject=("assert", variable),
                              nearest=near, fix=f"OPTIONS {near}={value} in unicore_image({image.name} ...)" if near else
                              f"correct OPTIONS in unicore_image({image.name} ...)")
            elif fault := parse(options[variable], value)[1]:
                yield problem(_KINDS[fault], f"image {image.name} asserts {variable}={value}.",
                              allowed=allowed(options[variable]),
                              fix=f"OPTIONS {variable}={effective(options[variable])} in "
                                  f"unicore_image({image.name} ...) is what the tree has")
            else:
                claims.setdefault(variable, []).append((image, value))
    for variable, claimed in claims.items():
        yield from _claims(options[variable], claimed)


def _claims(option: Option, claimed: list[tuple[Image, str]]) -> Iterator[Problem]:
    first, wanted = claimed[0]
    other = next((pair for pair in claimed[1:] if not same(option, pair[1], wanted)), None)
    if other is not None:
        yield problem("images disagree", f"images {first.name} and {other[0].name} assert different values "
                      f"of {option.variable}, and components compile once per tree.",
                      values=[f"{first.name}: {wanted}", f"{other[0].name}: {other[1]}"],
                      fix="build them in two trees, or let both take one value")
    elif not same(option, effective(option), wanted):
        others = ", ".join(image.name for image, _ in claimed[1:])
        yield problem("assertion does not hold", f"image {first.name} asserts {option.variable}={wanted}, but "
                      f"in this tree it is '{effective(option)}'.",
                      also_in=others, allowed=allowed(option), fix=f"-D{option.variable}={wanted}")
