// SPDX-License-Identifier: BSD-3-Clause
// Ends that libc++abi has a message for. [Itanium C++ ABI, 3.2.6]
#include <unicore/base/panic.hpp>

extern "C" {

/// Its messages are texts as they are. [libc++abi, abort_message.h]
[[noreturn]] void abort_message(const char* message, ...) { unicore::panic(message); }

[[noreturn]] void __cxa_deleted_virtual() { unicore::panic("deleted virtual function called"); }

}  // extern "C"
