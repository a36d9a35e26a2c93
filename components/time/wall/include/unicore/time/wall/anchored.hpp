// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/chrono.hpp>
#include <unicore/base/result.hpp>
#include <unicore/time/clock.hpp>

namespace unicore::time::wall {

/// The date of machines whose clock for it is slow and coarse: read once, then told by the monotonic clock.
class Anchored {
public:
    /// `read`: yields Result<std::chrono::sys_seconds>; called until it succeeds. Context: thread. Errors: its.
    template <typename Read>
    Result<std::chrono::sys_time<std::chrono::nanoseconds>> now(Read read) noexcept {
        if (started_ == unknown) {
            const auto date = UNICORE_TRY(read());
            started_ = Duration(date.time_since_epoch()) - Monotonic::now().time_since_epoch();
        }
        return std::chrono::sys_time<std::chrono::nanoseconds>(started_ + Monotonic::now().time_since_epoch());
    }

private:
    static constexpr Duration unknown{};

    Duration started_ = unknown;  ///< when the monotonic clock was 0, since 1970; hardly in 1970
};

}  // namespace unicore::time::wall
