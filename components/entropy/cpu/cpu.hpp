// SPDX-License-Identifier: BSD-3-Clause
/// The CPU's random instruction as an entropy source.
#pragma once

#include <unicore/arch/barriers.hpp>
#include <unicore/arch/random.hpp>
#include <unicore/entropy/source.hpp>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <utility>

namespace unicore::entropy::cpu {

/// Tries for one word. RDRAND gives up for good after 10; RDSEED runs dry when all cores draw at
/// once, and fills at some 100 ns a word. [Intel, Digital Random Number Generator guide 2.1, 5.2.1 and 5.3.1]
inline constexpr unsigned patience = 1000;

class Cpu final : public Source {
public:
    explicit Cpu(arch::RandomKind kind) noexcept : kind_(kind) {}

    Result<void> read(std::span<std::byte> bytes) noexcept override {
        while (!bytes.empty()) {
            const std::uint64_t word = UNICORE_TRY(draw());
            const std::size_t size = std::min(bytes.size(), sizeof word);
            std::memcpy(bytes.data(), &word, size);
            bytes = bytes.subspan(size);
        }
        UNICORE_TRY(draw());  // so that no word that was given away stays in last_
        return {};
    }

    std::string_view name() const noexcept override { return "entropy.cpu"; }

    /// Whether the generator answers, and does not go round in a short circle: some have been seen
    /// to repeat one word with every sign of success, after a suspend or with broken firmware.
    bool works() noexcept {
        std::uint64_t words[8];
        for (std::uint64_t& word : words) {
            const auto drawn = draw();
            if (!drawn) return false;
            word = *drawn;
            if (std::find(words, &word, word) != &word) return false;
        }
        return true;
    }

private:
    /// Errors: device_error when there is no word for too long, or the same as before, which is what
    /// a working generator does once in 2^64.
    Result<std::uint64_t> draw() noexcept {
        for (unsigned left = patience; left > 0; --left) {
            std::uint64_t word;
            if (arch::Random::draw(kind_, word)) {
                if (word == std::exchange(last_, word)) break;
                return word;
            }
            arch::Barriers::relax();
        }
        return unexpected(Error::device_error);
    }

    arch::RandomKind kind_;
    std::uint64_t last_ = 0;
};

}  // namespace unicore::entropy::cpu
