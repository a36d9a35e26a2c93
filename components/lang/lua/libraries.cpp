// SPDX-License-Identifier: BSD-3-Clause
// The libraries of a state, in the place of Lua's linit.c, so that every program that opens them finds modules in the
// image. [Lua 5.4 reference manual, 6 and 6.3]
#include <unicore/embed.hpp>
#include <unicore/lang/lua.h>

#include <cstddef>

#include <lua.hpp>

namespace {

/// Loads the module `name` of a file of the image: a/b.lua of `a.b`, else a/b/init.lua. What package.searchers expects:
/// returns the loader and the file's name, or why there is none.
int search(lua_State* state) {
    const char* const name = luaL_checkstring(state, 1);
    const char* const path = luaL_gsub(state, name, ".", "/");
    for (const char* const form : {"%s.lua", "%s/init.lua"}) {
        const char* const file = lua_pushfstring(state, form, path);
        if (!unicore::embed::find(file)) continue;
        if (unicore_lua_load(state, file) != LUA_OK)
            return luaL_error(state, "error loading module '%s' from file '%s' in the image:\n\t%s", name, file,
                              lua_tostring(state, -1));
        lua_insert(state, -2);
        return 2;
    }
    lua_pushfstring(state, "no file '%s.lua' in the image\n\tno file '%s/init.lua' in the image", path, path);
    return 1;
}

/// package.searchers become those for what is loaded already, the image, and files of Lua. Nothing is linked at run time.
void replace_searchers(lua_State* state) {
    lua_getglobal(state, LUA_LOADLIBNAME);
    lua_getfield(state, -1, "searchers");
    lua_rawgeti(state, -1, 2);
    lua_rawseti(state, -2, 3);
    lua_pushcfunction(state, search);
    lua_rawseti(state, -2, 2);
    lua_pushnil(state);
    lua_rawseti(state, -2, 4);
    lua_pop(state, 2);
}

}  // namespace

void luaL_openlibs(lua_State* state) {
    static constexpr luaL_Reg libraries[] = {
        {LUA_GNAME, luaopen_base},          {LUA_LOADLIBNAME, luaopen_package}, {LUA_COLIBNAME, luaopen_coroutine},
        {LUA_TABLIBNAME, luaopen_table},    {LUA_IOLIBNAME, luaopen_io},        {LUA_OSLIBNAME, luaopen_os},
        {LUA_STRLIBNAME, luaopen_string},   {LUA_MATHLIBNAME, luaopen_math},    {LUA_UTF8LIBNAME, luaopen_utf8},
        {LUA_DBLIBNAME, luaopen_debug},
    };
    for (const luaL_Reg& library : libraries) {
        luaL_requiref(state, library.name, library.func, 1);
        lua_pop(state, 1);
    }
    replace_searchers(state);
}
