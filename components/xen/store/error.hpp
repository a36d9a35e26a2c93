// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/result.hpp>

#include <string_view>

namespace unicore::xen::store {

/// What xenstore means by the name of an error, as XS_ERROR carries it. [Xen, xen/include/public/io/xs_wire.h]
Error to_error(std::string_view name) noexcept;

}  // namespace unicore::xen::store
