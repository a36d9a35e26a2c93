// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/memory/pages.hpp>

#include <cstddef>
#include <functional>

namespace unicore::test {

/// memory.pages over the host's heap, so that the sanitizer sees what is written outside of an area
/// or after it was given back. Asserts that areas come back whole, and once.
struct FakePages {
    std::size_t limit;        ///< pages that can be taken in all
    std::size_t taken;        ///< pages
    std::size_t takes;        ///< successful ones
    bool adjacent;            ///< hand out one area behind the other, out of one block, never reused
    std::function<bool(std::size_t count)> refuse;
};
extern FakePages fake_pages;

/// Back to a limit of 64 MiB and nothing refused. What is taken stays taken.
void reset_fake_pages();

}  // namespace unicore::test
