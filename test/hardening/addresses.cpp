// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/base/poison.hpp>
#include <unicore/console.hpp>
#include <unicore/debug/asan.hpp>
#include <unicore/memory/arena.hpp>
#include <unicore/memory/heap.hpp>
#include <unicore/memory/pages.hpp>
#include <unicore/memory/slab.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace {

namespace memory = unicore::memory;

/// Keeps the compiler from knowing a value.
template <typename T>
[[gnu::noinline]] T hidden(T value) {
    asm volatile("" : "+m"(value) : : "memory");
    return value;
}

char letters[10] = {'a', 'b', 'c'};
constinit int numbers[3] = {1, 2, 3};
volatile int sink;

char* block(std::size_t size) { return static_cast<char*>(*memory::heap::allocate(size)); }

struct Thing {
    long parts[4];
};
constinit memory::slab::Cache<Thing> things;

/// In a function of its own, whose frame begins with it.
[[gnu::noinline]] void in_front() {
    char only[16];
    sink = hidden(&only[0])[hidden(-1)];
}

/// What is right, and must not be reported.
void behave() {
    char* const some = block(13);
    std::memset(some, 1, hidden(13));
    sink = some[hidden(12)] + letters[hidden(9)] + numbers[hidden(2)];
    memory::heap::release(some);
    char* const pages = reinterpret_cast<char*>(*memory::pages::take({2}));
    pages[hidden(8191)] = 1;
    memory::pages::give_back(reinterpret_cast<std::byte*>(pages), {2});
    Thing* const thing = *things.create();
    thing->parts[hidden(3)] = 1;
    things.destroy(thing);
    char line[30];
    std::memset(hidden(&line[0]), 'x', hidden(30));
    sink = line[hidden(29)];
}

bool provoke(std::string_view what) {
    if (what == "heap") block(20)[hidden(20)] = 1;
    else if (what == "heap-front") sink = block(20)[hidden(-3)];
    else if (what == "heap-far") block(100'000)[hidden(100'500)] = 1;
    else if (what == "heap-copy") std::memset(block(32), 0, hidden(33));
    else if (what == "heap-wide") sink = static_cast<int>(*reinterpret_cast<std::uint64_t*>(block(12) + hidden(8)));
    else if (what == "after-free") {
        block(8);  // so that the heap keeps its pages
        char* const some = block(40);
        memory::heap::release(some);
        sink = some[hidden(8)];
    } else if (what == "after-move") {
        char* const some = block(40);
        static_cast<void>(memory::heap::reallocate(some, 50));
        some[hidden(39)] = 1;
    } else if (what == "double-free") {
        char* const some = block(40);
        memory::heap::release(some);
        memory::heap::release(some);
    } else if (what == "bad-free") memory::heap::release(block(40) + 16);
    else if (what == "stack") {
        char first[16], second[24];
        hidden(&first[0]);
        hidden(&second[0])[hidden(24)] = 1;
    } else if (what == "stack-front") in_front();
    else if (what == "alloca") {
        char* const room = static_cast<char*>(__builtin_alloca(hidden(21)));
        hidden(room)[hidden(21)] = 1;
    } else if (what == "scope") {
        char* beyond;
        {
            char inner[32];
            beyond = hidden(&inner[0]);
            beyond[0] = 1;
        }
        sink = hidden(beyond)[hidden(5)];
    } else if (what == "global") hidden(&letters[0])[hidden(10)] = 'x';
    else if (what == "global-far") sink = hidden(&numbers[0])[hidden(5)];
    else if (what == "slab") {
        Thing* const thing = *things.create();
        things.destroy(thing);
        thing->parts[hidden(1)] = 1;
    } else if (what == "arena") {
        static constinit memory::arena::Region region;
        static_cast<char*>(*region.allocate(30))[hidden(32)] = 1;
    } else if (what == "page") {
        std::byte* const page = *memory::pages::take({1});
        memory::pages::give_back(page, {1});
        page[hidden(100)] = std::byte{1};
    } else if (what == "user") {
        static char own[64];
        unicore::debug::asan::poison(own + 16, 32);
        if (unicore::debug::asan::poisoned(own, 64) != own + 16 || __asan_address_is_poisoned(own + 48)) return false;
        sink = own[hidden(16)];
        unicore::debug::asan::unpoison(own + 16, 32);
    } else if (what == "fine") behave();
    else return false;
    return true;
}

}  // namespace

/// Does what the arguments name, which is wrong unless it is "fine".
int main(int argc, char** argv) {
    for (int index = 1; index < argc; ++index)
        if (!provoke(argv[index])) return 2;
    unicore::console::write_line("gone on");
    return 0;
}
