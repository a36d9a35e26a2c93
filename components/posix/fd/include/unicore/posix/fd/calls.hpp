// SPDX-License-Identifier: BSD-3-Clause
/// For those who make functions of C over descriptions: errno, memory, cancellation.
#pragma once

#include <unicore/libc/cancellation.hpp>
#include <unicore/memory/heap.hpp>
#include <unicore/posix/fd.hpp>

#include <new>
#include <type_traits>
#include <utility>

#include <errno.h>

namespace unicore::posix::fd {

/// What C functions return when they fail.
inline int fail(int error) noexcept {
    errno = error;
    return -1;
}

/// What they return: the value, or that.
template <typename T>
auto answer(const Outcome<T>& outcome) noexcept {
    using Value = std::conditional_t<std::is_same_v<T, std::size_t>, ssize_t, T>;
    return outcome ? static_cast<Value>(*outcome) : static_cast<Value>(fail(outcome.error()));
}

/// What a function does that is a cancellation point. It returns -1 when it fails, and keeps nothing in its own frame.
template <typename Function>
auto at_point(Function function) noexcept {
    libc::cancellation::begin();
    const auto result = function();
    libc::cancellation::end(result == -1 && errno == EINTR);
    return result;
}

/// A new description of some type that has a constructor for it, on the heap. Errors: ENOMEM.
template <typename T, typename... Arguments>
Outcome<Reference> make(Arguments&&... arguments) noexcept {
    const auto block = memory::heap::allocate(sizeof(T));
    if (!block) return std::unexpected(ENOMEM);
    return Reference(*new (*block) T(std::forward<Arguments>(arguments)...));
}

/// Its end.
template <typename T>
void unmake(T& description) noexcept {
    description.~T();
    memory::heap::release(&description);
}

}  // namespace unicore::posix::fd
