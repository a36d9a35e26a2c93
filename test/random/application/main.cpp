// SPDX-License-Identifier: BSD-3-Clause
// Uses what it is made of, whatever that is today.
#include <unicore/base/log.hpp>
#include <unicore/console.hpp>
#include <unicore/memory/heap.hpp>
#include <unicore/memory/pages.hpp>
#include <unicore/sched.hpp>
#include <unicore/time/clock.hpp>
#if RANDOM_ENTROPY
#include <unicore/entropy/csprng.hpp>
#endif

#include <array>
#include <chrono>
#include <cstddef>
#include <cstring>

namespace unicore::application {
namespace {

using namespace std::chrono_literals;

constexpr log::Logger<"application"> log;

/// Blocks of many sizes hold what is written to them.
bool heap_works() noexcept {
    std::array<unsigned char*, 64> blocks{};
    const auto size_of = [](std::size_t i) { return i * i + 1; };
    for (std::size_t i = 0; i != blocks.size(); ++i) {
        const auto block = memory::heap::allocate(size_of(i));
        if (!block) return false;
        blocks[i] = static_cast<unsigned char*>(*block);
        std::memset(blocks[i], static_cast<int>(i), size_of(i));
    }
    bool right = true;
    for (std::size_t i = 0; i != blocks.size(); ++i) {
        for (std::size_t at = 0; at != size_of(i); ++at) right &= blocks[i][at] == i;
        memory::heap::release(blocks[i]);
    }
    return right;
}

bool pages_work() noexcept {
    const auto pages = memory::pages::take(PageCount{3});
    if (!pages) return false;
    std::memset(*pages, 1, 3 * page_size);
    memory::pages::give_back(*pages, PageCount{3});
    return true;
}

bool time_passes() noexcept {
    const time::Instant before = time::Monotonic::now();
    static_cast<void>(sched::sleep_for(2ms));
    return time::Monotonic::now() - before >= 2ms;
}

bool bytes_differ() noexcept {
#if RANDOM_ENTROPY
    std::array<std::byte, 32> one{}, other{};
    return entropy::csprng::fill(one) && entropy::csprng::fill(other) && one != other;
#else
    return true;
#endif
}

void speak() noexcept {
    log.error("an error, for those who see it");
    log.debug("a detail, for those who see it");
}

}  // namespace
}  // namespace unicore::application

int main() {
    using namespace unicore::application;
    speak();
    const bool works[] = {heap_works(), pages_work(), time_passes(), bytes_differ()};
    const char* const names[] = {"heap", "pages", "time", "entropy"};
    int failed = 0;
    for (std::size_t i = 0; i != std::size(works); ++i) {
        if (works[i]) continue;
        ++failed;
        unicore::console::write("does not work: ");
        unicore::console::write_line(names[i]);
    }
    if (failed == 0) unicore::console::write_line("everything works");
    return failed;
}
