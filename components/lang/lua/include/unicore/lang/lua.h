/* SPDX-License-Identifier: BSD-3-Clause */
/* Lua in an image. The language's own headers are <lua.h>, <lauxlib.h> and <lualib.h>, or <lua.hpp> in C++. */
#ifndef UNICORE_LANG_LUA_H
#define UNICORE_LANG_LUA_H

#include <limits.h>
#include <stdarg.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#include <lua.h> /* says nothing of C++ itself */

/* What a state may hold, and what it does hold, in bytes. */
typedef struct unicore_lua_memory {
    size_t limit; /* at most so much; 0: as much as there is */
    size_t used;
    size_t peak; /* the most that was used */
} unicore_lua_memory;

/* An allocator of blocks for Lua (lua_Alloc) that counts in the unicore_lua_memory to which `memory` points, and has no
   memory past its limit; Lua then collects garbage, and if that does not help, it raises "not enough memory". A limit
   below what is used holds for what is asked for from then on. */
void* unicore_lua_allocate(void* memory, void* block, size_t old_size, size_t new_size);

/* A state without libraries whose blocks are counted in `memory`, which must outlive it; else like luaL_newstate. Null
   without memory. */
lua_State* unicore_lua_new_state(unicore_lua_memory* memory);

/* Pushes a file of the image (unicore_embed) as a function, or a message. Returns LUA_OK, LUA_ERRFILE when there is no
   file of this name, or what lua_load returns. A first line that starts with # is passed over. */
int unicore_lua_load(lua_State* state, const char* name);

/* Runs a file of the image as the program lua does: with the standard libraries, the arguments in `arg` and `...`, and
   messages with a traceback to standard error. The run's setting lua.memory limits what it may hold. Returns
   EXIT_SUCCESS or EXIT_FAILURE, for main to return. */
int unicore_lua_main(const char* name, int count, char** arguments);

#ifdef __cplusplus
}
#endif

#endif
