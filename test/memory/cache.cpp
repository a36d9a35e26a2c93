// SPDX-License-Identifier: BSD-3-Clause
// The heap's conformance suite with a cache in front, and what the cache does; with an argument, a mistake that it finds
// in development builds.
#include <unicore/debug/suites.hpp>
#include <unicore/memory/heap.hpp>
#include <unicore/memory/heap/asan.hpp>

#include <cstddef>
#include <cstring>
#include <string_view>

namespace unicore::memory::heap {
void conformance(debug::Check& check) noexcept;
}

namespace {

namespace heap = unicore::memory::heap;

void* block(std::size_t size) noexcept { return heap::allocate(size).value_or(nullptr); }

void caches(unicore::debug::Check& check) noexcept {
    const std::size_t before = heap::usage().allocated;
    void* const first = block(100);
    void* const second = block(100);
    heap::release(first);
    heap::release(second);
    check(heap::usage().allocated == before, "blocks that are held count as released");
    void* const third = block(100);
    void* const fourth = block(100);
    // debug.asan keeps what was released from being used again, so that there is no cache.
    check(heap::asan::exist() || (third == second && fourth == first), "the latest is used again first");
    heap::release(fourth);
    void* const smaller = block(10);
    check(smaller != fourth, "a block of another size is left alone");
    heap::release(smaller);
    heap::release(third);
    void* blocks[40];
    for (std::size_t size = 0; size <= 300; size += 7) {
        for (void*& one : blocks) {
            one = block(size);
            if (!check(one != nullptr && heap::usable_size(one) >= size, "blocks have the size that is asked for")) return;
            std::memset(one, 0x5A, size);
        }
        for (void* const one : blocks) heap::release(one);
    }
    check(heap::usage().allocated == before, "all are released, more than can be held as well");
}

}  // namespace

int main(int argc, char** argv) {
    if (argc > 1) {
        auto* const one = static_cast<char*>(block(100));
        heap::release(one);
        if (std::string_view(argv[1]) == "twice") heap::release(one);
        std::memset(one, 'A', 40);
        heap::release(block(100));
        return 0;
    }
    static constexpr unicore::debug::NamedSuite suites[] = {{"memory.heap with a cache", heap::conformance},
                                                            {"cache", caches}};
    return unicore::debug::run_suites(suites);
}
