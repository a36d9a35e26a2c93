// SPDX-License-Identifier: BSD-3-Clause
// main leaves, and the image lives on until the last thread ends, or it is to stop. [POSIX.1-2017, pthread_exit]
#include <unicore/power.hpp>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

namespace {

pthread_t first;

void* lasts(void*) {
    void* value = nullptr;
    printf("joins main: %d\n", pthread_join(first, &value));
    printf("which left %s\n", static_cast<const char*>(value));
    usleep(20'000);
    puts("the last thread ends");
    return nullptr;
}

/// Waits for ever, for itself, when the image is to stop.
void* stops(void*) {
    usleep(20'000);
    puts("a stop request");
    unicore::power::request_stop();
    pthread_mutex_t mutex = {PTHREAD_MUTEX_NORMAL, 0, {}};
    pthread_mutex_lock(&mutex);
    pthread_mutex_lock(&mutex);
    puts("what nobody reads");
    return nullptr;
}

void prints(void* text) { puts(static_cast<const char*>(text)); }

char word[] = "a word", handler[] = "handler", destructor[] = "destructor";

}  // namespace

int main(int count, char** values) {
    const bool is_to_stop = count > 1 && strcmp(values[1], "stop") == 0;
    pthread_key_t key;
    pthread_t thread;
    atexit([] { puts("at exit"); });
    first = pthread_self();
    pthread_key_create(&key, prints);
    pthread_setspecific(key, destructor);
    if (pthread_create(&thread, nullptr, is_to_stop ? stops : lasts, nullptr) != 0) return EXIT_FAILURE;
    pthread_detach(thread);
    pthread_cleanup_push(prints, handler);
    puts("main leaves");
    pthread_exit(word);
    pthread_cleanup_pop(0);
    return EXIT_FAILURE;
}
