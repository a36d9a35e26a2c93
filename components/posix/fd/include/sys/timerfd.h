/* SPDX-License-Identifier: BSD-3-Clause */
/* Timers that are read. [timerfd_create(2)] */
#ifndef _SYS_TIMERFD_H
#define _SYS_TIMERFD_H

#include <fcntl.h>
#include <time.h>

#ifdef __cplusplus
extern "C" {
#endif

#define TFD_CLOEXEC O_CLOEXEC
#define TFD_NONBLOCK O_NONBLOCK
#define TFD_TIMER_ABSTIME 1

int timerfd_create(clockid_t clock, int flags);
int timerfd_settime(int descriptor, int flags, const struct itimerspec* value, struct itimerspec* before);
int timerfd_gettime(int descriptor, struct itimerspec* value);

#ifdef __cplusplus
}
#endif

#endif
