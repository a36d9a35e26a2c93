// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/debug/check.hpp>

namespace unicore::libcxx {

/// What a C++ program may expect, by clause of ISO C++23. An exception that leaves one ends the image.
void exceptions(debug::Check& check) noexcept;  // except, propagation, except.nested
void unwinding(debug::Check& check) noexcept;   // except.ctor, except.handle, except.uncaught
void types(debug::Check& check) noexcept;       // expr.dynamic.cast, expr.typeid
void variables(debug::Check& check) noexcept;   // stmt.dcl, basic.start
void allocation(debug::Check& check) noexcept;  // new.delete, alloc.errors
void containers(debug::Check& check) noexcept;  // containers, algorithms, ranges, strings
void utilities(debug::Check& check) noexcept;   // any, optional, variant, expected, functional, memory, charconv
void formats(debug::Check& check) noexcept;     // format, print
void streams(debug::Check& check) noexcept;     // iostreams, locale, regex
void times(debug::Check& check) noexcept;       // time
void locks(debug::Check& check) noexcept;       // thread.mutex, thread.once, atomics, with one thread

}  // namespace unicore::libcxx
