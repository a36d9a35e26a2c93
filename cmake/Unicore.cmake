# SPDX-License-Identifier: BSD-3-Clause
# The build tool. Include it after project(), call the unicore_* functions; everything is checked
# and put together once, at the end of the top-level directory.
include_guard(GLOBAL)

# Looked at, so that configuring again does not warn that the preset's toolchain file was not used.
set(_unicore_toolchain_file "${CMAKE_TOOLCHAIN_FILE}")

# In the cache, since the functions are also called outside of the folder that includes this.
get_filename_component(_unicore_root "${CMAKE_CURRENT_LIST_DIR}/.." ABSOLUTE)
set(UNICORE_ROOT "${_unicore_root}" CACHE INTERNAL "Unicore's own folder")
set(UNICORE_TOOL "${UNICORE_ROOT}/cmake/tools/unicore.py" CACHE INTERNAL "The resolver, the reports and the actions")
set(UNICORE_TREE "${CMAKE_BINARY_DIR}/unicore" CACHE INTERNAL "Where the build tool generates")
set(UNICORE_VERSION "${UNICORE_VERSION}" CACHE INTERNAL "Unicore's version")
include(${CMAKE_CURRENT_LIST_DIR}/target.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/python.cmake)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "RelWithDebInfo: assertions on; Release: small, assertions off" FORCE)
endif()
set(UNICORE_PLATFORM "${UNICORE_PLATFORM}" CACHE STRING "What the images run on")
set(UNICORE_ARCHITECTURE "${UNICORE_ARCHITECTURE}" CACHE STRING "The CPU that the images run on")
set(UNICORE_POOLS "" CACHE STRING "Folders with more components, apart from Unicore's own")
cmake_path(COMPARE "${CMAKE_SOURCE_DIR}" EQUAL "${UNICORE_ROOT}" _unicore_itself)
set(UNICORE_TESTS ${_unicore_itself} CACHE BOOL "Also build and run the tests of Unicore's own components")
set(UNICORE_DEFAULT_PROVIDERS "" CACHE STRING "interface=provider, where the preset prefers one")
mark_as_advanced(UNICORE_DEFAULT_PROVIDERS)

include(${CMAKE_CURRENT_LIST_DIR}/metadata.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/component.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/option.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/image.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/third_party.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/embed.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/test.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/resolver.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/pools.cmake)

cmake_language(DEFER DIRECTORY "${CMAKE_SOURCE_DIR}" CALL _unicore_resolve)
