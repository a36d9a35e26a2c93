// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/console.h>
#include <unicore/console.hpp>

#include <unicore/console/sink.hpp>

#include <cstring>

namespace unicore::console {

void write(std::string_view text) noexcept { write_to_sinks(text); }

void write_line(std::string_view text) noexcept {
    // One write reaches a sink as one system call or one burst.
    char line[256];
    if (text.size() < sizeof line) [[likely]] {
        std::memcpy(line, text.data(), text.size());
        line[text.size()] = '\n';
        return write({line, text.size() + 1});
    }
    write(text);
    write({"\n", 1});
}

[[gnu::weak]] Result<std::size_t> read(std::span<char>) noexcept { return 0; }

}  // namespace unicore::console

void unicore_console_write(const char* text, std::size_t size) { unicore::console::write({text, size}); }

void unicore_console_write_line(const char* string) {
    std::size_t size = 0;  // the core has no strlen
    while (string[size] != '\0') ++size;
    unicore::console::write_line({string, size});
}

std::ptrdiff_t unicore_console_read(char* text, std::size_t size) {
    const auto taken = unicore::console::read({text, size});
    return taken ? static_cast<std::ptrdiff_t>(*taken) : -1;
}
