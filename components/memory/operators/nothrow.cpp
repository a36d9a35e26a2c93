// SPDX-License-Identifier: BSD-3-Clause
// In a file of its own: an image that links a whole C++ library takes the object from there.
#include <new>

const std::nothrow_t std::nothrow{};
