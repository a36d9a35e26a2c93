// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/base/poison.hpp>

namespace unicore {

[[gnu::weak]] void poison::set(const void*, std::size_t, Kind) noexcept {}
[[gnu::weak]] void poison::clear(const void*, std::size_t) noexcept {}
[[gnu::weak]] poison::Block poison::block_at(std::uintptr_t, Kind) noexcept { return {}; }

}  // namespace unicore
