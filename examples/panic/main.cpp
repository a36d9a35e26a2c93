// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/base/panic.hpp>
#include <unicore/console.hpp>

namespace {

[[gnu::noinline]] void open_the_hatch(int depth) {
    if (depth == 0) unicore::panic("the hatch is stuck");
    open_the_hatch(depth - 1);
    unicore::console::write("never reached\n");
}

}  // namespace

/// Panics three calls deep: the console shows where, with names, when `run` reads it.
int main() {
    unicore::console::write("Opening the hatch\n");
    open_the_hatch(2);
    return 0;
}
