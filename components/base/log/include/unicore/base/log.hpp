// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/log/config.hpp>  // generated: the options
#include <unicore/base/log/level.hpp>
#include <unicore/base/result.hpp>
#include <unicore/base/text.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <string_view>

namespace unicore::log {

/// A component's name as a template argument, kept as messages show it: with ": " after it.
template <std::size_t Size>
struct Name {
    consteval Name(const char (&name)[Size]) : shown{} {
        std::copy_n(name, Size - 1, shown);
        std::copy_n(": ", 2, shown + Size - 1);
    }
    constexpr std::string_view view() const noexcept { return {shown, Size - 1}; }

    char shown[Size + 2];
};

namespace detail {

consteval Level configured_level(std::string_view component) {
    namespace config = base::log::config;
    return level_of(component, config::components, static_cast<Level>(config::level));
}

using Compose = void (*)(const void* object, text::Line& line);

void write(const char* component, Level level, const void* object, Compose compose) noexcept;
void write(const char* component, Level level, const char* text) noexcept;

}  // namespace detail

/// A component's own log, as a constant of its namespace:
///
///     constexpr unicore::log::Logger<"memory.buddy"> log;
///     log.error("no memory at all");
///     log.debug([&](auto& line) { line << "split " << text::Hex{address}; });
///
/// A message is a literal, or what a callable writes to a text::Line. When its level is compiled
/// out nothing of it is in the image and the callable is not called, so its arguments cost nothing;
/// no more is it called when the level is off at run time. Each message becomes one line,
/// `unicore: [debug] memory.buddy: split 0x1000`, cut at 639 characters, through
/// platform::early_write. Context: any that the callable can stand.
template <Name component, Level compiled_in = detail::configured_level(component.view())>
class Logger {
public:
    [[gnu::always_inline]] static constexpr void error(const auto& message) noexcept { write<Level::error>(message); }
    [[gnu::always_inline]] static constexpr void warning(const auto& message) noexcept {
        write<Level::warning>(message);
    }
    [[gnu::always_inline]] static constexpr void info(const auto& message) noexcept { write<Level::info>(message); }
    [[gnu::always_inline]] static constexpr void debug(const auto& message) noexcept { write<Level::debug>(message); }

private:
    template <Level level, std::size_t Size>
    [[gnu::always_inline]] static constexpr void write(const char (&text)[Size]) noexcept {
        if constexpr (level <= compiled_in) detail::write(component.shown, level, text);
    }
    template <Level level, std::invocable<text::Line&> Callable>
    [[gnu::always_inline]] static constexpr void write(const Callable& callable) noexcept {
        if constexpr (level <= compiled_in)
            detail::write(component.shown, level, &callable, [](const void* object, text::Line& line) {
                (*static_cast<const Callable*>(object))(line);
            });
    }
};

/// Prints nothing more detailed than `name` from now on: the setting log.level. Until then all is
/// printed that is compiled in. Errors: invalid_argument when it is not the name of a level.
Result<void> set_level(std::string_view name) noexcept;

}  // namespace unicore::log
