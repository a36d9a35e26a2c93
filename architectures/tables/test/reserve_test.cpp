// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/arch/tables/reserve.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdint>
#include <vector>

using namespace unicore;

namespace {

using Reserve = arch::tables::FrameReserve<4>;

struct alignas(page_size) Frame {
    std::uint64_t entries[512]{};
};

}  // namespace

TEST_CASE("the reserve is filled from the front, and leaves a page") {
    std::vector<Frame> frames(6);
    const auto range = [&](std::size_t pages) {
        return MemoryRange{reinterpret_cast<std::uintptr_t>(frames.data()), pages * page_size};
    };
    Reserve reserve;
    CHECK(reserve.take() == nullptr);
    MemoryRange three = range(3);
    reserve.fill_from(three);
    CHECK(three == MemoryRange{range(2).end(), page_size});
    CHECK(reserve.wanted() == 2);
    for (int i = 0; i < 2; ++i) {
        std::byte* const frame = reserve.take();
        REQUIRE(frame != nullptr);
        CHECK(std::all_of(frame, frame + page_size, [](std::byte byte) { return byte == std::byte{}; }));
    }
    CHECK(reserve.take() == nullptr);
    MemoryRange six = range(6);
    reserve.fill_from(six);
    CHECK(six == MemoryRange{range(4).end(), 2 * page_size});
}
