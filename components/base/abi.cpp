// SPDX-License-Identifier: BSD-3-Clause
// What compiled C++ calls when something went wrong. [Itanium C++ ABI, 3.2.6]
#include <unicore/base/panic.hpp>

extern "C" [[noreturn]] void __cxa_pure_virtual() { unicore::panic("pure virtual function called"); }
