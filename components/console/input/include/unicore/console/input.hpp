// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/result.hpp>
#include <unicore/time/clock.hpp>

#include <cstddef>
#include <span>

/// The console's input, for those who do not just wait for it as console::read does.
namespace unicore::console::input {

/// A deadline that has passed: what is there, or timed_out.
inline constexpr time::Instant at_once = time::Instant::min();

/// Waits for input, and takes what there is of it: of a line that is typed, no more than that line, and nothing before
/// it has ended. 0 is the end of input; what comes after that can be read. Context: thread; several may read, each byte
/// goes to one of them. Errors: timed_out; stopped when the image was asked to stop.
Result<std::size_t> read_until(std::span<char> into, time::Instant deadline) noexcept;

/// Whether a read would not wait: there is something, or the end. Context: thread.
bool ready() noexcept;

/// How many bytes a read would get at least, 0 at the end too. Context: thread.
std::size_t available() noexcept;

/// How often `ready` must be asked while somebody waits for more than input, and is not told by an ArrivalHook
/// (console/source.hpp); Source::never_looks when that tells it all. Context: thread.
time::Duration look_every() noexcept;

}  // namespace unicore::console::input
