// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/debug/check.hpp>

namespace unicore::libcxx {

/// What a C++ program with several threads may expect, by clause of ISO C++23.
void threads(debug::Check& check) noexcept;     // thread.threads, thread.stoptoken
void locks(debug::Check& check) noexcept;       // thread.mutex, thread.condition, thread.sema, thread.coord, atomics.wait
void variables(debug::Check& check) noexcept;   // basic.stc.thread, stmt.dcl, thread.once
void exceptions(debug::Check& check) noexcept;  // except, in several threads at a time
void futures(debug::Check& check) noexcept;     // futures

}  // namespace unicore::libcxx
