// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace unicore::console {

/// Characters between a driver's interrupt handler and whoever reads. Used masked.
template <std::size_t Size>
class Received {
    static_assert((Size & (Size - 1)) == 0);

public:
    /// There is room for it.
    void put(char character) noexcept { characters_[end_++ % Size] = character; }
    bool full() const noexcept { return end_ - begin_ == Size; }
    bool empty() const noexcept { return begin_ == end_; }
    std::size_t take(std::span<char> into) noexcept {
        const std::size_t count = std::min<std::size_t>(into.size(), end_ - begin_);
        for (std::size_t i = 0; i != count; ++i) into[i] = characters_[begin_++ % Size];
        return count;
    }

    void lose() noexcept { ++lost_; }
    /// How many came damaged, or were lost on the way. Context: any.
    std::uint32_t lost() const noexcept { return lost_; }

private:
    std::array<char, Size> characters_{};
    std::uint32_t begin_ = 0, end_ = 0;  ///< of all that ever came
    std::uint32_t lost_ = 0;
};

}  // namespace unicore::console
