// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/base/log.hpp>

#include <unicore/platform.hpp>

#include <cstring>

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
    char buffer[256];
    text::Writer line({buffer, sizeof buffer - 1});  // the line end always has its place
    line << "unicore: [" << shown_levels[static_cast<std::size_t>(level)] << component;
    compose(object, line);
    const std::size_t size = line.view().size();
    buffer[size] = '\n';
    platform::early_write({buffer, size + 1});
}

void detail::write(const char* component, Level level, const char* text) noexcept {
    write(component, level, text,
          [](const void* object, text::Writer& line) { line << static_cast<const char*>(object); });
}

Result<void> set_level(std::string_view name) noexcept {
    std::uint8_t number = 0;
    for (const auto& shown : shown_levels) {
        if (name.size() < sizeof shown && shown[name.size()] == ']' &&
            std::memcmp(shown, name.data(), name.size()) == 0) {
            levels_off = static_cast<int>(Level::debug) - number;
            return {};
        }
        ++number;
    }
    return unexpected(Error::invalid_argument);
}

}  // namespace unicore::log
