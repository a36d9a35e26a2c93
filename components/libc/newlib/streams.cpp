// SPDX-License-Identifier: BSD-3-Clause
// Locks of streams, for programs: each call has its own besides. [POSIX.1-2017, flockfile]
#include <reent.h>
#include <stdio.h>
#include <sys/lock.h>

extern "C" {

void __sinit(_reent* reent);

static _LOCK_T lock_of(FILE* stream) noexcept {
    if (_REENT->__sdidinit == 0) __sinit(_REENT);  // the standard streams have none before
    return stream->_lock;
}

void flockfile(FILE* stream) { __retarget_lock_acquire_recursive(lock_of(stream)); }
/// Returns 0 when the thread has it.
int ftrylockfile(FILE* stream) { return __retarget_lock_try_acquire_recursive(lock_of(stream)) != 0 ? 0 : -1; }
void funlockfile(FILE* stream) { __retarget_lock_release_recursive(lock_of(stream)); }

}  // extern "C"
