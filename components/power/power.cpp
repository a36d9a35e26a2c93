// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/power.hpp>

#include <unicore/base/boot.hpp>
#include <unicore/power/alert.hpp>
#include <unicore/platform/per_image.hpp>

#include <atomic>

namespace unicore::power {

namespace {

/// Set from signal and interrupt handlers, so it must not need a lock.
platform::PerImage<std::atomic<bool>> requested;
static_assert(std::atomic<bool>::is_always_lock_free);

}  // namespace

[[gnu::weak]] void alert() noexcept {}

void request_stop() noexcept {
    requested->store(true, std::memory_order_relaxed);
    alert();
}

bool stop_requested() noexcept { return requested->load(std::memory_order_relaxed); }

void off(int status) noexcept { boot::exit(status); }

}  // namespace unicore::power
