# SPDX-License-Identifier: BSD-3-Clause
# What is built for, and with what: refused here when the compiler could not build it.

# The names that a folder has files or folders for.
function(_unicore_names out pattern)
  file(GLOB found RELATIVE "${UNICORE_ROOT}" "${UNICORE_ROOT}/${pattern}")
  set(names "")
  foreach(path IN LISTS found)
    cmake_path(GET path STEM name)
    if(NOT name MATCHES "^(_.*|contract)$")
      list(APPEND names "${name}")
    endif()
  endforeach()
  list(JOIN names ", " names)
  set(${out} "${names}" PARENT_SCOPE)
endfunction()

foreach(pair IN ITEMS "PLATFORM;platforms/*" "ARCHITECTURE;cmake/toolchains/*.cmake")
  list(GET pair 0 _unicore_what)
  list(GET pair 1 _unicore_pattern)
  if(NOT UNICORE_${_unicore_what})
    _unicore_names(_unicore_known "${_unicore_pattern}")
    message(FATAL_ERROR
      "  No target is chosen: UNICORE_${_unicore_what} is not set.\n"
      "    allowed     ${_unicore_known}\n"
      "    fix         a preset (cmake --list-presets), or -DUNICORE_${_unicore_what}=<one of these>")
  endif()
endforeach()

# The toolchain file says what it is for. CMake keeps the compilers of a tree's first configure.
set(_unicore_fix "in a tree of its own: -DCMAKE_TOOLCHAIN_FILE=${UNICORE_ROOT}/cmake/toolchains/${UNICORE_ARCHITECTURE}.cmake")
if(NOT EXISTS "${UNICORE_ROOT}/cmake/toolchains/${UNICORE_ARCHITECTURE}.cmake")
  _unicore_names(_unicore_known "cmake/toolchains/*.cmake")
  message(FATAL_ERROR
    "  unknown architecture: UNICORE_ARCHITECTURE is '${UNICORE_ARCHITECTURE}', which no toolchain file is for.\n"
    "    allowed     ${_unicore_known}\n"
    "    fix         a preset (cmake --list-presets), or -DUNICORE_ARCHITECTURE=<one of these>")
elseif(NOT UNICORE_TOOLCHAIN)
  message(FATAL_ERROR
    "  wrong toolchain: the compilers are not set up by one of Unicore's toolchain files.\n"
    "    found       ${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION}, ${CMAKE_CXX_COMPILER}\n"
    "    fix         ${_unicore_fix}")
elseif(NOT UNICORE_TOOLCHAIN STREQUAL UNICORE_ARCHITECTURE)
  message(FATAL_ERROR
    "  wrong toolchain: the compilers are set up for ${UNICORE_TOOLCHAIN}, and UNICORE_ARCHITECTURE is '${UNICORE_ARCHITECTURE}'.\n"
    "    fix         -DUNICORE_ARCHITECTURE=${UNICORE_TOOLCHAIN}, or ${_unicore_fix}")
elseif(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang" OR NOT CMAKE_CXX_COMPILER_VERSION MATCHES "^${UNICORE_LLVM_MAJOR}[.]")
  message(FATAL_ERROR
    "  wrong compiler: everything is built with clang ${UNICORE_LLVM_MAJOR}.\n"
    "    found       ${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION}, ${CMAKE_CXX_COMPILER}\n"
    "    fix         in a tree of its own, without CMAKE_C_COMPILER and CMAKE_CXX_COMPILER: the toolchain file finds them")
endif()
