// SPDX-License-Identifier: BSD-3-Clause
/// Private to providers of sched.thread.
#pragma once

#include <unicore/memory/pages.hpp>
#include <unicore/platform.hpp>

#include <cstddef>
#include <utility>

namespace unicore::sched {

/// Pages with one below them that nobody can reach, where the platform has a way to guard it.
class Stack {
public:
    /// At least `size` bytes. Errors: out_of_memory.
    static Result<Stack> create(std::size_t size) noexcept {
        Stack stack;
        stack.pages_ = UNICORE_TRY(memory::pages::Pages::create({pages_for(size).value + 1}));
        stack.guarded_ = platform::guard(stack.range(), take_page).has_value();
        return stack;
    }

    Stack() noexcept = default;
    Stack(Stack&&) noexcept = default;
    Stack& operator=(Stack&& other) noexcept {
        std::swap(pages_, other.pages_);
        std::swap(guarded_, other.guarded_);
        return *this;
    }
    ~Stack() noexcept {
        if (pages_.count().value != 0 && guarded_) platform::unguard(range().base);
    }

    MemoryRange usable() const noexcept { return {range().base + page_size, range().size - page_size}; }
    bool is_guard(std::uintptr_t address) const noexcept { return guarded_ && address - range().base < page_size; }

private:
    static std::byte* take_page() noexcept { return memory::pages::take({1}).value_or(nullptr); }
    MemoryRange range() const noexcept {
        const auto bytes = pages_.bytes();
        return {reinterpret_cast<std::uintptr_t>(bytes.data()), bytes.size()};
    }

    memory::pages::Pages pages_;
    bool guarded_ = false;
};

}  // namespace unicore::sched
