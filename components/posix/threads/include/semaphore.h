// SPDX-License-Identifier: BSD-3-Clause
/// Semaphores without names. [POSIX.1-2017, XBD semaphore.h]
#ifndef _SEMAPHORE_H_
#define _SEMAPHORE_H_

#include <sys/cdefs.h>
#include <sys/types.h>
#include <time.h>

typedef struct {
    unsigned _value;
    void* _own[3];
} _PTHREAD_OBJECT sem_t;

__BEGIN_DECLS

int sem_init(sem_t*, int, unsigned);
int sem_destroy(sem_t*);
int sem_wait(sem_t*);
int sem_trywait(sem_t*);
int sem_timedwait(sem_t* __restrict, const struct timespec* __restrict);
int sem_clockwait(sem_t* __restrict, clockid_t, const struct timespec* __restrict);
int sem_post(sem_t*);
int sem_getvalue(sem_t* __restrict, int* __restrict);

__END_DECLS

#endif
