// SPDX-License-Identifier: BSD-3-Clause
// Global variables: each has a zone behind it, which the constructor of its source tells of.
#include "state.hpp"

#include <span>

namespace unicore::debug::asan {
namespace {

constexpr std::uint8_t zone = 0xf9;

/// Those that constructors told of, in pages.
struct Page {
    static constexpr std::size_t room = page_size / sizeof(std::span<const Global>) - 1;

    Page* next;
    std::size_t used;
    std::span<const Global> sources[room];
};
static_assert(sizeof(Page) <= page_size);

constinit Page* pages = nullptr;

void note(std::span<const Global> globals) noexcept {
    if (pages == nullptr || pages->used == Page::room) {
        auto* const added = reinterpret_cast<Page*>(shadow.take_page());  // of zeroes
        if (added == nullptr) return;  // reports have no name then
        added->next = pages;
        pages = added;
    }
    pages->sources[pages->used++] = globals;
}

}  // namespace

const Global* global_at(std::uintptr_t address) noexcept {
    for (const Page* page = pages; page != nullptr; page = page->next)
        for (const auto& source : std::span(page->sources, page->used))
            for (const Global& global : source)
                if (address - global.start < global.size_with_zone) return &global;
    return nullptr;
}

}  // namespace unicore::debug::asan

using namespace unicore::debug::asan;

extern "C" {

void __asan_register_globals(const Global* first, std::size_t count) {
    const std::span globals(first, count);
    for (const Global& global : globals) shadow.poison(global.start + global.size, global.size_with_zone - global.size, zone);
    note(globals);
}

/// Images do not unload their parts.
void __asan_unregister_globals(const Global*, std::size_t) {}

}  // extern "C"
