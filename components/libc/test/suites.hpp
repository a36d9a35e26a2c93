// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/debug/check.hpp>

namespace unicore::libc {

/// What a C library must do, by clause of ISO C17 and by function of POSIX.1-2017.
void characters(debug::Check& check) noexcept;    // 7.4
void numbers(debug::Check& check) noexcept;       // 7.12
void jumps(debug::Check& check) noexcept;         // 7.13
void signals(debug::Check& check) noexcept;       // 7.14
void streams(debug::Check& check) noexcept;       // 7.21.4, 7.21.5, 7.21.7 to 7.21.10
void output_formats(debug::Check& check) noexcept;  // 7.21.6.1
void input_formats(debug::Check& check) noexcept;   // 7.21.6.2
void conversions(debug::Check& check) noexcept;   // 7.22.1
void memory(debug::Check& check) noexcept;        // 7.22.3
void utilities(debug::Check& check) noexcept;     // 7.22.2, 7.22.4 to 7.22.6
void strings(debug::Check& check) noexcept;       // 7.24
void times(debug::Check& check) noexcept;         // 7.27
void multibyte(debug::Check& check) noexcept;     // 7.11, 7.22.7, 7.29
void descriptors(debug::Check& check) noexcept;   // POSIX: close, fstat, isatty, lseek, open, read, write

}  // namespace unicore::libc
