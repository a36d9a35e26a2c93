// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string_view>

struct FaultCase {
    std::string_view name;
    void (*provoke)();
};

/// Provokes the fault of that name. Returns only when there is none of that name.
void fault(std::string_view name);
