// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/base/text.hpp>
#include <unicore/console.hpp>

/// Says hello; the exit status is the first argument, if there is one.
int main(int argc, char** argv) {
    unicore::console::write("Hello from Unicore!\n");
    if (argc < 2) return 0;
    const auto status = unicore::text::parse_decimal(argv[1]);
    return status ? static_cast<int>(*status) : 2;
}
