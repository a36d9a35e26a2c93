// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/entropy/generator.hpp>

#include <algorithm>
#include <bit>
#include <cstring>

namespace unicore::entropy {

static_assert(std::endian::native == std::endian::little, "words are copied as bytes");

namespace {

/// Different uses never share a block even if they shared a key.
constexpr ChaChaNonce nonce_of_output{0, 0, 0};
constexpr ChaChaNonce nonce_of_mixing{1, 0, 0};

}  // namespace

void erase(std::span<std::byte> bytes) noexcept {
    std::memset(bytes.data(), 0, bytes.size());
    asm volatile("" : : "r"(bytes.data()) : "memory");
}

void Generator::mix(std::span<const std::byte, seed_size> seed) noexcept {
    ChaChaKey words;
    std::memcpy(words.data(), seed.data(), seed_size);
    for (std::size_t i = 0; i < key_.size(); ++i) words[i] ^= key_[i];

    std::array<std::uint32_t, 16> block;
    chacha20_block(words, 0, nonce_of_mixing, block);
    std::copy_n(block.begin(), key_.size(), key_.begin());

    // Nothing is given out from now on that the seed has no part in.
    left_ = 0;
    erase(std::as_writable_bytes(std::span(pool_)));
    erase(std::as_writable_bytes(std::span(block)));
    erase(std::as_writable_bytes(std::span(words)));
}

void Generator::refill() noexcept {
    const std::span<std::uint32_t, 16 * blocks> pool(pool_);
    for (std::uint32_t i = 0; i < blocks; ++i)
        chacha20_block(key_, i, nonce_of_output, pool.subspan(16 * i).first<16>());
    std::copy_n(pool.begin(), key_.size(), key_.begin());
    erase(std::as_writable_bytes(pool.first(key_.size())));
    left_ = sizeof pool_ - sizeof key_;
}

void Generator::fill(std::span<std::byte> bytes) noexcept {
    while (!bytes.empty()) {
        if (left_ == 0) refill();
        const auto output = std::as_writable_bytes(std::span(pool_)).last(left_);
        const std::size_t size = std::min(bytes.size(), left_);
        std::memcpy(bytes.data(), output.data(), size);
        erase(output.first(size));
        left_ -= size;
        bytes = bytes.subspan(size);
    }
}

}  // namespace unicore::entropy
