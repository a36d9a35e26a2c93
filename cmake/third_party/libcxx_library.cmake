# SPDX-License-Identifier: BSD-3-Clause
# The C++ library: libc++, libc++abi and libunwind. What links it is compiled with exceptions and type information, and
# with the configuration of the library instead of the core's, which this property says. [docs/libcxx.md]
set(_libcxx_summary "C++ library: libc++, libc++abi, libunwind")
if(UNICORE_PLATFORM STREQUAL "host")
  unicore_external(libcxx.library SUMMARY "${_libcxx_summary}: the host has its own"
    LICENCE "Apache-2.0 WITH LLVM-exception" VERSION 19.1.7)
  return()
endif()
unicore_third_party_built(libcxx.library SUMMARY "${_libcxx_summary}"
  PACKAGE llvm-toolchain-19 VERSION 19.1.7 LICENCE "Apache-2.0 WITH LLVM-exception"
  FILE llvm-toolchain-19_19.1.7.orig.tar.xz
  SHA256 ae498f3bc58ae2d9f64ef5f0c035c4240152bf015a5b7738b15c22e93bdc97ce
  PARTS libcxx/src libcxxabi/src libcxxabi/include libunwind/src libunwind/include
  RECIPE "${CMAKE_CURRENT_LIST_DIR}/libcxx/library" LIBRARY libcxx.a
  USE "CXX_HEADERS=${UNICORE_CXX_FOLDER}" "C_HEADERS=${UNICORE_TREE}/third_party/newlib.library/include"
  AFTER newlib.library)
set_target_properties(libcxx.library PROPERTIES
  INTERFACE_UNICORE_CXX_HEADERS "${CMAKE_CURRENT_LIST_DIR}/libcxx/library/include"
  COMPATIBLE_INTERFACE_STRING UNICORE_CXX_HEADERS)
