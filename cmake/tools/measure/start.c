// SPDX-License-Identifier: BSD-3-Clause
// Times programs from their start to their exit, in turns, so that a change of the machine's speed
// meets all of them: start ROUNDS PROGRAM… prints a line per round, nanoseconds per program.
// start -i PROGRAM prints how many user-mode instructions it executes (each REP iteration counts).
// Their output goes to /dev/null.
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char** environ;

static void fail(const char* what) {
    perror(what);
    exit(1);
}

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

// posix_spawn is vfork and exec: the cost does not depend on this process's memory.
static int64_t start_to_exit(char* program, const posix_spawn_file_actions_t* actions) {
    char* arguments[] = {program, NULL};
    pid_t child;
    const int64_t begin = now();
    const int error = posix_spawn(&child, program, actions, NULL, arguments, environ);
    if (error != 0) {
        errno = error;
        fail(program);
    }
    int status;
    if (waitpid(child, &status, 0) != child) fail("waitpid");
    const int64_t end = now();
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        fprintf(stderr, "%s did not exit with 0\n", program);
        exit(1);
    }
    return end - begin;
}

static void count_instructions(char* program) {
    const pid_t child = fork();
    if (child < 0) fail("fork");
    if (child == 0) {
        const int null = open("/dev/null", O_WRONLY);
        if (null >= 0) dup2(null, 1);
        char* arguments[] = {program, NULL};
        if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0) execv(program, arguments);
        _exit(127);
    }
    unsigned long long count = 0;
    int status;
    for (;;) {
        if (waitpid(child, &status, 0) != child) fail("waitpid");
        if (!WIFSTOPPED(status)) break;
        if (ptrace(PTRACE_SINGLESTEP, child, NULL, NULL) != 0) fail("ptrace");
        ++count;
    }
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        fprintf(stderr, "%s did not exit with 0\n", program);
        exit(1);
    }
    printf("%llu\n", count);
}

int main(int argc, char** argv) {
    if (argc == 3 && strcmp(argv[1], "-i") == 0) {
        count_instructions(argv[2]);
        return 0;
    }
    const long rounds = argc > 2 ? strtol(argv[1], NULL, 10) : 0;
    if (rounds <= 0) {
        fprintf(stderr, "usage: start ROUNDS PROGRAM… | start -i PROGRAM\n");
        return 2;
    }
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    for (long round = -3; round < rounds; ++round) {  // the first three warm the caches
        for (int i = 2; i < argc; ++i) {
            const int64_t taken = start_to_exit(argv[i], &actions);
            if (round >= 0) printf("%lld%c", (long long)taken, i + 1 < argc ? ' ' : '\n');
        }
    }
    return 0;
}
