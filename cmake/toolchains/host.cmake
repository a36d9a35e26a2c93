# SPDX-License-Identifier: BSD-3-Clause
# Unit tests on the build machine: the same compiler and C++ library as the images, with sanitizers.
set(UNICORE_TOOLCHAIN host)
set(UNICORE_LLVM_MAJOR 19)
foreach(tool IN ITEMS clang:C_COMPILER clang++:CXX_COMPILER)
  string(REPLACE ":" ";" tool "${tool}")
  list(GET tool 0 program)
  list(GET tool 1 variable)
  find_program(CMAKE_${variable} NAMES ${program}-${UNICORE_LLVM_MAJOR} PATHS /usr/lib/llvm-${UNICORE_LLVM_MAJOR}/bin)
  if(NOT CMAKE_${variable})
    message(FATAL_ERROR "  ${program}-${UNICORE_LLVM_MAJOR} is not installed, and the unit tests are built with it.\n"
                        "  On Debian: ./bootstrap installs it; elsewhere: LLVM 19 with clang, libc++ and compiler-rt.")
  endif()
endforeach()
set(sanitizers "-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer")
# Optimised trees are for long runs: five to ten times as fast, and with assertions, unlike CMake's own choice.
foreach(language IN ITEMS C CXX)
  set(CMAKE_${language}_FLAGS_RELWITHDEBINFO "-O2 -g" CACHE STRING "Flags of optimised unit tests: assertions on")
endforeach()
set(CMAKE_C_FLAGS_INIT "${sanitizers}")
set(CMAKE_CXX_FLAGS_INIT "${sanitizers} -stdlib=libc++")
set(CMAKE_EXE_LINKER_FLAGS_INIT "-fuse-ld=lld-19 -stdlib=libc++")
