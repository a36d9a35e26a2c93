/* SPDX-License-Identifier: BSD-3-Clause */
#include <unicore/lang/lua.h>

/* The program is main.lua, which is part of the image. */
int main(int argc, char** argv) { return unicore_lua_main("main.lua", argc, argv); }
