// SPDX-License-Identifier: BSD-3-Clause
#include "seed/seed.hpp"

#include <unicore/base/result.hpp>

extern "C" std::uintptr_t __stack_chk_guard;

namespace unicore::debug::canary {

/// Of those that called it, none returns: boot::run ends the image, and the entry calls nobody else.
Result<void> start() noexcept {
    __stack_chk_guard = guard_of(seed());
    return {};
}

}  // namespace unicore::debug::canary
