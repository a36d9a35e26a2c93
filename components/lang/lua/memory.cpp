// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/lang/lua.h>

#include <algorithm>
#include <cstdlib>

#include <lua.hpp>

void* unicore_lua_allocate(void* memory, void* block, std::size_t old_size, std::size_t new_size) {
    auto& account = *static_cast<unicore_lua_memory*>(memory);
    if (block == nullptr) old_size = 0;  // then it says what kind of object it is for [Lua 5.4 reference manual, lua_Alloc]
    const std::size_t others = account.used - old_size;
    if (new_size == 0) {
        std::free(block);
        account.used = others;
        return nullptr;
    }
    // What grows is refused; Lua relies on it that a block can always be made smaller.
    if (new_size > old_size && account.limit != 0 && (others >= account.limit || new_size > account.limit - others))
        return nullptr;
    void* const moved = std::realloc(block, new_size);
    if (moved == nullptr) return nullptr;
    account.used = others + new_size;
    account.peak = std::max(account.peak, account.used);
    return moved;
}

lua_State* unicore_lua_new_state(unicore_lua_memory* memory) {
    // Lua's own comes with what to do about errors that nobody catches, and about warnings. Its allocator uses the same heap.
    lua_State* const state = luaL_newstate();
    if (state == nullptr) return nullptr;
    memory->used = static_cast<std::size_t>(lua_gc(state, LUA_GCCOUNT)) * 1024 +
                   static_cast<std::size_t>(lua_gc(state, LUA_GCCOUNTB));
    memory->peak = memory->used;
    lua_setallocf(state, unicore_lua_allocate, memory);
    return state;
}
