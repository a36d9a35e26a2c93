// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/platform.hpp>
#include <unicore/power/pc.hpp>

namespace unicore::platform {

void halt(int /*status: only the console tells it*/) noexcept { power::pc::restart(); }

}  // namespace unicore::platform
