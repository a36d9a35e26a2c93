// SPDX-License-Identifier: BSD-3-Clause
// Everything in this process, Catch2 included, runs on the operators under test.
#include "../../../base/test/child.hpp"

#include <unicore/memory/heap.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <new>

namespace {

std::size_t allocations = 0;
std::size_t releases = 0;
std::size_t last_size = 0;
std::size_t last_alignment = 0;
bool refuse = false;

}  // namespace

namespace unicore::memory::heap {

Result<void*> allocate(std::size_t size, std::size_t alignment) noexcept {
    if (refuse) return unexpected(Error::out_of_memory);
    ++allocations;
    last_size = size;
    last_alignment = alignment;
    void* block = nullptr;
    if (::posix_memalign(&block, std::max(alignment, default_alignment), std::max<std::size_t>(size, 1)) != 0)
        return unexpected(Error::out_of_memory);
    return block;
}

void release(void* block) noexcept {
    ++releases;
    std::free(block);
}

}  // namespace unicore::memory::heap

namespace {

struct Plain {
    char bytes[40];
};
struct alignas(128) Wide {
    char bytes[40];
};

/// Calls of operator new, which the compiler may not leave out as it may new-expressions.
template <typename... More>
void round_trip(std::size_t size, std::size_t alignment, More... more) {
    const std::size_t before = allocations;
    void* const block = ::operator new(size, more...);
    CHECK(allocations == before + 1);
    CHECK((last_size == size && last_alignment == alignment));
    CHECK(reinterpret_cast<std::uintptr_t>(block) % alignment == 0);
    const std::size_t released = releases;
    ::operator delete(block, more...);
    CHECK(releases == released + 1);
    void* const array = ::operator new[](size, more...);
    CHECK(allocations == before + 2);
    ::operator delete[](array, more...);
    CHECK(releases == released + 2);
}

}  // namespace

TEST_CASE("memory.operators: every form of new and delete goes to the heap") {
    constexpr std::size_t usual = unicore::memory::heap::default_alignment;
    round_trip(40, usual);
    round_trip(0, usual);
    round_trip(40, usual, std::nothrow);
    round_trip(40, 128, std::align_val_t{128});
    round_trip(40, 4096, std::align_val_t{4096}, std::nothrow);
    const std::size_t before = releases;
    ::operator delete(::operator new(40), std::size_t{40});
    ::operator delete[](::operator new[](40), std::size_t{40});
    ::operator delete(::operator new(40, std::align_val_t{64}), std::size_t{40}, std::align_val_t{64});
    ::operator delete[](::operator new[](40, std::align_val_t{64}), std::size_t{40}, std::align_val_t{64});
    CHECK(releases == before + 4);
}

TEST_CASE("memory.operators: expressions find their operators") {
    const std::size_t before = releases;
    delete new Plain;
    auto* wide = new Wide[3];
    CHECK(reinterpret_cast<std::uintptr_t>(wide) % 128 == 0);
    delete[] wide;
    CHECK(releases >= before + 1);
}

TEST_CASE("memory.operators: without memory the nothrow forms return null") {
    refuse = true;
    void* const blocks[] = {::operator new(1, std::nothrow), ::operator new[](1, std::nothrow),
                            ::operator new(1, std::align_val_t{64}, std::nothrow),
                            ::operator new[](1, std::align_val_t{64}, std::nothrow)};
    refuse = false;
    for (void* const block : blocks) CHECK(block == nullptr);
}

TEST_CASE("memory.operators: without memory the others end the image and say what was wanted") {
    for (int form = 0; form < 4; ++form) {
        const auto ending = unicore::test::in_child([form] {
            refuse = true;
            constexpr std::size_t size = 12'345;
            if (form == 0) static_cast<void>(::operator new(size));
            if (form == 1) static_cast<void>(::operator new[](size));
            if (form == 2) static_cast<void>(::operator new(size, std::align_val_t{64}));
            if (form == 3) static_cast<void>(::operator new[](size, std::align_val_t{64}));
        });
        CHECK(ending.status != 0);
        CHECK(ending.output.find("memory.operators: out of memory: new wanted 12345 bytes") != std::string::npos);
    }
}
