# SPDX-License-Identifier: BSD-3-Clause
# compiler-rt's builtins: what compilers call for arithmetic that the CPU has no instruction for.
if(UNICORE_PLATFORM STREQUAL "host")
  unicore_external(compiler.builtins SUMMARY "Arithmetic that compilers call: the host's" LICENCE "Apache-2.0 WITH LLVM-exception")
  return()
endif()
unicore_third_party_built(compiler.builtins SUMMARY "Arithmetic that compilers call: compiler-rt's builtins"
  PACKAGE llvm-toolchain-19 VERSION 19.1.7 LICENCE "Apache-2.0 WITH LLVM-exception"
  FILE llvm-toolchain-19_19.1.7.orig.tar.xz
  SHA256 ae498f3bc58ae2d9f64ef5f0c035c4240152bf015a5b7738b15c22e93bdc97ce
  PARTS compiler-rt/lib/builtins
  RECIPE "${CMAKE_CURRENT_LIST_DIR}/builtins" LIBRARY libbuiltins.a)
