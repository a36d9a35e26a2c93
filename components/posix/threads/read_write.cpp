// SPDX-License-Identifier: BSD-3-Clause
// Locks for many readers or one writer. Readers who come while a writer waits stand behind it, and all who stand there
// when it is done go before the next one: neither starves. Who reads already, whatever, does not wait for those who
// wait to write, or they would wait for each other. [POSIX.1-2017, pthread_rwlock_rdlock, pthread_rwlock_wrlock,
// pthread_rwlock_unlock]
#include "attribute.hpp"
#include "deadline.hpp"
#include "record.hpp"

#include <limits>
#include <memory>

using namespace unicore;
using namespace unicore::posix::threads;

namespace {

class ReadWriteLock {
public:
    /// Whether it is had at once: 0, else EBUSY or what speaks against waiting. Masked.
    int try_read(const Record& self) noexcept {
        if (writer_ == sched::current_thread()) return EDEADLK;
        if (writer_ != 0 || (!writers_.empty() && self.read_locks == 0)) return EBUSY;
        if (readers_ == std::numeric_limits<unsigned>::max()) return EAGAIN;
        ++readers_;
        return 0;
    }
    int try_write() noexcept {
        if (writer_ == sched::current_thread()) return EDEADLK;
        if (writer_ != 0 || readers_ != 0) return EBUSY;
        writer_ = sched::current_thread();
        return 0;
    }

    /// With what the thread was to do when it did not have it at once.
    int read(Record& self, Parked& parked, time::Instant deadline) noexcept {
        if (!wait_in(waiting_readers_, parked, deadline)) return ETIMEDOUT;
        ++self.read_locks;
        return 0;
    }
    int write(Parked& parked, time::Instant deadline) noexcept {
        if (wait_in(writers_, parked, deadline)) return 0;
        // Readers may have waited for nobody else.
        const HandingGuard masked;
        if (writers_.empty() && writer_ == 0) admit_readers();
        return ETIMEDOUT;
    }
    void wait_to_read(Parked& parked) noexcept { waiting_readers_.push(parked); }
    void wait_to_write(Parked& parked) noexcept { writers_.push(parked); }

    /// Masked. Errors: EPERM.
    int unlock(Record& self) noexcept {
        if (writer_ == sched::current_thread()) {
            writer_ = 0;
            if (!waiting_readers_.empty()) admit_readers();
            else admit_writer();
            return 0;
        }
        if (readers_ == 0 || self.read_locks == 0) return EPERM;
        --self.read_locks;
        if (--readers_ == 0) admit_writer();
        return 0;
    }

    bool free() const noexcept { return writer_ == 0 && readers_ == 0; }

private:
    void admit_readers() noexcept {
        while (hand_to_next(waiting_readers_)) ++readers_;
    }
    void admit_writer() noexcept {
        if (writers_.empty()) return;
        Parked& next = writers_.pop();
        writer_ = next.thread;
        next.handed = true;
        sched::parking::unpark(next);
    }

    // Changed masked.
    std::uintptr_t writer_ = 0;
    unsigned readers_ = 0;
    ParkedList waiting_readers_;
    ParkedList writers_;
};

ReadWriteLock& lock_of(pthread_rwlock_t* object) noexcept { return of<ReadWriteLock>(object); }

int try_read(ReadWriteLock& lock) noexcept {
    Record& self = own();
    const MaskGuard masked;
    const int error = lock.try_read(self);
    if (error == 0) ++self.read_locks;
    return error;
}

int try_write(ReadWriteLock& lock) noexcept {
    const MaskGuard masked;
    return lock.try_write();
}

int read(ReadWriteLock& lock, time::Instant deadline) noexcept {
    Record& self = own();
    Parked parked;
    {
        const MaskGuard masked;
        const int error = lock.try_read(self);
        if (error == 0) ++self.read_locks;
        if (error != EBUSY) return error;
        lock.wait_to_read(parked);
    }
    return lock.read(self, parked, deadline);
}

int write(ReadWriteLock& lock, time::Instant deadline) noexcept {
    Parked parked;
    {
        const MaskGuard masked;
        if (const int error = lock.try_write(); error != EBUSY) return error;
        lock.wait_to_write(parked);
    }
    return lock.write(parked, deadline);
}

}  // namespace

extern "C" {

int pthread_rwlock_init(pthread_rwlock_t* object, const pthread_rwlockattr_t*) {
    std::construct_at(&lock_of(object));
    return 0;
}

/// Errors: EBUSY while it is locked.
int pthread_rwlock_destroy(pthread_rwlock_t* object) {
    const MaskGuard masked;
    return lock_of(object).free() ? 0 : EBUSY;
}

/// Errors: EDEADLK when the thread has it to write; EAGAIN.
int pthread_rwlock_rdlock(pthread_rwlock_t* object) { return read(lock_of(object), time::never); }

/// Errors: EBUSY; EAGAIN.
int pthread_rwlock_tryrdlock(pthread_rwlock_t* object) {
    const int error = try_read(lock_of(object));
    return error == EDEADLK ? EBUSY : error;
}

/// Errors: as pthread_rwlock_rdlock; ETIMEDOUT; EINVAL for clocks and times that are none, where it would have to wait.
int pthread_rwlock_clockrdlock(pthread_rwlock_t* object, clockid_t clock, const timespec* time) {
    if (const int error = try_read(lock_of(object)); error != EBUSY) return error;
    const auto end = deadline(clock, *time);
    return end ? read(lock_of(object), *end) : end.error();
}

int pthread_rwlock_timedrdlock(pthread_rwlock_t* object, const timespec* time) {
    return pthread_rwlock_clockrdlock(object, CLOCK_REALTIME, time);
}

/// Errors: EDEADLK when the thread has it to write.
int pthread_rwlock_wrlock(pthread_rwlock_t* object) { return write(lock_of(object), time::never); }

int pthread_rwlock_trywrlock(pthread_rwlock_t* object) { return try_write(lock_of(object)) == 0 ? 0 : EBUSY; }

int pthread_rwlock_clockwrlock(pthread_rwlock_t* object, clockid_t clock, const timespec* time) {
    if (const int error = try_write(lock_of(object)); error != EBUSY) return error;
    const auto end = deadline(clock, *time);
    return end ? write(lock_of(object), *end) : end.error();
}

int pthread_rwlock_timedwrlock(pthread_rwlock_t* object, const timespec* time) {
    return pthread_rwlock_clockwrlock(object, CLOCK_REALTIME, time);
}

/// Errors: EPERM when the thread cannot have it.
int pthread_rwlock_unlock(pthread_rwlock_t* object) {
    Record& self = own();
    const HandingGuard masked;
    return lock_of(object).unlock(self);
}

int pthread_rwlockattr_init(pthread_rwlockattr_t* attributes) {
    *attributes = {};
    return 0;
}
int pthread_rwlockattr_destroy(pthread_rwlockattr_t*) { return 0; }

int pthread_rwlockattr_setpshared(pthread_rwlockattr_t* attributes, int shared) {
    return set_shared(attributes->_shared, shared);
}
int pthread_rwlockattr_getpshared(const pthread_rwlockattr_t* attributes, int* shared) {
    *shared = attributes->_shared;
    return 0;
}

}  // extern "C"
