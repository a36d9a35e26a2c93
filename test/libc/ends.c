/* SPDX-License-Identifier: BSD-3-Clause */
/* How a program ends, and what it finds at its start. The case is the first argument. [ISO C17, 5.1.2.2.3, 7.2,
    7.22.4] */
#include <assert.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void first(void) { puts("first"); }
static void second(void) { puts("second"); }

/* A function that is registered while functions are called is called as well. */
static void registering(void) {
    puts("registering");
    atexit(second);
}

static void handle_abort(int signal) { printf("signal %d\n", signal); }

static int exit_in_order(void) {
    atexit(first);
    atexit(registering);
    exit(3);
}

/* More functions than the first table has room for: the rest are allocated. [ISO C17, 7.22.4.2: 32 at least] */
static int calls = 0;
static void count(void) { ++calls; }
static void report(void) { printf("%d calls\n", calls); }

static int exit_many(void) {
    atexit(report);
    for (int i = 0; i < 40; ++i)
        if (atexit(count) != 0) return 1;
    return 0;
}

static int buffered(void) {
    setvbuf(stdout, NULL, _IOFBF, BUFSIZ);
    fputs("in the buffer\n", stdout);
    return 4;
}

static int without_flush(void) {
    buffered();
    atexit(first);
    _Exit(5);
}

static int quick(void) {
    atexit(first);
    at_quick_exit(second);
    setvbuf(stdout, NULL, _IONBF, 0);
    quick_exit(6);
}

static int failing_assert(void) {
    const int hatch = 1;
    assert(hatch == 2 && "the hatch is stuck");
    return 0;
}

static int aborting(void) {
    signal(SIGABRT, handle_abort);
    abort();
}

static int terminated(void) {
    raise(SIGTERM);
    return 0;
}

static int environment(void) {
    const char* const value = getenv("UNICORE_LIBC_TEST");
    printf("variable: %s\n", value != NULL ? value : "(not set)");
    return 0;
}

static const struct {
    const char* name;
    int (*run)(void);
} cases[] = {{"exit", exit_in_order}, {"exit-many", exit_many}, {"return", buffered}, {"_Exit", without_flush},
    {"quick_exit", quick},
             {"assert", failing_assert}, {"abort", aborting}, {"raise", terminated}, {"environment", environment}};

int main(int argc, char** argv) {
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i)
        if (argc == 2 && strcmp(argv[1], cases[i].name) == 0) return cases[i].run();
    return 99;
}
