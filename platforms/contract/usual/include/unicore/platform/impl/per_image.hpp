// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/platform/one_image.hpp>

namespace unicore::platform {

template <typename T>
using PerImage = OneImage<T>;

}  // namespace unicore::platform
