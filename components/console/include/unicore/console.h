/* SPDX-License-Identifier: BSD-3-Clause */
/* The console for C. */
#ifndef UNICORE_CONSOLE_H
#define UNICORE_CONSOLE_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Writes `size` bytes of text to the console. Context: thread. */
void unicore_console_write(const char* text, size_t size);

/* Writes a string and a line end to the console. Context: thread. */
void unicore_console_write_line(const char* string);

#ifdef __cplusplus
}
#endif

#endif
