// SPDX-License-Identifier: BSD-3-Clause
#include "reent.hpp"

#include <unistd.h>

/// Random bytes, in images that name libc.entropy, which defines it; ENOSYS in others. An image would refuse to start
/// on machines without entropy, so a C library alone must not ask for it.
extern "C" [[gnu::weak]] int getentropy(void*, std::size_t) { return unicore::libc::newlib::fail(_REENT, ENOSYS); }
