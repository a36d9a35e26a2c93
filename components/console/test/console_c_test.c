/* SPDX-License-Identifier: BSD-3-Clause */
#include <unicore/console.h>

void write_from_c(void);

/* What an application in C does. */
void write_from_c(void) {
    unicore_console_write("one, two", 3);
    unicore_console_write_line("from C");
}
