// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/arch/barriers.hpp>
#include <unicore/time/clock.hpp>
#include <unicore/time/wall.hpp>
#include <unicore/xen/guest.hpp>

namespace unicore::time::wall {

/// What the wall clock said when the monotonic clock was zero; changed when somebody sets it. Where nobody ever
/// has, as on Arm without a dom0, it says a time in 1970, which is none. [Xen, xen/include/public/xen.h, shared_info]
Result<std::chrono::sys_time<std::chrono::nanoseconds>> now() noexcept {
    const volatile xen::guest::Shared& shared = xen::guest::shared();
    constexpr int patience = 1000;
    for (int i = 0; i < patience; ++i) {
        const std::uint32_t before = shared.wc_version;
        arch::Barriers::read();
        const std::uint64_t seconds = std::uint64_t{shared.wc_sec_hi} << 32 | shared.wc_sec;
        const std::uint32_t nanoseconds = shared.wc_nsec;
        arch::Barriers::read();
        if (before % 2 != 0 || before != shared.wc_version) continue;
        const auto since = static_cast<std::uint64_t>(Monotonic::now().time_since_epoch().count());
        // 64 bits of nanoseconds end in 2262.
        constexpr std::uint64_t least = 946'684'800, most = 9'000'000'000;  // 2000-01-01
        if (seconds - least > most - least || nanoseconds >= 1'000'000'000 || since > most * 100'000'000) break;
        const std::uint64_t sum = seconds * 1'000'000'000 + nanoseconds + since;
        if (sum > static_cast<std::uint64_t>(std::chrono::nanoseconds::max().count())) break;
        return std::chrono::sys_time<std::chrono::nanoseconds>(std::chrono::nanoseconds(sum));
    }
    return unexpected(Error::device_error);
}

}  // namespace unicore::time::wall
