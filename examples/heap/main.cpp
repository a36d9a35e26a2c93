// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/base/text.hpp>
#include <unicore/console.hpp>
#include <unicore/memory/heap.hpp>
#include <unicore/time/clock.hpp>

#include <cstdint>
#include <string_view>
#include <utility>

#define ALLOCATE(size) unicore::memory::heap::allocate(size).value_or(nullptr)
#define RELEASE(block) unicore::memory::heap::release(block)
#include "workload.h"

using namespace unicore;
using namespace std::string_view_literals;
namespace heap = unicore::memory::heap;

namespace {

void* block(std::size_t size) noexcept { return heap::allocate(size).value_or(nullptr); }

/// A block of 64 bytes is taken and released, where the heap is empty but for one block: it is split off the rest,
/// and joined with it again.
void split(std::uint64_t turns) noexcept {
    void* const anchor = block(64);
    for (; turns != 0; --turns) heap::release(block(64));
    heap::release(anchor);
}

/// The same where blocks of this size were released before, between others that live: nothing is split or joined.
void reuse(std::uint64_t turns) noexcept {
    void* blocks[3] = {block(64), block(64), block(64)};
    heap::release(std::exchange(blocks[1], nullptr));
    for (; turns != 0; --turns) heap::release(block(64));
    for (void* const one : blocks) heap::release(one);
}

/// What takes the longest: both blocks are split off, and the second joins what is free on both sides of it. Two blocks
/// a turn.
void join(std::uint64_t turns) noexcept {
    void* const anchor = block(64);
    for (; turns != 0; --turns) {
        void* const front = block(32);
        void* const behind = block(64);
        heap::release(front);
        heap::release(behind);
    }
    heap::release(anchor);
}

}  // namespace

/// Exercises the heap as its first argument says, as often as the second one: what `unicore.sh bench` measures.
int main(int argc, char** argv) {
    const std::string_view what = argc > 1 ? argv[1] : "churn";
    const std::uint64_t turns = argc > 2 ? text::parse_decimal(argv[2]).value_or(0) : 10'000;
    const auto begin = time::Monotonic::now();
    if (what == "split"sv) split(turns);
    else if (what == "reuse"sv) reuse(turns);
    else if (what == "join"sv) join(turns);
    else if (what != "churn"sv || churn(turns) == 0) return 1;
    const auto taken = time::Monotonic::now() - begin;
    text::Line line;
    line << what << ", " << turns << " times: " << taken.count() << " ns, "sv << heap::usage().allocated << " bytes left"sv;
    console::write_line(line.view());
    return 0;
}
