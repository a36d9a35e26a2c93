// SPDX-License-Identifier: BSD-3-Clause
#include "../word.hpp"

#include <catch2/catch.hpp>

#include <random>
#include <string>

using unicore::bus::virtio::monitor::interrupt_of;
using unicore::bus::virtio::monitor::place_of;

TEST_CASE("words as monitors write them") {
    CHECK(place_of("512@0xfeb00e00:12")->base == 0xfeb0'0e00);  // QEMU's microvm
    CHECK(place_of("512@0xfeb00e00:12")->size == 512);
    CHECK(place_of("4K@0xd0000000:5")->base == 0xd000'0000);  // Firecracker
    CHECK(place_of("4K@0xd0000000:5")->size == 4096);
    CHECK(place_of("0x1000@3489660928:0x5:1")->base == 0xd000'0000);
    CHECK(place_of("0x1000@3489660928:0x5:1")->size == 4096);
    CHECK(place_of("2m@0xABCDEFabcdef:1")->base == 0xabcd'efab'cdef);
    CHECK(place_of("2m@0xABCDEFabcdef:1")->size == 2 << 20);
    CHECK(place_of("1G@0:1")->size == 1 << 30);
}

TEST_CASE("the interrupt stands behind the place") {
    CHECK(interrupt_of("512@0xfeb00e00:12") == 12);
    CHECK(interrupt_of("0x1000@3489660928:0x5:1") == 5);
    for (const char* const word : {"512@0xfeb00e00", "512@0xfeb00e00:", "512@0xfeb00e00:x", "512@0xfeb00e00:5x",
                                   "512@0xfeb00e00::5", "512@0xfeb00e00:0x100000000", ""})
        CHECK_FALSE(interrupt_of(word).has_value());
}

TEST_CASE("what is none is nothing") {
    for (const char* const word : {"", "4", "4K", "4K@", "4K@0x", "4K@:5", "@0xd0000000:5", "4Q@0xd0000000:5",
                                   "4KK@0:5", "4K@0xd0000000", "4K@0xd0000000;5", "-4@0:1", "18446744073709551616@0:1",
                                   "0x4000000000000000K@0:1", "4K@0xfffffffffffff001:1", "a@0:1", "4K@f:1"})
        CHECK_FALSE(place_of(word).has_value());
    CHECK(place_of("18446744073709551615@0:1")->size == UINT64_MAX);
}

TEST_CASE("any text is taken") {
    std::mt19937 random(9);
    const std::string letters = "0123456789abcdefxKMG@:";
    unsigned understood = 0;
    for (int round = 0; round < 50'000; ++round) {
        std::string word = "4K@0xd0000000:5";
        for (unsigned left = random() % 5; left > 0; --left)
            word[random() % word.size()] = letters[random() % letters.size()];
        word.resize(random() % 3 == 0 ? random() % word.size() : word.size());
        understood += place_of(word).has_value();
    }
    CHECK(understood > 1000);
}
