/* SPDX-License-Identifier: BSD-3-Clause */
#include <unicore/lang/lua.h>

/* Runs the script that the first argument names, with the others as its arguments. */
int main(int argc, char** argv) {
    if (argc < 2) return 2;
    return unicore_lua_main(argv[1], argc - 1, argv + 1);
}
