// SPDX-License-Identifier: BSD-3-Clause
/// Levels, and which of them a component's messages are compiled in up to.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace unicore::log {

/// How much a message matters; each level includes those before it. No message has level `none`.
enum class Level : std::uint8_t {
    none,
    error,    ///< the image cannot do what it is for
    warning,  ///< something is wrong, and the image makes do
    info,     ///< what a user would want to know once
    debug,    ///< what somebody who works on the component would
};

inline constexpr std::string_view level_names[] = {"none", "error", "warning", "info", "debug"};

namespace detail {

/// Not constexpr: calling it is how a mistake in the option becomes a compile-time error.
void UNICORE_BASE_LOG_COMPONENTS_has_an_entry_that_is_not_component_equals_level();

consteval Level parse_level(std::string_view name) {
    for (std::size_t i = 0; i < sizeof level_names / sizeof level_names[0]; ++i)
        if (name == level_names[i]) return static_cast<Level>(i);
    UNICORE_BASE_LOG_COMPONENTS_has_an_entry_that_is_not_component_equals_level();
    return Level::none;
}

/// Whether `pattern`, a name or a beginning and '*', means `component`.
consteval bool matches(std::string_view pattern, std::string_view component) {
    if (pattern.ends_with('*')) return component.starts_with(pattern.substr(0, pattern.size() - 1));
    return pattern == component;
}

}  // namespace detail

/// The level of `component` where `list` is `name=level,beginning*=level,…` and `otherwise` is for
/// all that are not in it. The last entry that matches counts.
consteval Level level_of(std::string_view component, std::string_view list, Level otherwise) {
    Level level = otherwise;
    while (!list.empty()) {
        const std::string_view entry = list.substr(0, list.find(','));
        list.remove_prefix(entry.size() < list.size() ? entry.size() + 1 : entry.size());
        const std::size_t at = entry.find('=');
        if (at == 0 || at == entry.npos)
            detail::UNICORE_BASE_LOG_COMPONENTS_has_an_entry_that_is_not_component_equals_level();
        const Level its_level = detail::parse_level(entry.substr(at + 1));
        if (detail::matches(entry.substr(0, at), component)) level = its_level;
    }
    return level;
}

}  // namespace unicore::log
