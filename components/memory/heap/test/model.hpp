// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>

namespace unicore::test {

/// The seed of this run: UNICORE_SEED=n repeats one.
std::uint64_t heap_seed();

/// Random allocations, reallocations and releases, of sizes and alignments of all kinds, compared with
/// a model: alignment, overlap, contents, usage. Releases everything at the end. Uses Catch's REQUIRE.
void exercise_heap(std::uint64_t seed, int rounds, std::size_t most_live, std::size_t largest);

}  // namespace unicore::test
