// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/chrono.hpp>
#include <unicore/base/result.hpp>

namespace unicore::time::wall {

/// The date and time, UTC, as nanoseconds since 1970-01-01 without leap seconds. Resolution and
/// accuracy are the machine's. Context: thread.
/// Errors: device_error when the machine's clock gives nonsense or does not answer.
Result<std::chrono::sys_time<std::chrono::nanoseconds>> now() noexcept;

/// The same for programs that cannot do without: where `now` is an error, the time since the start of the image, counted
/// from 1970-01-01, as systems whose machine has no such clock begin; the log says so once. Context: thread.
std::chrono::sys_time<std::chrono::nanoseconds> date_or_uptime() noexcept;

}  // namespace unicore::time::wall
