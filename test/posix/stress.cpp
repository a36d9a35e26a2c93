// SPDX-License-Identifier: BSD-3-Clause
// All kinds of waits at once, in an order that a seed draws: nothing is lost, nobody stays.
#include "posix.hpp"

#include <unicore/memory/heap.hpp>
#include <unicore/sched/thread.hpp>

#include <array>
#include <atomic>
#include <cstdint>

#include <errno.h>
#include <sched.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>

namespace unicore::posix {

namespace {

constexpr int workers = 8, rounds = 300;

struct Random {
    std::uint32_t state;
    unsigned below(unsigned bound) noexcept {
        state ^= state << 13, state ^= state >> 17, state ^= state << 5;
        return state % bound;
    }
};

std::uint32_t seed = 20261126;

pthread_mutex_t mutex = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
sem_t semaphore;
pthread_key_t key;
int queued, under_mutex, taken, put, written, versions[2], values;
std::atomic<bool> torn;

/// Sticks.
void notice(bool wrong) noexcept {
    if (wrong) torn = true;
}

void unlocks(void* mutex) { pthread_mutex_unlock(static_cast<pthread_mutex_t*>(mutex)); }

void one_round(Random& random) noexcept {
    switch (random.below(6)) {
        case 0:  // puts something
            pthread_mutex_lock(&mutex);
            pthread_mutex_lock(&mutex);
            notice(++under_mutex != 1);
            if (random.below(3) == 0) sched_yield();
            ++queued, ++put, --under_mutex;
            pthread_mutex_unlock(&mutex);
            random.below(2) == 0 ? pthread_cond_signal(&changed) : pthread_cond_broadcast(&changed);
            pthread_mutex_unlock(&mutex);
            break;
        case 1: {  // takes it, or gives up
            pthread_mutex_lock(&mutex);
            pthread_cleanup_push(unlocks, &mutex);
            const timespec end = moment(static_cast<long>(random.below(3)));
            while (queued == 0 && pthread_cond_timedwait(&changed, &mutex, &end) == 0) {}
            if (queued != 0) --queued, ++taken;
            pthread_cleanup_pop(1);
            break;
        }
        case 2:  // reads
            pthread_rwlock_rdlock(&lock);
            if (random.below(2) == 0) sched_yield();
            notice(versions[0] != versions[1]);
            pthread_rwlock_unlock(&lock);
            break;
        case 3: {  // writes
            const timespec end = moment(5);
            if (pthread_rwlock_timedwrlock(&lock, &end) != 0) break;
            ++versions[0];
            sched_yield();
            ++versions[1], ++written;
            pthread_rwlock_unlock(&lock);
            break;
        }
        case 4: {  // has one of three, which it gives back
            sem_wait(&semaphore);
            int state;
            pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
            if (random.below(2) == 0) pause(1);
            sem_post(&semaphore);
            pthread_setcancelstate(state, nullptr);
            break;
        }
        default: sched_yield();
    }
}

struct Worker {
    Random random;
    void operator()() noexcept {
        pthread_setspecific(key, this);
        pthread_mutex_lock(&mutex);
        ++values;
        pthread_mutex_unlock(&mutex);
        for (int i = 0; i != rounds; ++i) one_round(random);
    }
};

/// Where the scheduler has priorities: goes before all others, again and again at some moment, which interrupts who runs
/// wherever that is; and who goes on is drawn.
struct Interrupter {
    Random random;
    std::array<pthread_t, workers>& threads;
    std::atomic<bool> over = false;
    unsigned interruptions = 0;

    void operator()() noexcept {
        for (; !over; ++interruptions) {
            const timespec time{0, static_cast<long>(20'000 + random.below(300'000))};
            nanosleep(&time, nullptr);
            const sched_param parameters{.sched_priority = static_cast<int>(10 + random.below(6))};
            pthread_setschedparam(threads[random.below(workers)], SCHED_RR, &parameters);  // it may be no more
        }
    }
};

void everything(debug::Check& check) noexcept {
    std::printf("seed=%lu\n", static_cast<unsigned long>(seed));
    sem_init(&semaphore, 0, 3);
    pthread_key_create(&key, [](void*) {
        pthread_mutex_lock(&mutex);
        --values;
        pthread_mutex_unlock(&mutex);
    });
    Random random{seed};
    const auto before = memory::heap::usage().allocated;
    std::array<Worker, workers> work{};
    std::array<pthread_t, workers> threads{};
    int ended = 0, cancelled = 0, started = 0;
    Interrupter interrupter{{seed ^ 0x5A5A5A5A}, threads};
    pthread_t interrupting = 0;
    if (sched::has_priorities()) {
        pthread_attr_t attributes;
        const sched_param parameters{.sched_priority = sched_get_priority_max(SCHED_RR)};
        pthread_attr_init(&attributes);
        pthread_attr_setinheritsched(&attributes, PTHREAD_EXPLICIT_SCHED);
        pthread_attr_setschedpolicy(&attributes, SCHED_RR);
        pthread_attr_setschedparam(&attributes, &parameters);
        interrupting = start(interrupter, &attributes);
    }
    for (int i = 0; i != 5; ++i) {
        for (std::size_t k = 0; k != workers; ++k) {
            work[k].random.state = random.below(0x7fffffff) + 1;
            threads[k] = start(work[k]);
            started += threads[k] != 0;
        }
        pause(static_cast<long>(random.below(10)));
        for (std::size_t k = 0; k < workers; k += 1 + random.below(4)) pthread_cancel(threads[k]);
        for (std::size_t k = 0; k != workers; ++k) {
            void* const value = end_of(threads[k]);
            ended += value == &work[k];
            cancelled += value == PTHREAD_CANCELED;
        }
    }
    if (interrupting != 0) {
        interrupter.over = true;
        end_of(interrupting);
        check(interrupter.interruptions > 20, "all the time, somebody is interrupted");
    }
    check(started == 5 * workers && ended + cancelled == started, "all threads end, or are cancelled");
    check(!torn && versions[0] == versions[1] && versions[0] == written, "nobody sees what is half done");
    check(put == taken + queued, "nothing is lost");
    int value = -1;
    check(sem_getvalue(&semaphore, &value) == 0 && value == 3 && sem_destroy(&semaphore) == 0,
          "semaphores are as they were");
    check(pthread_mutex_destroy(&mutex) == 0 && pthread_cond_destroy(&changed) == 0 &&
          pthread_rwlock_destroy(&lock) == 0,
          "so are locks");
    check(values == 0, "and what threads had of their own");
    check(memory::heap::usage().allocated == before, "no memory is lost");
}

}  // namespace

}  // namespace unicore::posix

int main(int count, char** values) {
    using namespace unicore;
    if (count > 1) posix::seed = static_cast<std::uint32_t>(strtoul(values[1], nullptr, 10));
    static constexpr debug::NamedSuite suites[] = {{"everything at once", posix::everything}};
    return debug::run_suites(suites);
}
