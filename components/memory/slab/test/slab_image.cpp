// SPDX-License-Identifier: BSD-3-Clause
// Caches inside an image, to the end of its memory.
#include <unicore/debug/suites.hpp>
#include <unicore/memory/pages.hpp>
#include <unicore/memory/slab.hpp>

#include <bit>
#include <cstdint>
#include <cstring>
#include <new>

namespace {

using namespace unicore;
namespace pages = memory::pages;

struct Request {
    explicit Request(unsigned tag) noexcept : number(tag) { std::memset(body, static_cast<int>(tag & 0xFF), sizeof body); }
    bool whole() const noexcept {
        for (const unsigned char byte : body)
            if (byte != (number & 0xFF)) return false;
        return true;
    }
    unsigned number;
    Request* next = nullptr;
    unsigned char body[180];
};
struct alignas(256) Wide {
    unsigned char body[300];
};

constinit memory::slab::Cache<Request> requests(2);
constinit memory::slab::Cache<Wide> wides;

bool destroy_all(Request* list, unsigned count) noexcept {
    bool whole = true;
    for (; list != nullptr; --count) {
        Request* const next = list->next;
        whole = whole && list->whole();
        requests.destroy(list);
        list = next;
    }
    return whole && count == 0;
}

void lives(debug::Check& check) noexcept {
    const PageCount before = pages::usage().taken;
    Request* list = nullptr;
    for (unsigned i = 0; i < 200; ++i) {
        const auto request = requests.create(i);
        if (!check(request.has_value(), "an object can be had")) return;
        (*request)->next = list;
        list = *request;
    }
    check(requests.statistics().objects == 200, "objects are counted");
    check(destroy_all(list, 200), "objects keep what they hold");
    const memory::slab::Statistics after = requests.statistics();
    check(after.objects == 0 && after.peak == 200 && after.spares == 2 && after.slabs == 2, "two spare slabs are kept");
    check(pages::usage().taken.value == before.value + 2 * after.slab_pages.value, "all others are given back");
    {
        const auto wide = wides.make();
        check(wide && reinterpret_cast<std::uintptr_t>(wide->get()) % 256 == 0, "objects have their alignment");
    }
    requests.shrink();
    check(requests.statistics().slabs == 0, "spare slabs go when they shall");
    wides.shrink();
}

void runs_out(debug::Check& check) noexcept {
    const PageCount before = pages::usage().taken;
    struct Piece {
        Piece* next;
        std::size_t count;
    };
    requests.destroy(requests.create(1U).value_or(nullptr));
    check(requests.statistics().spares == 1, "a slab is spare");
    Piece* pieces = nullptr;
    for (std::size_t count = std::bit_floor(pages::usage().total.value); count != 0; count /= 2)
        while (const auto taken = pages::try_take(PageCount{count}))
            pieces = ::new (static_cast<void*>(*taken)) Piece{pieces, count};
    // Memory that another one wants comes of the spare slab.
    const auto page = pages::take(PageCount{1});
    check(page.has_value() && requests.statistics().slabs == 0, "spare slabs are given up when memory is short");
    if (page) pages::give_back(*page, PageCount{1});
    while (const auto taken = pages::try_take(PageCount{1})) pieces = ::new (static_cast<void*>(*taken)) Piece{pieces, 1};
    const auto none = requests.create(2U);
    check(!none && none.error() == Error::out_of_memory, "running out is an error");
    check(requests.statistics().failures == 1, "and counted");
    while (pieces != nullptr) {
        const Piece piece = *pieces;
        pages::give_back(reinterpret_cast<std::byte*>(pieces), PageCount{piece.count});
        pieces = piece.next;
    }
    auto again = requests.make(3U);
    check(again && (*again)->whole(), "and passes");
    again = unexpected(Error::not_found);
    requests.shrink();
    check(pages::usage().taken.value <= before.value, "everything is given back");
}

}  // namespace

int main() {
    static constexpr debug::NamedSuite suites[] = {{"slabs", lives}, {"slabs without memory", runs_out}};
    return debug::run_suites(suites);
}
