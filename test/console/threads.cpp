// SPDX-License-Identifier: BSD-3-Clause
// A thread reads lines, natively; the first one sleeps meanwhile, again and again.
#include <unicore/base/chrono.hpp>
#include <unicore/base/result.hpp>
#include <unicore/console.hpp>
#include <unicore/sched.hpp>
#include <unicore/sched/thread.hpp>

#include <algorithm>
#include <atomic>
#include <string_view>

using namespace unicore;

namespace {

std::atomic<bool> ended{false};

void say(std::string_view line) noexcept {
    char text[80] = "read: ";
    const std::size_t size = line.copy(text + 6, sizeof text - 6);
    console::write_line({text, 6 + size});
}

void read_lines(void*) noexcept {
    char text[64];
    for (;;) {
        const auto size = console::read(text);
        if (!size || *size == 0) break;
        std::string_view rest(text, *size);  // of a pipe, several lines
        while (!rest.empty()) {
            const std::size_t end = std::min(rest.find('\n'), rest.size() - 1);
            say(rest.substr(0, end));
            rest.remove_prefix(end + 1);
        }
    }
    console::write_line("end");
    ended = true;
}

}  // namespace

int main() {
    const auto reader = sched::Thread::create(read_lines, nullptr);
    if (!reader) return 1;
    for (unsigned sleeps = 0; !ended; ++sleeps) {
        static_cast<void>(sched::sleep_for(std::chrono::milliseconds(5)));
        if (sleeps == 3) console::write_line("ready");
    }
    return 0;
}
