// SPDX-License-Identifier: BSD-3-Clause
/// Descriptors for devices. What cannot be opened is said on a line of its own, with what to do about it.
#pragma once

#include <unicore/base/result.hpp>
#include <unicore/net/device.hpp>
#include <unicore/platform/linux/descriptor.hpp>

#include <string_view>

namespace unicore::net::tap {

struct OpenInterface {
    platform::linux::Descriptor descriptor;
    Properties properties;  ///< but for the address, which is the image's own
};

/// Attaches to the host's TAP interface of that name, which is made if it is not there. Context: thread.
/// Errors: not_found, when the host has no TAP; unsupported, when it cannot be attached to.
Result<OpenInterface> open_interface(std::string_view name) noexcept;

/// Connects to the socket at that path of the file system. Waits for one that is busy, a second at most.
/// Context: thread. Errors: not_found.
Result<platform::linux::Descriptor> connect(std::string_view path) noexcept;

}  // namespace unicore::net::tap
