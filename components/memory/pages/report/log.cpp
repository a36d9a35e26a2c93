// SPDX-License-Identifier: BSD-3-Clause
#include "../shortage.hpp"

#include <unicore/base/log.hpp>

namespace unicore::memory::pages {
namespace {

constexpr log::Logger<"memory.pages"> log;

}  // namespace

void report_shortage(PageCount count) noexcept {
    log.warning([&](auto& line) {
        const Usage now = usage();
        line << "out of memory: " << count.value << " pages wanted, " << now.taken.value << " of " << now.total.value
             << " are taken";
    });
}

}  // namespace unicore::memory::pages
