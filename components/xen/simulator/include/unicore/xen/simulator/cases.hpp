// SPDX-License-Identifier: BSD-3-Clause
/// Random cases, each from a seed of its own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

namespace unicore::xen::simulator {

/// Runs `body` with so many seeds, or with UNICORE_CASES of them; with UNICORE_SEED, for just that one.
/// Whatever ends a case (an exception, a panic, a sanitizer) has `replay` printed to standard error;
/// Catch's CHECK goes on, so the body says `INFO(replay(seed))` as well.
void for_each_case(std::size_t cases, const std::function<void(std::uint64_t seed)>& body);

/// How to run a case again.
std::string replay(std::uint64_t seed);

}  // namespace unicore::xen::simulator
