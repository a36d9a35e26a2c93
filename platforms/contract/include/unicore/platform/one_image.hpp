// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <concepts>
#include <memory>

namespace unicore::platform {

/// PerImage for platforms with one image, all but the host.
template <typename T>
class OneImage {
public:
    consteval OneImage() noexcept = default;
    OneImage(const OneImage&) = delete;
    OneImage& operator=(const OneImage&) = delete;

    [[gnu::always_inline]] T& operator*() noexcept { return value_; }
    [[gnu::always_inline]] T* operator->() noexcept { return std::addressof(value_); }

private:
    T value_{};
};

}  // namespace unicore::platform
