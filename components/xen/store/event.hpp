// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <string_view>

namespace unicore::xen::store {

/// The payload of a watch event, `path\0token\0`, taken in byte by byte.
class Event {
public:
    void clear() noexcept;
    void add(char byte) noexcept;

    /// What changed, cut at 255 characters.
    std::string_view path() const noexcept { return {path_, path_size_}; }
    /// The token, where it is a number as our tokens are, else 0, which is nobody's.
    std::uint32_t token() const noexcept { return part_ == 2 ? token_ : 0; }

private:
    std::uint32_t token_ = 0;
    std::uint8_t part_ = 0;  ///< 0: in the path; 1: in the token; 2: whole; 3: nonsense
    std::uint8_t path_size_ = 0;
    char path_[255]{};
};

}  // namespace unicore::xen::store
