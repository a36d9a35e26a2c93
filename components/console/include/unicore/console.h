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

/* Waits for input and takes at most `size` bytes of it, as console::read does. Returns how many, 0 at the end of input;
   -1 when the image was asked to stop. Context: thread. */
ptrdiff_t unicore_console_read(char* text, size_t size);

#ifdef __cplusplus
}
#endif

#endif
