// SPDX-License-Identifier: BSD-3-Clause
#include "../../../base/test/child.hpp"
#include "../../heap/test/fake_pages.hpp"

#include <unicore/memory/pages.hpp>
#include <unicore/memory/slab.hpp>

#include <catch2/catch.hpp>

#include <cstdint>
#include <vector>

namespace unicore::memory::slab {
namespace {

using test::fake_pages;

struct Counted {
    explicit Counted(int& lives) noexcept : lives_(lives) { ++lives_; }
    ~Counted() { --lives_; }
    int& lives_;
    char body[56];
};
struct Tiny {
    char one;
};
struct alignas(512) Aligned {
    char one;
};
struct Huge {
    char body[100'000];
};

template <typename T>
void fills_two_slabs() {
    test::reset_fake_pages();
    const std::size_t before = fake_pages.taken;
    {
        Cache<T> cache;
        std::vector<T*> objects;
        while (cache.statistics().slabs < 3) {
            const auto object = cache.create();
            REQUIRE(object.has_value());
            CHECK(reinterpret_cast<std::uintptr_t>(*object) % alignof(T) == 0);
            std::fill_n(reinterpret_cast<char*>(*object), sizeof(T), 'x');  // the sanitizer sees what is not ours
            objects.push_back(*object);
        }
        const Layout layout = Layout::of(sizeof(T), alignof(T));
        CHECK(objects.size() == 2 * layout.places + 1);
        CHECK(fake_pages.taken - before == 3 * layout.slab_size / page_size);
        for (T* const object : objects) cache.destroy(object);
        CHECK(cache.statistics().slabs == 1);
        CHECK(cache.statistics().peak == objects.size());
    }
    CHECK(fake_pages.taken == before);
}

}  // namespace

TEST_CASE("memory.slab: objects of all sizes and alignments fill their slabs") {
    fills_two_slabs<Tiny>();
    fills_two_slabs<Aligned>();
    fills_two_slabs<Huge>();
    fills_two_slabs<long double>();
}

TEST_CASE("memory.slab: layouts") {
    for (std::size_t size = 1; size < 40'000; size += 1 + size / 16) {
        for (std::size_t alignment = 1; alignment <= 4096; alignment *= 2) {
            const Layout layout = Layout::of(size, alignment);
            CHECK(layout.places != 0);
            CHECK(layout.size >= size);
            CHECK(layout.size % alignment == 0);
            CHECK(layout.first % alignment == 0);
            CHECK(layout.first + layout.places * layout.size <= layout.slab_size);
            CHECK((layout.places >= 8 || layout.slab_size >= 16 * page_size));
        }
    }
}

TEST_CASE("memory.slab: objects are constructed and destroyed") {
    test::reset_fake_pages();
    Cache<Counted> cache;
    int lives = 0;
    Counted* const first = *cache.create(lives);
    {
        const auto second = cache.make(lives);
        REQUIRE(second.has_value());
        CHECK(lives == 2);
    }
    CHECK(lives == 1);
    cache.destroy(first);
    cache.destroy(nullptr);
    CHECK(lives == 0);
    Counted* const again = *cache.create(lives);
    CHECK(fake_pages.takes != 0);
    cache.destroy(again);
}

TEST_CASE("memory.slab: the place that was left last is the next one") {
    test::reset_fake_pages();
    Cache<Tiny> cache;
    Tiny* const first = *cache.create();
    Tiny* const second = *cache.create();
    CHECK(second != first);
    cache.destroy(first);
    CHECK(*cache.create() == first);
    cache.destroy(second);
    cache.destroy(first);
}

TEST_CASE("memory.slab: as many spare slabs are kept as told, none when memory is short") {
    test::reset_fake_pages();
    const std::size_t before = fake_pages.taken;
    Cache<Huge> cache(2);
    std::vector<Huge*> objects;
    for (int i = 0; i < 4; ++i) objects.push_back(*cache.create());
    for (Huge* const object : objects) cache.destroy(object);
    CHECK(cache.statistics().spares == 2);
    fake_pages.limit = fake_pages.taken;
    const auto page = pages::Pages::create(PageCount{1});
    CHECK(page.has_value());
    CHECK(cache.statistics().slabs == 0);
    CHECK(fake_pages.taken == before + 1);
    test::reset_fake_pages();
}

TEST_CASE("memory.slab: running out is an error, is counted, and passes") {
    test::reset_fake_pages();
    Cache<Huge> cache;
    fake_pages.limit = fake_pages.taken;
    CHECK(cache.create().error() == Error::out_of_memory);
    CHECK(cache.statistics().failures == 1);
    test::reset_fake_pages();
    const auto object = cache.make();
    CHECK(object.has_value());
}

#ifndef NDEBUG
TEST_CASE("memory.slab: what goes wrong with objects ends the image") {
    test::reset_fake_pages();
    const auto asserts = [](const std::function<void(Cache<Counted>&, Counted*)>& bug) {
        const test::Ending ending = test::in_child([&] {
            static int lives = 0;
            static Cache<Counted> cache;
            static_cast<void>(*cache.create(lives));
            bug(cache, *cache.create(lives));
        });
        INFO(ending.output);
        CHECK((ending.status == 0) == ending.output.empty());
        return ending.output.find("assertion failed") != std::string::npos;
    };
    static int lives = 0;
    CHECK_FALSE(asserts([](auto& cache, Counted* object) { cache.destroy(object); }));
    const auto misplaced = [](Counted* object) { return reinterpret_cast<Counted*>(reinterpret_cast<char*>(object) + 8); };
    CHECK(asserts([](auto& cache, Counted* object) { cache.destroy(object), cache.destroy(object); }));
    CHECK(asserts([&](auto& cache, Counted* object) { cache.destroy(::new (misplaced(object)) Counted(lives)); }));
    CHECK(asserts([](auto&, Counted* object) {
        Cache<Counted> other;
        other.destroy(object);
    }));
    CHECK(asserts([](auto&, Counted*) {
        Cache<Counted> left;
        static_cast<void>(*left.create(lives));
    }));
    // Written to after its end: the next but one object would be anywhere.
    CHECK(asserts([](auto& cache, Counted* object) {
        cache.destroy(object);
        *reinterpret_cast<void**>(object) = reinterpret_cast<char*>(object) + 4096;
        static_cast<void>(*cache.create(lives)), static_cast<void>(*cache.create(lives));
    }));
}
#endif

}  // namespace unicore::memory::slab
