// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/platform/linux/descriptor.hpp>

#include <span>

namespace unicore::net::tap {

/// readv or writev, again when a signal came in between: bytes that were moved, or the call's error. In a file of its
/// own, so that tests can take the kernel's part.
long transfer(platform::linux::Call call, int descriptor, std::span<const platform::linux::IoVector> vectors) noexcept;

}  // namespace unicore::net::tap
