// SPDX-License-Identifier: BSD-3-Clause
/// What POSIX has no functions for. machine.cpp is Unicore's side, linux/machine.cpp that of Linux.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace machine {

/// A file that is part of the program. Nothing follows the name.
struct File {
    std::string_view name;  ///< without a slash in front
    std::string_view contents;
};
std::size_t file_count() noexcept;
/// In the order of names.
File file(std::size_t index) noexcept;

/// Called first in main: that is when it has booted.
void started() noexcept;

/// Can be read when the program is to end, and stays so: it is noticed whenever it comes, and under any load.
/// -1 where a wait ends with EINTR then.
int end_descriptor() noexcept;

/// A number that is worth to be seen, with its unit in the name.
struct Fact {
    std::string_view name;
    std::uint64_t value;
};
/// Fills the front of `into`; returns how many there are, not more than there is room for.
std::size_t facts(Fact* into, std::size_t room) noexcept;

}  // namespace machine
