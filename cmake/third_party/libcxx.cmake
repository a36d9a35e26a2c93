# SPDX-License-Identifier: BSD-3-Clause
# libc++'s headers, behind our own __config_site: what of C++ needs no library, and in targets that link the library
# (libcxx_library.cmake) the whole. [toolchain.md]
unicore_third_party(libcxx PACKAGE libc++-19-dev VERSION 19.1.7 LICENCE "Apache-2.0 WITH LLVM-exception"
  FILE include/c++/v1/__config
  SHA256 e725bdfb2081f51b8f9c9bae96057e4d2fdd4059d787290841040f685bd28cf6
  PATHS /usr/lib/llvm-19 OUT folder)
unicore_external(libcxx.headers SUMMARY "C++ headers of libc++" LICENCE "Apache-2.0 WITH LLVM-exception" VERSION 19.1.7)
set(UNICORE_CXX_FOLDER "${folder}/include/c++/v1")
# The folder of the __config_site that belongs to the library, in targets that link it; nothing in others.
set(_unicore_cxx_own "$<TARGET_PROPERTY:UNICORE_CXX_HEADERS>")
set(_unicore_whole_cxx "$<BOOL:${_unicore_cxx_own}>")
target_include_directories(unicore_flags SYSTEM INTERFACE "$<$<COMPILE_LANGUAGE:CXX>:$<IF:${_unicore_whole_cxx},${_unicore_cxx_own},${CMAKE_CURRENT_LIST_DIR}/libcxx>;${UNICORE_CXX_FOLDER}>")
