// SPDX-License-Identifier: BSD-3-Clause
#include "../layers.hpp"

#include <unicore/base/log.hpp>

namespace unicore::memory::heap {
namespace {

constexpr log::Logger<"memory.heap"> log;

}  // namespace

void report_shortage(std::size_t size) noexcept {
    log.warning([&](auto& line) {
        const Usage now = usage();
        line << "out of memory: " << size << " bytes wanted, " << now.allocated << " are allocated of "
             << now.reserved << " that the heap has";
    });
}

}  // namespace unicore::memory::heap
