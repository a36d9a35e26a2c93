// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/base/preemption.hpp>

[[gnu::weak]] void unicore::hold_preemption() noexcept {}
[[gnu::weak]] void unicore::allow_preemption() noexcept {}
