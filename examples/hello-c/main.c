/* SPDX-License-Identifier: BSD-3-Clause */
#include <unicore/console.h>

int main(void) {
    unicore_console_write_line("Hello from C!");
    return 0;
}
