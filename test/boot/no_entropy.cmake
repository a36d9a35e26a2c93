# SPDX-License-Identifier: BSD-3-Clause
# An application that requires entropy is refused where nothing can supply any, and told why.
#   cmake -DUNICORE=… -DSCRATCH=… -DPLATFORM=… -DARCHITECTURE=… -P no_entropy.cmake
file(REMOVE_RECURSE "${SCRATCH}")
file(WRITE "${SCRATCH}/CMakeLists.txt" "cmake_minimum_required(VERSION 3.25)
project(application LANGUAGES C CXX ASM)
find_package(Unicore REQUIRED)
unicore_image(random SOURCES random.cpp COMPONENTS base console entropy.csprng)
")
file(COPY "${CMAKE_CURRENT_LIST_DIR}/random.cpp" DESTINATION "${SCRATCH}")
execute_process(
  COMMAND "${CMAKE_COMMAND}" -G Ninja -S "${SCRATCH}" -B "${SCRATCH}/build" "-DUnicore_DIR=${UNICORE}/cmake"
          "-DCMAKE_TOOLCHAIN_FILE=${UNICORE}/cmake/toolchains/${ARCHITECTURE}.cmake"
          -DUNICORE_PLATFORM=${PLATFORM} -DUNICORE_ARCHITECTURE=${ARCHITECTURE}
  RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
foreach(line IN ITEMS "unmet interface: nothing provides entropy.source on ${PLATFORM}-${ARCHITECTURE}."
                      "needed by   image random -> entropy.csprng -> entropy.source"
                      "elsewhere   entropy.bcm2835")
  string(FIND "${output}" "${line}" found)
  if(result EQUAL 0 OR found EQUAL -1)
    message(FATAL_ERROR "not refused with '${line}':\n${output}")
  endif()
endforeach()
