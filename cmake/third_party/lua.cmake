# SPDX-License-Identifier: BSD-3-Clause
# Lua, unpatched. linit.c is left out: components/lang/lua says which libraries a state has, as linit.c invites to.
function(_unicore_lua)
  set(hash 164c7849653b80ae67bec4b7473b884bf5cc8d2dca05653475ec2ed27b9ebf61)
  set(pinned PACKAGE lua5.4 VERSION 5.4.4 LICENCE MIT FILE lua5.4_5.4.4.orig.tar.gz SHA256 ${hash} PART src)
  if(UNICORE_PLATFORM STREQUAL "host")
    unicore_external(lua.library SUMMARY "Lua: not for the host" LICENCE MIT VERSION 5.4.4 SHA256 ${hash})
    unicore_external(lua.interpreter SUMMARY "Lua's own program: not for the host" LICENCE MIT VERSION 5.4.4 SHA256 ${hash})
    return()
  endif()
  set(UNICORE_NO_FLOATING_POINT "")  # its numbers are
  set_property(GLOBAL APPEND PROPERTY UNICORE_FLOATING_POINT lua.library lua.interpreter)
  unicore_third_party_compiled(lua.library SUMMARY "Lua: the language, its libraries, and C's way to them" ${pinned} REQUIRES libc
    SOURCES lapi.c lauxlib.c lbaselib.c lcode.c lcorolib.c lctype.c ldblib.c ldebug.c ldo.c ldump.c lfunc.c lgc.c liolib.c
            llex.c lmathlib.c lmem.c loadlib.c lobject.c lopcodes.c loslib.c lparser.c lstate.c lstring.c lstrlib.c ltable.c
            ltablib.c ltm.c lundump.c lutf8lib.c lvm.c lzio.c
    HEADERS lapi.h lauxlib.h lcode.h lctype.h ldebug.h ldo.h lfunc.h lgc.h ljumptab.h llex.h llimits.h lmem.h lobject.h
            lopcodes.h lopnames.h lparser.h lprefix.h lstate.h lstring.h ltable.h ltm.h lua.h lua.hpp luaconf.h lualib.h
            lundump.h lvm.h lzio.h)
  # Where require looks for files, if there are any: beside each other, and nothing that must be linked at run time.
  target_compile_definitions(lua.library PRIVATE "LUA_PATH_DEFAULT=\"?.lua\"" "LUA_CPATH_DEFAULT=\"\"")
  # With 32 bits the first thread lies behind 4 bytes of room for the program, and a pointer to it is one to a union with
  # doubles for a moment, of which nothing is read: checks of alignment (debug.ubsan) would call that undefined.
  if(UNICORE_ARCHITECTURE MATCHES "^(arm|mips)$")
    get_target_property(sources lua.library SOURCES)
    set_source_files_properties(${sources} PROPERTIES COMPILE_OPTIONS -fno-sanitize=alignment)
  endif()
  unicore_third_party_compiled(lua.interpreter SUMMARY "Lua's own program, lua: the main of an image that has none"
    ${pinned} REQUIRES lua.library SOURCES lua.c HEADERS lprefix.h lauxlib.h lua.h luaconf.h lualib.h)
endfunction()
_unicore_lua()
