/* SPDX-License-Identifier: BSD-3-Clause */
/* Says which lines it reads from standard input, until that ends; its status is their number. */
#include <stdio.h>
#include <string.h>

int main(void) {
    static char line[1024];
    int lines = 0;
    puts("ready");
    while (fgets(line, sizeof line, stdin) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        printf("read: [%s]\n", line);
        ++lines;
    }
    printf("%s\n", feof(stdin) ? "end" : "error");
    return lines;
}
