// SPDX-License-Identifier: BSD-3-Clause
/// Variables of the whole image.
#pragma once

#include <unicore/platform/impl/per_image.hpp>  // the selected platform's

namespace unicore::platform {

/// What PerImage is wherever a process or machine holds one image: the variable itself.
/// A default-constructed T, constant-initialised; `*variable` and `variable->` reach it.
/// On the host, where tests run several images in one process, there is one for each of them.
template <typename T>
concept ImageVariable = requires(PerImage<T>& variable) {
    { *variable } noexcept -> std::same_as<T&>;
    { variable.operator->() } noexcept -> std::same_as<T*>;
};
static_assert(ImageVariable<int>);

}  // namespace unicore::platform
