// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/console.hpp>

namespace {

struct Speaker {
    explicit Speaker(const char* text) noexcept { unicore::console::write_line(text); }
};

const Speaker first("first");
const Speaker second("second");

}  // namespace

int main() {
    unicore::console::write_line("main");
    return 0;
}
