# SPDX-License-Identifier: BSD-3-Clause
"""The config header of a component: its options as constants."""
from __future__ import annotations

from typing import Sequence

from unicore.resolver.model import Option
from unicore.resolver.names import include_folder, namespace
from unicore.resolver.option_values import INT_MIN, allowed, effective, parse

_WORDS = frozenset("""alignas alignof and and_eq asm auto bitand bitor bool break case catch char
char8_t char16_t char32_t class co_await co_return co_yield compl concept const const_cast consteval
constexpr constinit continue decltype default delete do double dynamic_cast else enum explicit export
extern false float for friend goto if inline int long mutable namespace new noexcept not not_eq
nullptr operator or or_eq private protected public register reinterpret_cast requires return short
signed sizeof static static_assert static_cast struct switch template this thread_local throw true
try typedef typeid typename union unsigned using virtual void volatile wchar_t while xor xor_eq""".split())
_ESCAPES = {'"': '\\"', "\\": "\\\\"}


def header_path(component: str) -> str:
    """Where it goes below BUILD/unicore: a folder per component, so that only its users see it."""
    return f"include/{component}/{include_folder(component)}/config.hpp"


def identifier(text: str) -> str:
    """A C++ name for an option or a choice: `first-fit` -> first_fit, `9600` -> value_9600."""
    name = "".join(c if c.isascii() and c.isalnum() else "_" for c in text.lower()) or "empty"
    if name[0].isdigit():
        name = f"value_{name}"
    return name + "_" if name in _WORDS else name


def type_name(option: Option) -> str:
    """The enumeration of a choice: LOG_LEVEL -> LogLevel."""
    return "".join(word.capitalize() for word in identifier(option.name).split("_") if word)


def quoted(text: str) -> str:
    """A C++ string literal."""
    return '"' + "".join(_ESCAPES.get(c, c) for c in text) + '"'


def definition(option: Option) -> list[str]:
    """The lines that define one constant."""
    name, value = identifier(option.name), parse(option, effective(option))[0]
    lines = [f"/// {option.help}"] if option.help else []
    if option.unit:
        lines.append(f"/// Unit: {option.unit}.")
    if option.type == "bool":
        return [*lines, f"inline constexpr bool {name} = {'true' if value else 'false'};"]
    if option.type == "int":
        # The literal of the smallest number would not fit before its sign is applied.
        literal = f"{value + 1} - 1" if value == INT_MIN else str(value)
        return [*lines, f"inline constexpr std::int64_t {name} = {literal};"]
    if option.type == "choice":
        enumeration = type_name(option)
        values = ", ".join(identifier(choice) for choice in option.choices)
        return [*lines, f"enum class {enumeration} {{ {values} }};",
                f"inline constexpr {enumeration} {name} = {enumeration}::{identifier(str(value))};"]
    return [*lines, f"inline constexpr std::string_view {name} = {quoted(str(value))};"]


def config_header(component: str, options: Sequence[Option]) -> str:
    """The whole header."""
    types = {option.type for option in options}
    includes = [line for kind, line in (("int", "#include <cstdint>"), ("string", "#include <string_view>"))
                if kind in types]
    lines = ["// SPDX-License-Identifier: BSD-3-Clause",
             f"// The options of {component}. Generated from these cache variables; change them there:"]
    for option in options:
        default = f"default {option.default}" if option.default else "default empty"
        lines.append(f"//   {option.variable}: {allowed(option)}; {default}")
    lines += ["#pragma once", "", *includes, *([""] if includes else []),
              f"namespace {namespace(component)}::config {{", ""]
    for option in options:
        lines += [*definition(option), ""]
    return "\n".join([*lines, f"}}  // namespace {namespace(component)}::config", ""])
