// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/entropy/generator.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

using unicore::entropy::chacha20_block;
using unicore::entropy::ChaChaKey;
using unicore::entropy::Generator;
using Bytes = std::vector<std::byte>;
using Seed = std::array<std::byte, Generator::seed_size>;

namespace {

Seed seed_of(unsigned char first) {
    Seed seed;
    for (auto& byte : seed) byte = std::byte{first++};
    return seed;
}

Bytes output(Generator& generator, std::size_t size) {
    Bytes bytes(size);
    generator.fill(bytes);
    return bytes;
}

Bytes state_of(const Generator& generator) {
    Bytes state(sizeof generator);
    std::memcpy(state.data(), static_cast<const void*>(&generator), sizeof generator);
    return state;
}

/// Whether any 8 bytes in a row of `needles` are somewhere in `state`.
bool leaks(const Bytes& state, std::span<const std::byte> needles) {
    for (std::size_t i = 0; i + 8 <= needles.size(); ++i)
        if (!std::ranges::search(state, needles.subspan(i, 8)).empty()) return true;
    return false;
}

/// What the README says the generator does, said again in other words.
struct Reference {
    ChaChaKey key{};
    Bytes stream;

    void mix(const Seed& seed) {
        std::array<std::uint32_t, 16> block;
        ChaChaKey words;
        std::memcpy(words.data(), seed.data(), sizeof words);
        for (std::size_t i = 0; i < 8; ++i) words[i] ^= key[i];
        chacha20_block(words, 0, {1, 0, 0}, block);
        std::copy_n(block.begin(), 8, key.begin());
        stream.clear();
    }
    void generate() {
        std::array<std::uint32_t, 64> blocks;
        for (std::uint32_t i = 0; i < 4; ++i) chacha20_block(key, i, {}, std::span(blocks).subspan(16 * i).first<16>());
        std::copy_n(blocks.begin(), 8, key.begin());
        const auto bytes = std::as_bytes(std::span(blocks).subspan(8));
        stream.insert(stream.end(), bytes.begin(), bytes.end());
    }
};

}  // namespace

TEST_CASE("output is what the construction says, in pieces of any size") {
    Reference reference;
    reference.mix(seed_of(0));
    reference.mix(seed_of(100));
    while (reference.stream.size() < 3000) reference.generate();
    for (const std::size_t piece : {1u, 7u, 8u, 31u, 223u, 224u, 225u, 1000u, 3000u}) {
        Generator generator;
        generator.mix(seed_of(0));
        generator.mix(seed_of(100));
        Bytes all;
        while (all.size() + piece <= 3000) {
            const Bytes more = output(generator, piece);
            all.insert(all.end(), more.begin(), more.end());
        }
        REQUIRE(std::equal(all.begin(), all.end(), reference.stream.begin()));
    }
}

TEST_CASE("every bit of every seed matters, and the order") {
    const auto first_word = [](std::initializer_list<Seed> seeds) {
        Generator generator;
        for (const Seed& seed : seeds) generator.mix(seed);
        std::uint64_t word;
        generator.fill(std::as_writable_bytes(std::span(&word, 1)));
        return word;
    };
    std::vector<std::uint64_t> words{first_word({seed_of(1), seed_of(2)}), first_word({seed_of(2), seed_of(1)}),
                                     first_word({seed_of(1)}), first_word({seed_of(1), Seed{}})};
    for (std::size_t bit = 0; bit < 256; ++bit) {
        Seed changed = seed_of(1);
        changed[bit / 8] ^= std::byte(1u << bit % 8);
        words.push_back(first_word({changed, seed_of(2)}));
        words.push_back(first_word({seed_of(2), changed}));
    }
    std::ranges::sort(words);
    CHECK(std::ranges::adjacent_find(words) == words.end());
}

TEST_CASE("the state knows nothing of what was given out, nor of keys and seeds before") {
    Generator generator;
    generator.mix(seed_of(9));
    CHECK_FALSE(leaks(state_of(generator), seed_of(9)));
    for (const std::size_t size : {8u, 16u, 100u, 224u, 300u, 5000u}) {
        const Bytes before = state_of(generator);
        const Bytes given = output(generator, size);
        const Bytes after = state_of(generator);
        CHECK_FALSE(leaks(after, given));
        if (size >= 224)  // at least one new key; the key is the state's start
            CHECK_FALSE(leaks(after, std::span(before).first(32)));
    }
    const Bytes before = state_of(generator);
    generator.mix(seed_of(10));
    CHECK_FALSE(leaks(state_of(generator), std::span(before).first(32)));
    CHECK_FALSE(leaks(state_of(generator), std::span(before).subspan(32 + 256 - 100, 100)));  // output that was ready
    CHECK_FALSE(leaks(state_of(generator), seed_of(10)));
}

TEST_CASE("a seed takes part in all that is given out after it") {
    Generator with, without;
    with.mix(seed_of(3));
    without.mix(seed_of(3));
    CHECK(output(with, 8) == output(without, 8));
    with.mix(seed_of(4));
    CHECK(output(with, 8) != output(without, 8));
}

// A smoke test: a construction that is wrong somewhere fails it; the seed is fixed, so it is not left to chance.
TEST_CASE("output looks random") {
    Generator generator;
    generator.mix(seed_of(77));
    const Bytes bytes = output(generator, 1 << 20);
    std::array<double, 256> counts{};
    double ones = 0, runs = 1, serial = 0;
    bool previous = false;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const auto value = std::to_integer<unsigned>(bytes[i]);
        counts[value] += 1;
        if (i != 0) serial += (value - 127.5) * (std::to_integer<unsigned>(bytes[i - 1]) - 127.5);
        for (unsigned bit = 0; bit < 8; ++bit) {
            const bool set = (value >> bit & 1) != 0;
            ones += set;
            runs += (i != 0 || bit != 0) && set != previous;
            previous = set;
        }
    }
    const double bits = 8.0 * static_cast<double>(bytes.size()), expected = static_cast<double>(bytes.size()) / 256;
    CHECK(std::abs(ones - bits / 2) < 4 * std::sqrt(bits) / 2);
    CHECK(std::abs(runs - bits / 2) < 4 * std::sqrt(bits) / 2);
    double chi_squared = 0;
    for (const double count : counts) chi_squared += (count - expected) * (count - expected) / expected;
    CHECK(chi_squared > 255 - 4 * std::sqrt(2 * 255.0));
    CHECK(chi_squared < 255 + 4 * std::sqrt(2 * 255.0));
    const double deviation = 65535.0 / 12 * std::sqrt(static_cast<double>(bytes.size()));
    CHECK(std::abs(serial) < 4 * deviation);
}
