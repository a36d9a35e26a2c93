// SPDX-License-Identifier: BSD-3-Clause
#pragma once

namespace unicore::libc::newlib {

/// The variables that the platform hands over: NAME=VALUE strings, ended by a null pointer.
char** platform_variables() noexcept;

}  // namespace unicore::libc::newlib
