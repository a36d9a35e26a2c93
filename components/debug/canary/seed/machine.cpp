// SPDX-License-Identifier: BSD-3-Clause
#include "seed.hpp"

#include <unicore/arch/cycles.hpp>
#include <unicore/arch/random.hpp>

namespace unicore::debug::canary {

/// The CPU's instruction and the loader's seed where there are any; how long it took to get here, in any case.
std::uint64_t seed() noexcept {
    std::uint64_t word = 0;
    if (const arch::RandomKind kind = arch::Random::kind(); kind != arch::RandomKind::none)
        for (int tries = 0; tries != 10 && !arch::Random::draw(kind, word); ++tries) continue;
    return word ^ mix(tree_seed()) ^ mix(arch::Cycles::read());
}

}  // namespace unicore::debug::canary
