# SPDX-License-Identifier: BSD-3-Clause
# find_package(Unicore): the build tool and the pools, compiled in the application's own tree.
if(NOT CMAKE_CXX_COMPILER_LOADED)
  message(FATAL_ERROR "  find_package(Unicore) comes after project(NAME LANGUAGES C CXX).")
endif()
enable_language(C)
enable_language(ASM)
enable_testing()
include(${CMAKE_CURRENT_LIST_DIR}/version.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/Unicore.cmake)
unicore_load_pools()
set(Unicore_FOUND TRUE)
