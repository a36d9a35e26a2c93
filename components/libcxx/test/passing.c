/* SPDX-License-Identifier: BSD-3-Clause */
int unicore_test_pass(int (*function)(void*), void* argument);

/* Uses what the call returns, so that it is a call with a frame of its own. */
int unicore_test_pass(int (*function)(void*), void* argument) {
    const volatile int result = function(argument);
    return result + 1;
}
