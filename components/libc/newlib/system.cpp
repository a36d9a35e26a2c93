// SPDX-License-Identifier: BSD-3-Clause
#include "reent.hpp"

#include <unicore/base/units.hpp>

#include <unistd.h>

extern "C" {

/// What can be said of an image: the page size, and one CPU. Errors: EINVAL for the rest. [POSIX.1-2017, sysconf]
long sysconf(int name) {
    if (name == _SC_PAGESIZE) return unicore::page_size;
    if (name == _SC_NPROCESSORS_CONF || name == _SC_NPROCESSORS_ONLN) return 1;
    return unicore::libc::newlib::fail(_REENT, EINVAL);
}

int getpagesize() { return unicore::page_size; }

}  // extern "C"
