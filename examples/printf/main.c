/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* An ordinary C program; its exit status is the number of arguments. */
int main(int argc, char** argv) {
    printf("Hello from %s, %d and %.3f\n", "printf", 42, 3.14159);

    const size_t size = 100;
    char* text = malloc(size);
    if (text == NULL) {
        perror("malloc");
        return EXIT_FAILURE;
    }
    memset(text, 'x', size - 1);
    text[size - 1] = '\0';
    printf("%zu bytes, %zu characters\n", size, strlen(text));
    free(text);

    const time_t now = time(NULL);
    char date[32];
    if (now != (time_t)-1 && strftime(date, sizeof date, "%Y-%m-%d %H:%M:%S", gmtime(&now)) != 0)
        printf("It is %s\n", date);
    printf("%d arguments:", argc - 1);
    for (int i = 1; i < argc; ++i) printf(" %s", argv[i]);
    putchar('\n');
    return argc - 1;
}
