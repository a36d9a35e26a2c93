// SPDX-License-Identifier: BSD-3-Clause
/// Types and limits of <pthread.h>, in the place of newlib's: <sys/types.h> includes this file. Objects hold all that
/// they are made of, so that none allocates, and zeroes are a good state of each. Nobody looks inside of them.
/// [POSIX.1-2017, XBD sys/types.h, pthread.h, unistd.h, limits.h]
#ifndef _SYS__PTHREADTYPES_H_
#define _SYS__PTHREADTYPES_H_

#include <stddef.h>
#include <sys/sched.h>

/* What there is, for <unistd.h>; -1 is what there is only some functions of. */
#define _POSIX_THREADS 200809L
#define _POSIX_THREAD_ATTR_STACKSIZE 200809L
#define _POSIX_THREAD_PROCESS_SHARED 200809L
#define _POSIX_BARRIERS 200809L
#define _POSIX_READER_WRITER_LOCKS 200809L
#define _POSIX_SEMAPHORES 200809L
#define _POSIX_SPIN_LOCKS 200809L
#define _POSIX_TIMEOUTS 200809L
#define _POSIX_PRIORITY_SCHEDULING (-1)
#define _UNIX98_THREAD_MUTEX_ATTRIBUTES 1

/* Limits that <limits.h> has elsewhere. */
#define PTHREAD_KEYS_MAX 128
#define PTHREAD_DESTRUCTOR_ITERATIONS 4
#define PTHREAD_STACK_MIN 8192
#define SEM_VALUE_MAX 0x7fffffff
#define DELAYTIMER_MAX 0x7fffffff
#define TIMER_MAX 0x7fffffff

/* Programs write the initial value of an object, the component uses it as a type of its own. */
#define _PTHREAD_OBJECT __attribute__((__may_alias__))

/* A number that no other thread ever had. */
typedef unsigned long pthread_t;
typedef unsigned pthread_key_t;

typedef struct {
    void* _stack;
    size_t _stack_size;
    size_t _guard_size;
    int _detached;
    int _inherits;
    int _scope;
    int _policy;
    struct sched_param _parameters;
} pthread_attr_t;

typedef struct {
    int _kind;
    int _shared;
    int _protocol;
} pthread_mutexattr_t;

typedef struct {
    int _clock;
    int _shared;
} pthread_condattr_t;

typedef struct {
    int _shared;
} pthread_rwlockattr_t;

typedef struct {
    int _shared;
} pthread_barrierattr_t;

typedef struct {
    int _kind;
    unsigned _depth;
    void* _own[6];
} _PTHREAD_OBJECT pthread_mutex_t;

typedef struct {
    int _clock;
    void* _own[3];
} _PTHREAD_OBJECT pthread_cond_t;

typedef struct {
    void* _own[8];
} _PTHREAD_OBJECT pthread_rwlock_t;

typedef struct {
    void* _own[5];
} _PTHREAD_OBJECT pthread_barrier_t;

typedef struct {
    void* _own[6];
} _PTHREAD_OBJECT pthread_spinlock_t;

typedef struct {
    int _state;
    void* _own[3];
} _PTHREAD_OBJECT pthread_once_t;

#endif
