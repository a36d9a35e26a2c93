// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/entropy/chacha20.hpp>

#include <cstddef>
#include <span>

namespace unicore::entropy {

/// Overwrites with zeros; the compiler does not take it for useless.
void erase(std::span<std::byte> bytes) noexcept;

/// A generator with fast key erasure: each use of a key makes the next key first, and what was given
/// out is erased, so that whoever reads the state learns nothing of the past.
/// Source: D. J. Bernstein, "Fast-key-erasure random-number generators", 2017-07-23.
class Generator {
public:
    static constexpr std::size_t seed_size = 32;

    /// Adds a seed to what there is: key = first half of ChaCha20(key xor seed). See the README for
    /// why that is enough.
    void mix(std::span<const std::byte, seed_size> seed) noexcept;

    /// Fills `bytes` with output.
    void fill(std::span<std::byte> bytes) noexcept;

private:
    static constexpr std::size_t blocks = 4;

    void refill() noexcept;

    ChaChaKey key_{};
    std::array<std::uint32_t, 16 * blocks> pool_{};  ///< output, at its end; the rest is zero
    std::size_t left_ = 0;                           ///< bytes of output in the pool
};

}  // namespace unicore::entropy
