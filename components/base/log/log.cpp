// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/base/log.hpp>

#include <unicore/base/words.hpp>

namespace unicore::log {

namespace {

/// How many of the most detailed levels are off. Zero at first: the only initialised data of a small
/// image would be one more page to load.
constinit int levels_off = 0;

/// As messages show them; all of one width, which takes less room than a table of pointers.
constexpr char shown_levels[][10] = {"none] ", "error] ", "warning] ", "info] ", "debug] "};

}  // namespace

void detail::write(const char* component, Level level, const void* object, Compose compose) noexcept {
    if (static_cast<int>(level) > static_cast<int>(Level::debug) - levels_off) return;
    text::Report line("[");
    line << shown_levels[static_cast<std::size_t>(level)] << component;
    compose(object, line);
    line.print();
}

void detail::write(const char* component, Level level, const char* text) noexcept {
    write(component, level, text,
          [](const void* object, text::Line& line) { line << static_cast<const char*>(object); });
}

Result<void> set_level(std::string_view name) noexcept {
    // The same text as ALLOWED in CMakeLists.txt, so that the linker keeps it once.
    const base::Choice level = base::choose("none, error, warning, info, debug", name);
    if (!level) return unexpected(Error::invalid_argument);
    levels_off = static_cast<int>(Level::debug) - level.number;
    return {};
}

}  // namespace unicore::log
