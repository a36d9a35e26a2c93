// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/result.hpp>

namespace unicore::xen::store {

/// What xenstore means by the name of an error, as XS_ERROR carries it: null-terminated.
/// [Xen, xen/include/public/io/xs_wire.h]
Error to_error(const char* name) noexcept;

}  // namespace unicore::xen::store
