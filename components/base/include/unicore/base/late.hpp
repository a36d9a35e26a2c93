// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/assert.hpp>

#include <memory>
#include <utility>

namespace unicore {

/// Storage for an object that its owner's boot step constructs in place.
/// For objects that cannot be constinit, such as owners of Boost.Intrusive containers: a global of
/// this type costs no static constructor. Never destroyed: an image stops, it does not unwind.
template <typename T>
class Late {
public:
    constexpr Late() noexcept {}
    constexpr ~Late() noexcept {}
    Late(const Late&) = delete;
    Late& operator=(const Late&) = delete;

    /// Constructs the object. Called once.
    template <typename... Arguments>
    T& construct(Arguments&&... arguments) noexcept {
        UNICORE_ASSERT(!constructed_);
        constructed_ = true;
        return *std::construct_at(&value_, std::forward<Arguments>(arguments)...);
    }

    bool constructed() const noexcept { return constructed_; }
    T& operator*() noexcept {
        UNICORE_ASSERT(constructed_);
        return value_;
    }
    T* operator->() noexcept { return &**this; }

private:
    union {
        T value_;
    };
    bool constructed_ = false;
};

}  // namespace unicore
