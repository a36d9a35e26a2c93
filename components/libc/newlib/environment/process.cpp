// SPDX-License-Identifier: BSD-3-Clause
#include "../environment.hpp"

#include <unicore/platform/linux/environment.hpp>

namespace unicore::libc::newlib {

char** platform_variables() noexcept { return platform::linux::environment(); }

}  // namespace unicore::libc::newlib
