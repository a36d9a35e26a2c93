// SPDX-License-Identifier: BSD-3-Clause
#include "clock.hpp"

#include <unicore/arch/barriers.hpp>
#include <unicore/time/wall.hpp>

namespace unicore::time::wall {

Result<std::chrono::sys_time<std::chrono::nanoseconds>> now() noexcept {
    // What the wall clock said when system time was zero; changed when somebody sets it.
    const volatile shared_info& shared = unicore::xen::guest::shared();
    constexpr int patience = 1000;
    for (int i = 0; i < patience; ++i) {
        const std::uint32_t before = shared.wc_version;
        arch::Barriers::read();
        const std::uint64_t seconds = std::uint64_t{shared.wc_sec_hi} << 32 | shared.wc_sec;
        const std::uint32_t nanoseconds = shared.wc_nsec;
        arch::Barriers::read();
        if (before % 2 != 0 || before != shared.wc_version) continue;
        const auto since = xen::system_time();
        // 64 bits of nanoseconds end in 2262.
        constexpr std::uint64_t most = 9'000'000'000;
        if (!since || seconds > most || nanoseconds >= 1'000'000'000 || *since > most * 100'000'000) break;
        const std::uint64_t sum = seconds * 1'000'000'000 + nanoseconds + *since;
        if (sum > static_cast<std::uint64_t>(std::chrono::nanoseconds::max().count())) break;
        return std::chrono::sys_time<std::chrono::nanoseconds>(std::chrono::nanoseconds(sum));
    }
    return unexpected(Error::device_error);
}

}  // namespace unicore::time::wall
