// SPDX-License-Identifier: BSD-3-Clause
// The component's memcpy and relatives under other names: the host has its own.
#include <catch2/catch.hpp>

#include <cstring>
#include <random>
#include <vector>

#define memcpy unicore_memcpy
#define memmove unicore_memmove
#define memset unicore_memset
#define memcmp unicore_memcmp
#define memchr unicore_memchr
#define strlen unicore_strlen
#define wmemchr unicore_wmemchr
#include "../bytes.cpp"
#undef memcpy
#undef memmove
#undef memset
#undef memcmp
#undef memchr
#undef strlen
#undef wmemchr

TEST_CASE("copying, filling and comparing agree with the C library") {
    std::mt19937 random(7);
    for (int round = 0; round < 4000; ++round) {
        std::vector<unsigned char> ours(96), theirs;
        for (unsigned char& byte : ours) byte = static_cast<unsigned char>(random() & 3);
        theirs = ours;
        const std::size_t from = random() % 48, to = random() % 48, count = random() % 48;
        switch (random() % 4) {
            case 0:
                CHECK(unicore_memmove(&ours[to], &ours[from], count) == &ours[to]);
                std::memmove(&theirs[to], &theirs[from], count);
                break;
            case 1:
                CHECK(unicore_memset(&ours[to], static_cast<int>(random()), 0) == &ours[to]);
                CHECK(unicore_memset(&ours[to], 0x1f0, count) == &ours[to]);
                std::memset(&theirs[to], 0x1f0, count);
                break;
            case 2:
                unicore_memcpy(ours.data() + 48, ours.data() + from % 24, count % 24);
                std::memcpy(theirs.data() + 48, theirs.data() + from % 24, count % 24);
                break;
            default: {
                const int mine = unicore_memcmp(&ours[to], &ours[from], count);
                const int real = std::memcmp(&theirs[to], &theirs[from], count);
                CHECK((mine < 0) == (real < 0));
                CHECK((mine > 0) == (real > 0));
            }
        }
        CHECK(ours == theirs);
    }
}

TEST_CASE("much at a time, from anywhere to anywhere") {
    std::mt19937 random(8);
    for (int round = 0; round < 20000; ++round) {
        // At the ends of what is there, so that the sanitizer sees what reads or writes outside.
        const std::size_t count = 1 + round % 200, before = random() % 17, behind = random() % 17;
        std::vector<std::byte> from(before + count), to(behind + count, std::byte{1});
        for (std::byte& byte : from) byte = static_cast<std::byte>(random());
        unicore::arch::WordBytes::copy_bulk(to.data() + behind, from.data() + before, count);
        REQUIRE(std::memcmp(to.data() + behind, from.data() + before, count) == 0);
        for (std::size_t i = 0; i != behind; ++i) REQUIRE(to[i] == std::byte{1});
    }
    unicore::arch::WordBytes::copy_bulk(nullptr, nullptr, 0);
}

TEST_CASE("looking for a byte, and for the end of a string") {
    const char text[] = "abcab";
    CHECK(unicore_memchr(text, 'c', 5) == text + 2);
    CHECK(unicore_memchr(text, 'a', 5) == text);
    CHECK(unicore_memchr(text, 0x100 + 'b', 5) == text + 1);
    CHECK(unicore_memchr(text, 'c', 2) == nullptr);
    CHECK(unicore_memchr(text, 'a', 0) == nullptr);
    const wchar_t wide[] = L"abcab";
    CHECK(unicore_wmemchr(wide, L'c', 5) == wide + 2);
    CHECK(unicore_wmemchr(wide, L'a', 5) == wide);
    CHECK(unicore_wmemchr(wide, L'c', 2) == nullptr);
    CHECK(unicore_wmemchr(wide, L'a', 0) == nullptr);
    CHECK(unicore_strlen(text) == 5);
    CHECK(unicore_strlen("") == 0);
}

TEST_CASE("searching finds the first, and nothing past the count") {
    const char text[] = "abcabc\xff";
    CHECK(unicore_strlen(text) == 7);
    CHECK(unicore_strlen("") == 0);
    CHECK(unicore_memchr(text, 'c', 7) == text + 2);
    CHECK(unicore_memchr(text, 0xff, 7) == text + 6);
    CHECK(unicore_memchr(text, 0x1ff, 7) == text + 6);
    CHECK(unicore_memchr(text, 'c', 2) == nullptr);
    CHECK(unicore_memchr(text, 'a', 0) == nullptr);
}
