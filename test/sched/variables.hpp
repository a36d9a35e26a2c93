// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/debug/check.hpp>

#include <cstdint>

extern "C" {
extern thread_local int in_c;
char* c_buffer();
}

/// Checks that the variables are as a new thread finds them, then fills them with `seed`.
void fresh(unicore::debug::Check& check, std::uint32_t seed) noexcept;
/// Checks that they are as `fresh` left them.
void kept(unicore::debug::Check& check, std::uint32_t seed) noexcept;
