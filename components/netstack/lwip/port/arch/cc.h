// SPDX-License-Identifier: BSD-3-Clause
// The compiler and what lwIP asks of it. [lwip/arch.h]
#ifndef UNICORE_NETSTACK_LWIP_CC_H
#define UNICORE_NETSTACK_LWIP_CC_H

#include <limits.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// The C library has ssize_t, and its limit only by request.
#ifndef SSIZE_MAX
#define SSIZE_MAX LONG_MAX
#endif
#define LWIP_NO_UNISTD_H 1

#define LWIP_NO_INTTYPES_H 1  // formats, for messages that nobody prints
#define LWIP_NO_CTYPE_H 1     // lwIP's own know only ASCII, as names on the network do
#define X8_F "02x"
#define U16_F "u"
#define S16_F "d"
#define X16_F "x"
#define U32_F "u"
#define S32_F "d"
#define X32_F "x"
#define SZT_F "zu"

#ifdef __cplusplus
extern "C" {
#endif
/// A bug in lwIP, or in its use.
__attribute__((noreturn)) void unicore_lwip_failed(const char* what);
uint32_t unicore_lwip_random(void);
void unicore_lwip_copy(void* to, const void* from, size_t size);
void* unicore_lwip_allocate(size_t size);
void* unicore_lwip_allocate_zeroed(size_t count, size_t size);
void unicore_lwip_release(void* block);
#ifdef __cplusplus
}
#endif

#define LWIP_PLATFORM_DIAG(x) ((void)0)
#define LWIP_PLATFORM_ASSERT(x) unicore_lwip_failed(x)
#define LWIP_RAND() unicore_lwip_random()
#define MEMCPY(to, from, size) unicore_lwip_copy(to, from, size)  // of payloads; of a few bytes it copies by SMEMCPY

#endif
