# SPDX-License-Identifier: BSD-3-Clause
# newlib. Its headers, as the distribution configured them, are what C++ headers expect of a C library, in every image;
# the library, and the headers that belong to it, are for those that have the interface libc.
set(_newlib_summary "C library of newlib")
if(UNICORE_PLATFORM STREQUAL "host")
  unicore_external(newlib.library SUMMARY "${_newlib_summary}: the host has its own" LICENCE BSD-3-Clause VERSION 3.3.0)
  return()
endif()
unicore_third_party(newlib PACKAGE libnewlib-dev VERSION 3.3.0 LICENCE BSD-3-Clause
  FILE newlib/_newlib_version.h
  SHA256 93a397574a25b9c143cee7fcb86d8fc9a0c9ba418e4710a30d2d19ba1e4120db
  PATHS /usr/include OUT folder)
unicore_external(newlib.headers SUMMARY "C headers of newlib" LICENCE BSD-3-Clause VERSION 3.3.0)
unicore_third_party_built(newlib.library SUMMARY "${_newlib_summary}"
  PACKAGE newlib VERSION 3.3.0 LICENCE BSD-3-Clause FILE newlib_3.3.0.orig.tar.gz
  SHA256 58dd9e3eaedf519360d92d84205c3deef0b3fc286685d1c562e245914ef72c66
  PARTS newlib/libc newlib/libm
  RECIPE "${CMAKE_CURRENT_LIST_DIR}/newlib" LIBRARY libnewlib.a HEADERS include)
# The order of folders matters: libc++'s headers include C's of the next folder. So the library's take the place of the
# distribution's in targets that link it, which this property says.
set_target_properties(newlib.library PROPERTIES
  INTERFACE_UNICORE_C_HEADERS "${UNICORE_TREE}/third_party/newlib.library/include" COMPATIBLE_INTERFACE_STRING UNICORE_C_HEADERS)
set(_newlib_own "$<TARGET_PROPERTY:UNICORE_C_HEADERS>")
target_include_directories(unicore_flags SYSTEM INTERFACE "$<IF:$<BOOL:${_newlib_own}>,${_newlib_own},${folder}/newlib>")
