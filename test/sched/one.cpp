// SPDX-License-Identifier: BSD-3-Clause
#include "variables.hpp"

#include <unicore/debug/suites.hpp>

namespace {

void alone(unicore::debug::Check& check) noexcept {
    fresh(check, 0x12345678);
    kept(check, 0x12345678);
}

constexpr unicore::debug::NamedSuite suites[] = {{"thread_local, one thread", alone}};

}  // namespace

int main() { return unicore::debug::run_suites(suites); }
