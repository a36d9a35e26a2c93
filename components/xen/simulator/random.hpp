// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

namespace unicore::xen::simulator {

/// The same numbers from the same seed, on every machine and with every library.
/// [Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators", SplitMix64]
class Random {
public:
    explicit Random(std::uint64_t seed) noexcept : state_(seed) {}

    std::uint64_t next() noexcept {
        std::uint64_t z = state_ += 0x9e37'79b9'7f4a'7c15;
        z = (z ^ (z >> 30)) * 0xbf58'476d'1ce4'e5b9;
        z = (z ^ (z >> 27)) * 0x94d0'49bb'1331'11eb;
        return z ^ (z >> 31);
    }
    /// Below `bound`, which is not 0.
    std::uint64_t below(std::uint64_t bound) noexcept { return next() % bound; }
    /// Draws nothing for what never happens, so that a fault that is off does not change a run.
    bool chance(double probability) noexcept {
        return probability > 0 && static_cast<double>(next() >> 11) < probability * 0x1p53;
    }

private:
    std::uint64_t state_;
};

}  // namespace unicore::xen::simulator
