// SPDX-License-Identifier: BSD-3-Clause
// A script as the program of an image. [Lua 5.4 reference manual, 7]
#include <unicore/base/result.hpp>
#include <unicore/base/text.hpp>
#include <unicore/lang/lua.h>

#include <cstdio>
#include <cstdlib>
#include <string_view>

#include <lua.hpp>

namespace unicore::lang::lua {
namespace {

constinit std::size_t limit = 0;

struct Program {
    const char* name;
    int count;
    char** arguments;
};

/// The message as text, with where it came from. Objects say what they are by __tostring, or by their type.
int explain(lua_State* state) {
    const char* message = lua_tostring(state, 1);
    if (message == nullptr) {
        if (luaL_callmeta(state, 1, "__tostring") != 0 && lua_type(state, -1) == LUA_TSTRING) return 1;
        message = lua_pushfstring(state, "(error object is a %s value)", luaL_typename(state, 1));
    }
    luaL_traceback(state, state, message, 1);
    return 1;
}

/// In protected mode all of it: each step may lack memory.
int run(lua_State* state) {
    const auto& program = *static_cast<const Program*>(lua_touserdata(state, 1));
    luaL_openlibs(state);
    const int given = program.count > 0 ? program.count - 1 : 0;
    lua_createtable(state, given, 1);
    lua_pushstring(state, program.name);
    lua_rawseti(state, -2, 0);
    for (int index = 1; index <= given; ++index) {
        lua_pushstring(state, program.arguments[index]);
        lua_rawseti(state, -2, index);
    }
    lua_setglobal(state, "arg");
    lua_pushcfunction(state, explain);
    const int handler = lua_gettop(state);
    if (unicore_lua_load(state, program.name) != LUA_OK) return lua_error(state);
    luaL_checkstack(state, given, "too many arguments to script");
    for (int index = 1; index <= given; ++index) lua_pushstring(state, program.arguments[index]);
    // The outer call has no handler of messages; this one's is told where the script was.
    if (lua_pcall(state, given, 0, handler) != LUA_OK) return lua_error(state);
    return 0;
}

}  // namespace

/// The setting lua.memory.
Result<void> set_limit(std::string_view text) noexcept {
    unsigned shift = 0;
    if (!text.empty()) {
        switch (text.back()) {
            case 'K': shift = 10; break;
            case 'M': shift = 20; break;
            case 'G': shift = 30; break;
            default: break;
        }
    }
    if (shift != 0) text.remove_suffix(1);
    const auto number = UNICORE_TRY(text::parse_decimal(text));
    if (number > SIZE_MAX >> shift) return unexpected(Error::out_of_range);
    limit = static_cast<std::size_t>(number) << shift;
    return {};
}

}  // namespace unicore::lang::lua

int unicore_lua_main(const char* name, int count, char** arguments) {
    using namespace unicore::lang::lua;
    unicore_lua_memory memory{limit, 0, 0};
    lua_State* const state = unicore_lua_new_state(&memory);
    if (state == nullptr) {
        std::fputs("lua: no memory for a state\n", stderr);
        return EXIT_FAILURE;
    }
    Program program{name, count, arguments};
    lua_pushcfunction(state, run);
    lua_pushlightuserdata(state, &program);
    const bool done = lua_pcall(state, 1, 0, 0) == LUA_OK;
    if (!done) {
        const char* const message = lua_tostring(state, -1);
        std::fprintf(stderr, "lua: %s\n", message != nullptr ? message : "(error without a message)");
    }
    lua_close(state);
    return done ? EXIT_SUCCESS : EXIT_FAILURE;
}
