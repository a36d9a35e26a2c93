// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/platform/host/images.hpp>

#include <concepts>
#include <map>

namespace unicore::platform {

/// One T for each image that a test runs, made when that image first reaches for it.
template <typename T>
class PerImage final : private host::ImageVariables {
public:
    T& operator*() noexcept { return values_[host::current_image()]; }
    T* operator->() noexcept { return &**this; }

private:
    void forget() noexcept override { values_.clear(); }

    std::map<unsigned, T> values_;
};

}  // namespace unicore::platform
