// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

namespace unicore::arch {

/// Where a fault's call chain starts: at `instruction`, or, when that is the target of a jump to where no code is, at
/// the call, which has left its return address in the link register, `size` bytes behind itself.
constexpr std::uintptr_t chain_start(bool jumped, std::uintptr_t instruction, std::uintptr_t link,
                                     std::uintptr_t size) noexcept {
    return jumped ? link - size : instruction;
}

}  // namespace unicore::arch
