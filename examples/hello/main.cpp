// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/console.hpp>

#include <charconv>
#include <string_view>

/// Says hello; the exit status is the first argument, if there is one.
int main(int argc, char** argv) {
    unicore::console::write("Hello from Unicore!\n");
    int status = 0;
    if (argc > 1) {
        const std::string_view number = argv[1];
        std::from_chars(number.begin(), number.end(), status);
    }
    return status;
}
