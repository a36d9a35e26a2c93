// SPDX-License-Identifier: BSD-3-Clause
// Regions inside an image.
#include <unicore/debug/suites.hpp>
#include <unicore/memory/arena.hpp>
#include <unicore/memory/pages.hpp>

#include <bit>
#include <cstring>
#include <utility>

namespace {

using namespace unicore;
namespace arena = memory::arena;
namespace pages = memory::pages;

constinit arena::Spares spares(2);

void requests(debug::Check& check) noexcept {
    const PageCount before = pages::usage().taken;
    for (int request = 0; request < 20; ++request) {
        arena::Region region(&spares);
        const auto first = region.array<unsigned char>(3000);
        const auto second = region.array<unsigned char>(20'000);
        if (!check(first && second, "memory can be had")) return;
        std::memset(first->data(), 1, first->size());
        std::memset(second->data(), 2, second->size());
        check(first->back() == 1 && second->front() == 2, "blocks do not overlap");
        arena::Region moved(std::move(region));
        moved.reset();
        check(moved.usage().allocated == 0, "a reset ends all of it");
        check(moved.allocate(100).has_value() && region.allocate(100).has_value(), "both can be used");
    }
    check(spares.count() == 2, "chunks are kept");
    spares.shrink();
    check(pages::usage().taken == before, "everything is given back");
}

void runs_out(debug::Check& check) noexcept {
    const PageCount before = pages::usage().taken;
    {
        arena::Region region(&spares);
        check(region.allocate(1).has_value(), "memory can be had");
    }
    check(spares.count() == 1, "a chunk is kept");
    {
        arena::Region all;
        for (std::size_t count = std::bit_floor(pages::usage().total.value); count > 1; count /= 2)
            while (pages::usage().total.value - pages::usage().taken.value >= count)
                if (!all.allocate((count - 1) * page_size)) break;
        while (all.allocate(page_size / 2)) {
        }
        check(spares.count() == 0, "chunks are given up when memory is short");
        arena::Region other;
        const auto none = other.allocate(page_size / 2);
        check(!none && none.error() == Error::out_of_memory, "running out is an error");
    }
    arena::Region again;
    check(again.allocate(page_size).has_value(), "and passes");
    again = arena::Region();
    check(pages::usage().taken == before, "everything is given back");
}

}  // namespace

int main() {
    static constexpr debug::NamedSuite suites[] = {{"regions", requests}, {"regions without memory", runs_out}};
    return debug::run_suites(suites);
}
