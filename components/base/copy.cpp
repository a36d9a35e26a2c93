// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/base/copy.hpp>

#include <unicore/arch/bytes.hpp>

namespace unicore {

void copy(void* to, const void* from, std::size_t count) noexcept {
    arch::Bytes::copy_bulk(static_cast<std::byte*>(to), static_cast<const std::byte*>(from), count);
}

}  // namespace unicore
