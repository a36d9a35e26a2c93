// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/base/log.hpp>

#include <unicore/platform.hpp>

#include <cstring>

namespace unicore::log {

namespace {

constinit Level most_detailed = Level::debug;

/// As messages show them; all of one width, which takes less room than a table of pointers.
constexpr char shown_levels[][10] = {"none] ", "error] ", "warning] ", "info] ", "debug] "};

}  // namespace

void detail::write(const char* component, Level level, const void* object, Compose compose) noexcept {
    if (level > most_detailed) return;
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
            most_detailed = static_cast<Level>(number);
            return {};
        }
        ++number;
    }
    return unexpected(Error::invalid_argument);
}

}  // namespace unicore::log
