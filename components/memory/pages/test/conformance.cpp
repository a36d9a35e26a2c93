// SPDX-License-Identifier: BSD-3-Clause
// What every provider of memory.pages must do. Runs inside images with a few hundred KiB as well:
// touches at most some dozens of pages, whatever the machine has.
#include <unicore/debug/check.hpp>
#include <unicore/memory/pages.hpp>
#include <unicore/memory/pressure.hpp>

#include <bit>
#include <cstdint>
#include <new>

namespace unicore::memory::pages {
namespace {

using debug::Check;

constexpr std::size_t most = static_cast<std::size_t>(-1);

/// Writes to (or looks for) a value of its own at several places in every page.
void fill(std::byte* first, std::size_t count, std::uint8_t tag) noexcept {
    for (std::size_t i = 0; i < count * page_size; i += 256) first[i] = static_cast<std::byte>(tag + i / 256);
    first[count * page_size - 1] = std::byte{tag};
}
bool holds(const std::byte* first, std::size_t count, std::uint8_t tag) noexcept {
    for (std::size_t i = 0; i < count * page_size; i += 256)
        if (first[i] != static_cast<std::byte>(tag + i / 256)) return false;
    return first[count * page_size - 1] == std::byte{tag};
}

bool aligned(const std::byte* address, std::size_t alignment) noexcept {
    return reinterpret_cast<std::uintptr_t>(address) % alignment == 0;
}

void refuses_what_can_never_be(Check& check) noexcept {
    const PageCount before = usage().taken;
    for (const std::size_t alignment : {std::size_t{0}, std::size_t{1}, page_size / 2, 3 * page_size, most}) {
        const auto pages = take(PageCount{1}, alignment);
        check(!pages && pages.error() == Error::invalid_argument, "bad alignments are refused");
    }
    const auto none = take(PageCount{0});
    check(!none && none.error() == Error::invalid_argument, "a count of 0 is refused");
    for (const std::size_t count : {usage().total.value - before.value + 1, most / page_size, most}) {
        const auto pages = take(PageCount{count});
        check(!pages && pages.error() == Error::out_of_memory, "more than there is cannot be had");
    }
    // There is one such page at most, and boards whose memory begins there have it.
    constexpr std::size_t half = most / 2 + 1;
    const auto far = take(PageCount{1}, half);
    check(far ? aligned(*far, half) : far.error() == Error::out_of_memory,
          "an alignment of half the address space is honoured, or cannot be had");
    if (far) give_back(*far, PageCount{1});
    check(usage().taken == before, "what is refused takes nothing");
}

void keeps_pages_apart(Check& check) noexcept {
    constexpr std::size_t counts[] = {1, 2, 3, 5, 8};
    std::byte* first[std::size(counts)];
    const PageCount before = usage().taken;
    std::size_t sum = 0;
    for (std::size_t i = 0; i < std::size(counts); ++i) {
        const auto pages = take(PageCount{counts[i]});
        if (!check(pages.has_value(), "19 pages can be had")) return;
        first[i] = *pages;
        check(aligned(first[i], page_size), "pages are aligned to pages");
        fill(first[i], counts[i], static_cast<std::uint8_t>(16 * i));
        sum += counts[i];
        check(usage().taken.value == before.value + sum, "usage counts what is taken");
        check(usage().committed >= usage().taken && usage().committed <= usage().total, "taken <= committed <= total");
    }
    for (const std::size_t i : {1U, 4U, 0U, 3U, 2U}) {
        check(holds(first[i], counts[i], static_cast<std::uint8_t>(16 * i)), "pages keep what was written to them");
        give_back(first[i], PageCount{counts[i]});
    }
    check(usage().taken == before, "usage counts what is given back");
}

void aligns(Check& check) noexcept {
    const PageCount before = usage().taken;
    for (std::size_t alignment = page_size; alignment <= 16 * page_size; alignment *= 2) {
        const auto one = take(PageCount{1}, alignment);
        const auto three = take(PageCount{3}, alignment);
        if (!check(one && three, "alignments up to 16 pages can be had")) return;
        check(aligned(*one, alignment) && aligned(*three, alignment), "pages are aligned as asked for");
        give_back(*one, PageCount{1});
        give_back(*three, PageCount{3});
    }
    check(usage().taken == before, "aligned pages are counted and given back like others");
}

void takes_parts_back(Check& check) noexcept {
    const PageCount before = usage().taken;
    const auto pages = take(PageCount{7});
    if (!check(pages.has_value(), "7 pages can be had")) return;
    for (std::size_t i = 0; i < 7; ++i) fill(*pages + i * page_size, 1, static_cast<std::uint8_t>(i));
    give_back(*pages + 3 * page_size, PageCount{1});
    const auto other = take(PageCount{1});
    if (check(other.has_value(), "a page can be had")) fill(*other, 1, 99);
    for (const std::size_t i : {0U, 1U, 2U, 4U, 5U, 6U})
        check(holds(*pages + i * page_size, 1, static_cast<std::uint8_t>(i)), "the rest of a range stays taken");
    give_back(*pages, PageCount{3});
    give_back(*pages + 4 * page_size, PageCount{3});
    if (other) give_back(*other, PageCount{1});
    check(usage().taken == before, "parts add up");
}

void has_owners(Check& check) noexcept {
    const PageCount before = usage().taken;
    {
        auto first = Pages::create(PageCount{2});
        if (!check(first.has_value() && first->bytes().size() == 2 * page_size, "pages can have an owner")) return;
        Pages second = std::move(*first);
        check(first->count() == PageCount{0} && second.count() == PageCount{2}, "the owner can change");
        check(usage().taken.value == before.value + 2, "a move neither takes nor gives back");
    }
    check(usage().taken == before, "the end of the owner gives the pages back");
}

/// Takes all that there is, in few pieces, and gives it back.
void survives_exhaustion(Check& check) noexcept {
    struct Piece {
        Piece* next;
        std::size_t count;
    };
    const PageCount before = usage().taken;
    Piece* pieces = nullptr;
    std::size_t largest = 0;
    std::size_t sum = 0;
    for (std::size_t count = std::bit_floor(usage().total.value); count != 0; count /= 2) {
        while (const auto pages = take(PageCount{count})) {
            if (largest == 0) largest = count;
            pieces = ::new (static_cast<void*>(*pages)) Piece{pieces, count};
            sum += count;
        }
    }
    check(usage().taken.value == before.value + sum, "usage counts everything");
    check(usage().committed == usage().taken, "nothing is left over when a single page cannot be had");
    const auto one = take(PageCount{1});
    check(!one && one.error() == Error::out_of_memory, "there is an end");
    while (pieces != nullptr) {
        const Piece piece = *pieces;
        give_back(reinterpret_cast<std::byte*>(pieces), PageCount{piece.count});
        pieces = piece.next;
    }
    check(usage().taken == before, "everything can be given back");
    const auto again = take(PageCount{largest});
    if (check(again.has_value(), "the largest piece can be had again")) give_back(*again, PageCount{largest});
}

/// All that there is, in few pieces that are linked to each other.
class Everything {
public:
    struct Piece {
        Piece* next;
        std::size_t count;
    };
    Everything() noexcept {
        for (std::size_t count = std::bit_floor(usage().total.value); count != 0; count /= 2)
            while (const auto pages = try_take(PageCount{count}))
                pieces_ = ::new (static_cast<void*>(*pages)) Piece{pieces_, count};
    }
    ~Everything() {
        while (pieces_ != nullptr) {
            const Piece piece = *pieces_;
            give_back(reinterpret_cast<std::byte*>(pieces_), PageCount{piece.count});
            pieces_ = piece.next;
        }
    }

private:
    Piece* pieces_ = nullptr;
};

class Spare final : public pressure::Reclaimer {
public:
    explicit Spare(PageCount count) noexcept : pages_(Pages::create(count).value_or(Pages())) { pressure::add(*this); }
    void reclaim(PageCount) noexcept override {
        ++asked;
        pages_ = Pages();
    }
    unsigned asked = 0;

private:
    Pages pages_;
};

void asks_for_memory(Check& check) noexcept {
    const PageCount before = usage().taken;
    {
        Spare first(PageCount{2});
        Spare second(PageCount{1});
        const Everything everything;
        const Statistics counted = statistics();
        check(!try_take(PageCount{1}) && second.asked == 0, "who can do without asks nobody");
        const auto one = take(PageCount{1});
        check(one && second.asked == 1 && first.asked == 0, "the latest reclaimer is asked, and gives enough");
        const auto two = take(PageCount{2});
        check(two && second.asked == 2 && first.asked == 1, "the next one is asked, when it does not");
        const auto more = take(PageCount{1});
        check(!more && more.error() == Error::out_of_memory && first.asked == 2, "there is an end to it");
        check(statistics().failures == counted.failures + 1, "what fails is counted");
        check(statistics().takes == counted.takes + 2, "what is met is counted");
        check(statistics().peak >= usage().taken, "the peak is no less than what is taken");
        if (one) give_back(*one, PageCount{1});
        if (two) give_back(*two, PageCount{2});
    }
    check(usage().taken == before, "what was reclaimed adds up");
}

}  // namespace

void conformance(Check& check) noexcept {
    refuses_what_can_never_be(check);
    keeps_pages_apart(check);
    aligns(check);
    takes_parts_back(check);
    has_owners(check);
    survives_exhaustion(check);
    asks_for_memory(check);
    keeps_pages_apart(check);
}

}  // namespace unicore::memory::pages
