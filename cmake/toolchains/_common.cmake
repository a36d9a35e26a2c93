# SPDX-License-Identifier: BSD-3-Clause
# What the toolchain files of all architectures share: clang, lld, no operating system.
# An architecture's file sets UNICORE_TRIPLE, UNICORE_ARCHITECTURE_FLAGS and CMAKE_SYSTEM_PROCESSOR, then includes this.
# Optional, for release images: UNICORE_RELEASE_LINK_FLAGS, and UNICORE_SMALL_IMAGE_LINK_FLAGS, with which large
# images cannot be linked.
include_guard()

set(UNICORE_TOOLCHAIN ${CMAKE_SYSTEM_PROCESSOR})  # so that another one is noticed
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)

# One major version, so that what was measured is what is built. Debian calls the tools NAME-19.
set(UNICORE_LLVM_MAJOR 19)
foreach(tool IN ITEMS clang:C_COMPILER clang++:CXX_COMPILER ld.lld:LINKER llvm-ar:AR llvm-ranlib:RANLIB
                      llvm-nm:NM llvm-objcopy:OBJCOPY llvm-strip:STRIP llvm-objdump:OBJDUMP)
  string(REPLACE ":" ";" tool "${tool}")
  list(GET tool 0 program)
  list(GET tool 1 variable)
  find_program(CMAKE_${variable} NAMES ${program}-${UNICORE_LLVM_MAJOR}
               PATHS /usr/lib/llvm-${UNICORE_LLVM_MAJOR}/bin)
  if(NOT CMAKE_${variable})
    message(FATAL_ERROR "  ${program}-${UNICORE_LLVM_MAJOR} is not installed, and every target is built with it.\n"
                        "  On Debian: ./bootstrap installs it; elsewhere: LLVM ${UNICORE_LLVM_MAJOR} with clang and lld.")
  endif()
endforeach()
set(CMAKE_ASM_COMPILER "${CMAKE_C_COMPILER}")
foreach(language IN ITEMS C CXX ASM)
  set(CMAKE_${language}_COMPILER_TARGET ${UNICORE_TRIPLE})
  set(CMAKE_${language}_COMPILER_AR "${CMAKE_AR}")
  set(CMAKE_${language}_COMPILER_RANLIB "${CMAKE_RANLIB}")
  set(CMAKE_${language}_FLAGS_INIT "${UNICORE_ARCHITECTURE_FLAGS}")
  # Variables of threads are reached by a call, which needs no register that an operating system or a hypervisor would
  # have to be asked for at each switch: components/sched/tls.
  if(NOT language STREQUAL "ASM")
    string(APPEND CMAKE_${language}_FLAGS_INIT " -femulated-tls")
  endif()
  # Never through the driver: for some *-none-elf triples it would call the host's gcc.
  set(words "<CMAKE_${language}_LINK_FLAGS> <LINK_FLAGS> <OBJECTS> -o <TARGET> <LINK_LIBRARIES>")
  set(CMAKE_${language}_LINK_EXECUTABLE "<CMAKE_LINKER> ${words}")
  if(CMAKE_BUILD_TYPE STREQUAL "Release" AND UNICORE_RELEASE_LINK_FLAGS)
    set(CMAKE_${language}_LINK_EXECUTABLE "<CMAKE_LINKER> ${UNICORE_RELEASE_LINK_FLAGS} ${words}")
  endif()
  if(CMAKE_BUILD_TYPE STREQUAL "Release" AND UNICORE_SMALL_IMAGE_LINK_FLAGS)
    set(CMAKE_${language}_LINK_EXECUTABLE
        "<CMAKE_LINKER> ${UNICORE_RELEASE_LINK_FLAGS} ${UNICORE_SMALL_IMAGE_LINK_FLAGS} ${words} 2>/dev/null || <CMAKE_LINKER> ${UNICORE_RELEASE_LINK_FLAGS} ${words}")
  endif()
  set(CMAKE_${language}_LINKER_WRAPPER_FLAG "")
endforeach()
# For some triples the compiler looks into libc++'s folder by itself, and CMake then leaves that out of what it says.
string(APPEND CMAKE_CXX_FLAGS_INIT " -nostdinc++")
# Set rather than _INIT: CMake appends its own -O3 to the latter. Release images are optimised as a
# whole, at link time: a fifth smaller. Backtraces go through frame pointers: who calls nobody needs none.
foreach(language IN ITEMS C CXX)
  set(CMAKE_${language}_FLAGS_RELWITHDEBINFO "-O2 -g" CACHE STRING "Flags of development builds: assertions on")
  set(CMAKE_${language}_FLAGS_RELEASE "-Oz -g -DNDEBUG -flto -momit-leaf-frame-pointer" CACHE STRING "Flags of release builds: small, assertions off")
endforeach()

set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
