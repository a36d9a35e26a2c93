// SPDX-License-Identifier: BSD-3-Clause
// Every way to ask for memory when there is none: its answer is the one that it has for this, and with memory it
// works again.
#include "nothing.hpp"

#include <unicore/console.hpp>
#include <unicore/debug/suites.hpp>
#include <unicore/memory/heap.hpp>
#include <unicore/memory/pages.hpp>

#include <cstring>
#include <new>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

namespace {

using namespace unicore;
using namespace std::string_view_literals;
namespace heap = memory::heap;
namespace pages = memory::pages;
using test::Nothing;
using test::of;

/// What can be asked for: null, errno as it should be, and the way back.
struct Api {
    std::string_view name;
    void* (*take)() noexcept;
    bool (*refused)() noexcept;
    void (*give_back)(void* block) noexcept;
};

constexpr auto no_memory = []() noexcept { return errno == ENOMEM; };
constexpr auto always = []() noexcept { return true; };
constexpr auto c_free = [](void* block) noexcept { free(block); };
constinit Error error{};
constinit int status = 0;
constinit void* grown = nullptr;

constexpr Api apis[] = {
    {"pages"sv,
     []() noexcept {
         const auto first = pages::take(PageCount{1});
         error = first ? Error{} : first.error();
         return static_cast<void*>(first.value_or(nullptr));
     },
     []() noexcept { return error == Error::out_of_memory; },
     [](void* first) noexcept { pages::give_back(static_cast<std::byte*>(first), PageCount{1}); }},
    {"heap"sv,
     []() noexcept {
         const auto block = heap::allocate(70'001);
         error = block ? Error{} : block.error();
         return block.value_or(nullptr);
     },
     []() noexcept { return error == Error::out_of_memory; }, [](void* block) noexcept { heap::release(block); }},
    {"malloc"sv, []() noexcept { return of(malloc(70'001)); }, no_memory, c_free},
    {"calloc"sv, []() noexcept { return of(calloc(7'001, 10)); }, no_memory, c_free},
    {"realloc"sv,
     []() noexcept {
         void* const larger = of(realloc(of(grown), 70'002));
         if (larger != nullptr) grown = nullptr;
         return larger;
     },
     []() noexcept { return errno == ENOMEM && std::strcmp(static_cast<char*>(grown), "kept") == 0; }, c_free},
    {"posix_memalign"sv,
     []() noexcept {
         void* block = nullptr;
         status = posix_memalign(&block, 64, 70'003);
         return of(block);
     },
     []() noexcept { return status == ENOMEM && errno == 0; }, c_free},
    {"aligned_alloc"sv, []() noexcept { return of(aligned_alloc(32, 70'016)); }, no_memory, c_free},
    {"new"sv, []() noexcept { return of(::operator new(70'004, std::nothrow)); }, always,
     [](void* block) noexcept { ::operator delete(block); }},
    {"new[]"sv, []() noexcept { return of(::operator new[](70'005, std::nothrow)); }, always,
     [](void* block) noexcept { ::operator delete[](block); }},
};

void ends(debug::Check& check) noexcept {
    grown = malloc(8);
    if (!check(grown != nullptr, "malloc")) return;
    std::strcpy(static_cast<char*>(grown), "kept");
    for (const Api& api : apis) {
        {
            const Nothing nothing(Nothing::a_stack, true);
            errno = 0;
            void* const block = api.take();
            if (check(block == nullptr && api.refused(), api.name)) {
                console::write(api.name);
                console::write_line(": exhausted"sv);
            }
        }
        void* const block = api.take();
        if (!check(block != nullptr, api.name)) continue;
        std::memset(block, 0x5A, 4096);
        api.give_back(block);
        console::write(api.name);
        console::write_line(": works again"sv);
    }
}

}  // namespace

int main(int count, char**) {
    if (count > 1) {  // newlib's conversions have no way to fail
        const Nothing nothing(1);
        char text[400];
        const volatile double large = 1.5e300;
        return snprintf(text, sizeof text, "%f", large);
    }
    static constexpr debug::NamedSuite suites[] = {{"the end of memory", ends}};
    return debug::run_suites(suites);
}
