// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/embed.hpp>
#include <unicore/lang/lua.h>

#include <algorithm>
#include <string_view>

#include <lua.hpp>

int unicore_lua_load(lua_State* state, const char* name) {
    const auto file = unicore::embed::find(name);
    if (!file) {
        lua_pushfstring(state, "no file '%s' in the image", name);
        return LUA_ERRFILE;
    }
    std::string_view text = file->text();
    // For those that start their scripts by it. The line's end stays, so that lines keep their numbers.
    if (text.starts_with('#')) text.remove_prefix(std::min(text.find('\n'), text.size()));
    // Messages begin with the file's name, as they do for a file of Lua's own.
    const char* const chunk = lua_pushfstring(state, "@%s", name);
    const int status = luaL_loadbuffer(state, text.data(), text.size(), chunk);
    lua_remove(state, -2);
    return status;
}
