/* SPDX-License-Identifier: BSD-3-Clause */
/* A number that threads add to and wait for. [eventfd(2)] */
#ifndef _SYS_EVENTFD_H
#define _SYS_EVENTFD_H

#include <fcntl.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef uint64_t eventfd_t;

#define EFD_SEMAPHORE 1
#define EFD_CLOEXEC O_CLOEXEC
#define EFD_NONBLOCK O_NONBLOCK

int eventfd(unsigned initial, int flags);
int eventfd_read(int descriptor, eventfd_t* value);
int eventfd_write(int descriptor, eventfd_t value);

#ifdef __cplusplus
}
#endif

#endif
