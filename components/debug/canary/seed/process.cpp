// SPDX-License-Identifier: BSD-3-Clause
#include "seed.hpp"

#include <unicore/platform/linux/system_call.hpp>

namespace unicore::debug::canary {

/// The kernel's random bytes, if it has any by now; where it put the stack, in any case.
std::uint64_t seed() noexcept {
    using namespace platform::linux;
    constexpr unsigned do_not_block = 1;  // GRND_NONBLOCK
    std::uint64_t word = 0;
    static_cast<void>(system_call(Call::getrandom, &word, sizeof word, do_not_block));
    return word ^ mix(reinterpret_cast<std::uintptr_t>(&word));
}

}  // namespace unicore::debug::canary
