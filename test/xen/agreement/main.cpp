// SPDX-License-Identifier: BSD-3-Clause
// The agreement's domains under Xen: `-- front`, `-- back`, `-- heir`.
#include "scenarios.hpp"

#include <unicore/console.hpp>
#include <unicore/platform/xen/shutdown.hpp>

void unicore::test::wake_toolstack() noexcept {}  // it looks by itself

int main(int argc, char** argv) {
    if (argc != 2) return 2;
    unicore::platform::xen::shutdown_reason = unicore::test::perform(argv[1], unicore::console::write);
    return 0;
}
