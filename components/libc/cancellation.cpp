// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/libc/cancellation.hpp>

namespace unicore::libc {

[[gnu::weak]] void cancellation::begin() noexcept {}
[[gnu::weak]] void cancellation::end(bool) noexcept {}
[[gnu::weak]] Result<void> cancellation::wait(sched::WaitQueue& queue, sched::Predicate condition,
                                              time::Instant deadline) noexcept {
    return queue.wait(condition, deadline);
}

}  // namespace unicore::libc
