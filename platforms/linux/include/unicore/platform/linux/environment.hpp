// SPDX-License-Identifier: BSD-3-Clause
#pragma once

namespace unicore::platform::linux {

/// The process's environment: NAME=value strings, ended by a null pointer. Of UNICORE, which holds
/// the settings, only the first word is left. Context: any.
char** environment() noexcept;

/// The value of an environment variable, null-terminated, or null when it is not set. Context: any.
const char* environment(const char* name) noexcept;

}  // namespace unicore::platform::linux
