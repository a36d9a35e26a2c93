# SPDX-License-Identifier: BSD-3-Clause
# The superbuild: every platform-architecture pair in a build tree of its own, side by side, and their
# images gathered under one folder. A pair is a preset of that name in presets/.

set(UNICORE_TARGETS "" CACHE STRING "Pairs to build, such as kvm-x86_64; empty: all")
enable_testing()

# The pairs are the presets' files that CMakePresets.json includes and that name a platform and an architecture.
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS CMakePresets.json)
file(READ CMakePresets.json text)
string(JSON count LENGTH "${text}" include)
math(EXPR last "${count} - 1")
set(pairs "")
foreach(i RANGE ${last})
  string(JSON file GET "${text}" include ${i})
  if(file MATCHES "^presets/([a-z]+-[a-z0-9_]+)[.]json$")
    list(APPEND pairs ${CMAKE_MATCH_1})
  endif()
endforeach()

foreach(target IN LISTS UNICORE_TARGETS)
  if(NOT target IN_LIST pairs)
    list(JOIN pairs ", " known)
    message(FATAL_ERROR "  UNICORE_TARGETS names ${target}, which no preset builds.\n  There are: ${known}")
  endif()
endforeach()
if(UNICORE_TARGETS)
  set(pairs ${UNICORE_TARGETS})
endif()
list(LENGTH pairs count)
list(JOIN pairs ", " text)
message(STATUS "Building ${count} targets: ${text}")

include("${CMAKE_CURRENT_LIST_DIR}/suites.cmake")

# A tree at a time for every four processors: trees of one architecture that are built at the same time would compile side
# by side what a compiler cache keeps for the second.
cmake_host_system_information(RESULT cores QUERY NUMBER_OF_LOGICAL_CORES)
math(EXPR at_once "(${cores} + 3) / 4")
math(EXPR jobs "(${cores} + ${at_once} - 1) / ${at_once}")
set_property(GLOBAL PROPERTY JOB_POOLS trees=${at_once})

foreach(pair IN LISTS pairs)
  set(tree "${CMAKE_SOURCE_DIR}/build/${pair}")
  # Configuring takes no time when nothing changed, and notices when the pool did.
  add_custom_target(${pair} ALL
    COMMAND "${CMAKE_COMMAND}" --preset ${pair} -DUNICORE_EVERY_SUITE=${UNICORE_EVERY_SUITE} > "${CMAKE_BINARY_DIR}/${pair}.configure.log" 2>&1
            || "${CMAKE_COMMAND}" -DFILE=${CMAKE_BINARY_DIR}/${pair}.configure.log -P "${CMAKE_CURRENT_LIST_DIR}/superbuild_fail.cmake"
    COMMAND "${CMAKE_COMMAND}" --build "${tree}" --parallel ${jobs}
    COMMAND "${CMAKE_COMMAND}" -DTREE=${tree} -DINTO=${CMAKE_BINARY_DIR}/images/${pair}
            -P "${CMAKE_CURRENT_LIST_DIR}/superbuild_gather.cmake"
    WORKING_DIRECTORY "${CMAKE_SOURCE_DIR}"
    JOB_POOL trees
    COMMENT "Configuring and building ${pair}"
    VERBATIM)
endforeach()

# One ctest for all: the tests of every tree that is there, the unit tests' and the release trees' among them.
set(text "")
foreach(tree IN LISTS pairs ITEMS host)
  foreach(variant IN ITEMS "" "-release")
    string(APPEND text "if(EXISTS \"${CMAKE_SOURCE_DIR}/build/${tree}${variant}/CTestTestfile.cmake\")\n"
                       "  subdirs(\"${CMAKE_SOURCE_DIR}/build/${tree}${variant}\")\nendif()\n")
  endforeach()
endforeach()
file(CONFIGURE OUTPUT "${CMAKE_BINARY_DIR}/trees.cmake" CONTENT "${text}" @ONLY)
set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES "${CMAKE_BINARY_DIR}/trees.cmake")

# Prints the bars, measured on the release images.
set(commands "")
set(releases "")
set(trees "")
foreach(pair IN LISTS pairs)
  set(measured hello threads)
  if(pair MATCHES "^(kvm-x86_64|kvm-aarch64|linux-x86_64)$")
    list(APPEND measured heap-tlsf heap-tlsf-cache heap-mimalloc)
  endif()
  if(pair MATCHES "^(kvm-x86_64|linux-x86_64)$")
    list(APPEND measured libc.iprintf libc.printf libcxx.throw libcxx.print libcxx.fmt)
  endif()
  if(pair STREQUAL "kvm-x86_64")
    list(APPEND measured http-server iperf net-turnaround raw-forwarder)
  elseif(pair STREQUAL "linux-x86_64")
    list(APPEND measured echo)
  endif()
  list(APPEND commands COMMAND "${CMAKE_COMMAND}" --preset ${pair}-release
                       COMMAND "${CMAKE_COMMAND}" --build "${CMAKE_SOURCE_DIR}/build/${pair}-release" --target ${measured})
  list(APPEND releases --release-tree "${CMAKE_SOURCE_DIR}/build/${pair}-release")
  list(APPEND trees "${CMAKE_SOURCE_DIR}/build/${pair}")
endforeach()
include("${CMAKE_CURRENT_LIST_DIR}/python.cmake")
add_custom_target(bench ${commands}
  COMMAND ${UNICORE_PYTHON} "${CMAKE_CURRENT_LIST_DIR}/tools/unicore.py" bench ${releases}
  WORKING_DIRECTORY "${CMAKE_SOURCE_DIR}" USES_TERMINAL VERBATIM)

# The matrix of suites and pairs: that nothing is missing is a test; the table is of the last run's results.
set(matrix ${UNICORE_PYTHON} -B "${CMAKE_CURRENT_LIST_DIR}/tools/unicore.py" matrix ${trees}
           --impossible "${CMAKE_SOURCE_DIR}/test/matrix/impossible.json")
if(UNICORE_TARGETS)
  list(APPEND matrix --partial)
endif()
if(NOT UNICORE_EVERY_SUITE)
  list(APPEND matrix --sliced ${UNICORE_SUITE_PAIRS})
endif()
add_test(NAME all/matrix COMMAND ${matrix})
set_tests_properties(all/matrix PROPERTIES LABELS check TIMEOUT 60)
add_custom_target(matrix ${commands}
  COMMAND ${matrix} --junit "${CMAKE_BINARY_DIR}/junit.xml" --write "${CMAKE_BINARY_DIR}/matrix.md"
  WORKING_DIRECTORY "${CMAKE_SOURCE_DIR}" USES_TERMINAL VERBATIM)

# A few configurations that nobody thought of; more by hand, with another seed (docs/testing.md).
add_test(NAME all/random COMMAND ${UNICORE_PYTHON} -B "${CMAKE_SOURCE_DIR}/test/random/random_test.py"
  --unicore "${CMAKE_SOURCE_DIR}" --scratch "${CMAKE_BINARY_DIR}/random" --cmake "${CMAKE_COMMAND}" --count 3)
set_tests_properties(all/random PROPERTIES LABELS system COST 200 TIMEOUT 1200)
