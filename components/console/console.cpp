// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/console.h>
#include <unicore/console.hpp>

#include <unicore/base/text.hpp>
#include <unicore/console/sink.hpp>

namespace unicore::console {

void write(std::string_view text) noexcept { write_to_sinks(text); }

void write_line(std::string_view text) noexcept {
    // One write reaches a sink as one system call or one burst.
    text::Line<256> line;
    line << text << '\n';
    if (!line.truncated()) [[likely]]
        return write(line.view());
    write(text);
    write("\n");
}

}  // namespace unicore::console

void unicore_console_write(const char* text, std::size_t size) { unicore::console::write({text, size}); }

void unicore_console_write_line(const char* string) {
    std::size_t size = 0;  // the core has no strlen
    while (string[size] != '\0') ++size;
    unicore::console::write_line({string, size});
}
