// SPDX-License-Identifier: BSD-3-Clause
// newlib's configuration, for the library and for all that includes its headers: struct _reent, FILE and errno depend
// on it. [newlib/newlib.hin]
#ifndef __NEWLIB_H__
#define __NEWLIB_H__ 1

#include <_newlib_version.h>

// Formats: all of C17's, 64 bits on every target, long double where it is more than double.
#define _WANT_IO_C99_FORMATS 1
#define _WANT_IO_LONG_LONG 1
#define _HAVE_LONG_DOUBLE 1
#if __LDBL_MANT_DIG__ == __DBL_MANT_DIG__
#define _LDBL_EQ_DBL 1
#else
#define _WANT_IO_LONG_DOUBLE 1
#endif

// UTF-8, in the locale C.UTF-8.
#define _MB_CAPABLE 1
#define _MB_LEN_MAX 8

// Streams: wide ones too, written as they are where they have no buffer, sought within their buffer.
#define _FVWRITE_IN_STREAMIO 1
#define _FSEEK_OPTIMIZATION 1
#define _WIDE_ORIENT 1
#define _UNBUF_STREAM_OPT 1

// Threads: the reentrancy structure comes of a function, locks of the component.
#define __DYNAMIC_REENT__ 1
#define _RETARGETABLE_LOCKING 1
#define _REENT_CHECK_VERIFY 1
// They share the standard streams, and what is called at exit.
#define _WANT_REENT_GLOBAL_STDIO_STREAMS 1
#define _REENT_GLOBAL_ATEXIT 1

// Clocks and sleeping; no timers that signal. [POSIX.1-2017, XBD 2.1.3]
#define _POSIX_TIMERS 200809L
#define _POSIX_MONOTONIC_CLOCK 200809L
#define _POSIX_CLOCK_SELECTION 200809L

// The image calls constructors itself, and has no destructors that are not registered.
#define HAVE_INITFINI_ARRAY 1
#define _ATEXIT_DYNAMIC_ALLOC 1
#define _HAVE_CC_INHIBIT_LOOP_TO_LIBCALL 1

#endif
