// SPDX-License-Identifier: BSD-3-Clause
#include <reent.h>

/// The state of the C library for the thread that runs: errno, streams, strtok's place. One for all while there is one
/// thread. Weak: a provider of threads defines it again, in a source that images link for another reason, and returns
/// the current thread's. Context: thread. [newlib, libc/reent/getreent.c]
extern "C" [[gnu::weak]] _reent* __getreent() { return _impure_ptr; }
