# SPDX-License-Identifier: BSD-3-Clause
# Parts that others wrote: found, checked against what was pinned, never copied into the repository.

# The option UNICORE_SOURCE_<NAME>: a folder of the user's instead of the distribution's `what`. Gives the last word of its name.
function(_unicore_source_option out name version what)
  _unicore_variable_name(suffix ${name})
  set(UNICORE_SOURCE_${suffix} "" CACHE PATH "Folder to take ${name} ${version} from; empty: the distribution's ${what}")
  mark_as_advanced(UNICORE_SOURCE_${suffix})
  set_property(GLOBAL APPEND PROPERTY UNICORE_KNOWN UNICORE_SOURCE_${suffix})
  set(${out} ${suffix} PARENT_SCOPE)
endfunction()

#[[ unicore_third_party(NAME PACKAGE debian-package VERSION v LICENCE spdx FILE path SHA256 hash OUT variable PATHS …)
Finds the folder below which `path` lies: the one that the user names in UNICORE_SOURCE_<NAME>, else
the distribution's. The pinned file stands for the version: another content is another version. ]]
function(unicore_third_party name)
  cmake_parse_arguments(PARSE_ARGV 1 t "" "PACKAGE;VERSION;LICENCE;FILE;SHA256;OUT" "PATHS")
  _unicore_source_option(suffix ${name} ${t_VERSION} "${t_PACKAGE}")
  foreach(folder IN LISTS UNICORE_SOURCE_${suffix} t_PATHS)
    if(EXISTS "${folder}/${t_FILE}")
      file(SHA256 "${folder}/${t_FILE}" hash)
      if(NOT hash STREQUAL t_SHA256)
        message(FATAL_ERROR
          "  ${name}: ${folder}/${t_FILE} is not that of version ${t_VERSION}, which is pinned.\n"
          "    expected SHA-256 ${t_SHA256}\n"
          "    found            ${hash}\n"
          "  Install ${t_PACKAGE} of Debian 12, or name a folder with this version: -DUNICORE_SOURCE_${suffix}=DIR")
      endif()
      set(${t_OUT} "${folder}" PARENT_SCOPE)
      return()
    endif()
  endforeach()
  list(JOIN t_PATHS ", " paths)
  message(FATAL_ERROR
    "  ${name} ${t_VERSION} was not found: no ${t_FILE} below ${paths}.\n"
    "  On Debian: ./bootstrap installs ${t_PACKAGE}; elsewhere: -DUNICORE_SOURCE_${suffix}=DIR")
endfunction()

#[[ unicore_third_party_source(NAME PACKAGE debian-source-package VERSION v FILE archive SHA256 hash PARTS path… OUT variable)
The folder with the sources PARTS: the one that the user names in UNICORE_SOURCE_<NAME>, else those of the archive
of the distribution's source package, fetched once for all trees of this user. The hash stands for the version. ]]
function(unicore_third_party_source name)
  cmake_parse_arguments(PARSE_ARGV 1 t "" "PACKAGE;VERSION;FILE;SHA256;OUT" "PARTS")
  _unicore_source_option(suffix ${name} ${t_VERSION} "source package ${t_PACKAGE}")
  set(folder "${UNICORE_SOURCE_${suffix}}")
  if(NOT folder)
    list(TRANSFORM t_PARTS PREPEND --part= OUTPUT_VARIABLE parts)
    execute_process(
      COMMAND ${UNICORE_PYTHON} -X "pycache_prefix=${UNICORE_TREE}/pycache" "${UNICORE_TOOL}" source ${t_PACKAGE}
              --file ${t_FILE} --sha256 ${t_SHA256} ${parts}
      OUTPUT_VARIABLE folder OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE status)
    if(NOT status EQUAL 0)
      message(FATAL_ERROR "  ${name} ${t_VERSION} was not found.\n"
                          "  Its sources, elsewhere or offline: -DUNICORE_SOURCE_${suffix}=DIR")
    endif()
  endif()
  foreach(part IN LISTS t_PARTS)
    if(NOT EXISTS "${folder}/${part}")
      message(FATAL_ERROR "  ${name} ${t_VERSION}: ${folder} has no ${part}.\n"
                          "  The sources of this version: -DUNICORE_SOURCE_${suffix}=DIR, or empty for the distribution's")
    endif()
  endforeach()
  set(${t_OUT} "${folder}" PARENT_SCOPE)
endfunction()

#[[ unicore_third_party_built(NAME SUMMARY text PACKAGE … VERSION … LICENCE spdx FILE … SHA256 … PARTS … RECIPE folder LIBRARY file
                          [HEADERS folder] [USE name=folder…] [AFTER component])
The component NAME: a library that the CMake project RECIPE makes of such sources with the toolchain of this tree's
architecture, when the first image needs it; kept for all trees of this user. HEADERS is a folder that the recipe makes
as well: headers that belong to the library, left in UNICORE_TREE/third_party/NAME/HEADERS. USE are folders that the
recipe is told of, -Dname=folder; AFTER is the component that makes one of them, and comes along. ]]
function(unicore_third_party_built name)
  cmake_parse_arguments(PARSE_ARGV 1 t "" "SUMMARY;PACKAGE;VERSION;LICENCE;FILE;SHA256;RECIPE;LIBRARY;HEADERS;AFTER" "PARTS;USE")
  unicore_external(${name} SUMMARY "${t_SUMMARY}" LICENCE "${t_LICENCE}" VERSION ${t_VERSION} SHA256 ${t_SHA256}
    REQUIRES ${t_AFTER})
  _unicore_source_option(suffix ${name} ${t_VERSION} "source package ${t_PACKAGE}")
  list(TRANSFORM t_PARTS PREPEND --part= OUTPUT_VARIABLE words)
  if(UNICORE_SOURCE_${suffix})
    list(APPEND words --folder "${UNICORE_SOURCE_${suffix}}")
  endif()
  if(t_HEADERS)
    list(APPEND words --headers ${t_HEADERS})
  endif()
  set(after "")
  if(t_AFTER)
    get_property(after GLOBAL PROPERTY UNICORE_BUILT_${t_AFTER})
  endif()
  list(TRANSFORM t_USE PREPEND --use= OUTPUT_VARIABLE uses)
  set(library "${UNICORE_TREE}/third_party/${name}/${t_LIBRARY}")
  set_property(GLOBAL PROPERTY UNICORE_BUILT_${name} "${library}")
  set(toolchain "${UNICORE_ROOT}/cmake/toolchains/${UNICORE_ARCHITECTURE}.cmake")
  file(GLOB_RECURSE recipe "${t_RECIPE}/*")
  add_custom_command(OUTPUT "${library}"
    COMMAND ${UNICORE_PYTHON} -X "pycache_prefix=${UNICORE_TREE}/pycache" "${UNICORE_TOOL}" prebuilt ${t_PACKAGE}
            --name ${name} --file ${t_FILE} --sha256 ${t_SHA256} ${words} --recipe "${t_RECIPE}" --library ${t_LIBRARY}
            --toolchain "${toolchain}" --compiler "${CMAKE_C_COMPILER}" ${uses} --out "${library}"
    DEPENDS ${after} ${recipe} "${toolchain}" "${UNICORE_ROOT}/cmake/toolchains/_common.cmake" COMMENT "" VERBATIM)
  add_custom_target(${name}.library DEPENDS "${library}")
  add_dependencies(${name} ${name}.library)
  target_link_libraries(${name} INTERFACE "${library}")
endfunction()

#[[ unicore_third_party_compiled(NAME SUMMARY text PACKAGE … VERSION … LICENCE spdx FILE … SHA256 … PART folder | PARTS folder…
                             SOURCES file… [HOT file…] [HEADERS file…] [INCLUDE folder] [REQUIRES …])
The component NAME: sources of such an archive's folder PART, compiled like those of this tree, with its flags and
optimised with the rest of an image, those that are HOT as in unicore_component. They are fetched when the first image
needs them, not before. HEADERS are all that the sources need, and what others may include, from INCLUDE on. With PARTS,
all paths begin where the archive does. ]]
function(unicore_third_party_compiled name)
  cmake_parse_arguments(PARSE_ARGV 1 t "" "SUMMARY;PACKAGE;VERSION;LICENCE;FILE;SHA256;PART;INCLUDE" "PARTS;SOURCES;HOT;HEADERS;REQUIRES")
  _unicore_source_option(suffix ${name} ${t_VERSION} "source package ${t_PACKAGE}")
  set(folder "${UNICORE_TREE}/third_party/${name}")
  set(from "")
  if(UNICORE_SOURCE_${suffix})
    set(from --folder "${UNICORE_SOURCE_${suffix}}")
  endif()
  set(root "${folder}")
  if(t_PART)
    cmake_path(APPEND root "${t_PART}")
  endif()
  set(sources ${t_SOURCES} ${t_HOT})
  set(hot ${t_HOT})
  set(headers ${t_HEADERS})
  list(TRANSFORM sources PREPEND "${root}/")
  list(TRANSFORM hot PREPEND "${root}/")
  list(TRANSFORM headers PREPEND "${root}/")
  _unicore_hot(${hot})
  set(parts ${t_PART} ${t_PARTS})
  list(TRANSFORM parts PREPEND --part= OUTPUT_VARIABLE parts)
  set(include "${root}")
  if(t_INCLUDE)
    cmake_path(APPEND include "${t_INCLUDE}")
  endif()
  add_custom_command(OUTPUT ${sources} ${headers}
    COMMAND ${UNICORE_PYTHON} -X "pycache_prefix=${UNICORE_TREE}/pycache" "${UNICORE_TOOL}" source ${t_PACKAGE}
            --file ${t_FILE} --sha256 ${t_SHA256} ${parts} ${from} --out "${folder}"
    COMMENT "" VERBATIM)
  unicore_external(${name} SUMMARY "${t_SUMMARY}" LICENCE "${t_LICENCE}" VERSION ${t_VERSION} SHA256 ${t_SHA256}
    INCLUDE "${include}" REQUIRES ${t_REQUIRES} SOURCES ${sources})
  target_sources(${name} PRIVATE ${headers})  # made before anything that includes them is compiled
endfunction()

# A folder that holds nothing but a link to `target`, so that its neighbours stay out of reach.
function(_unicore_only out name target)
  set(folder "${UNICORE_TREE}/third_party/${name}")
  file(MAKE_DIRECTORY "${folder}")
  get_filename_component(leaf "${target}" NAME)
  file(CREATE_LINK "${target}" "${folder}/${leaf}" SYMBOLIC)
  set(${out} "${folder}" PARENT_SCOPE)
endfunction()

# What everything in an image is compiled with.
add_library(unicore_flags INTERFACE)
target_compile_features(unicore_flags INTERFACE cxx_std_23)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_C_STANDARD 17)
set(CMAKE_C_EXTENSIONS OFF)
target_compile_options(unicore_flags INTERFACE -Wall -Wextra -Wno-gnu-statement-expression)
include(${CMAKE_CURRENT_LIST_DIR}/third_party/boost.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/third_party/xen.cmake)
if(NOT UNICORE_PLATFORM STREQUAL "host")
  include(${CMAKE_CURRENT_LIST_DIR}/third_party/libcxx.cmake)  # before C's: its headers include the next ones
  # As a compiler cache names them, so that trees side by side share what they compile alike (docs/testing.md).
  set(_unicore_seen_from_tree "")
  foreach(name IN ITEMS . unicore)
    set(folder "${CMAKE_SOURCE_DIR}")
    if(name STREQUAL "unicore")
      set(folder "${UNICORE_ROOT}")
    endif()
    file(RELATIVE_PATH folder "${CMAKE_BINARY_DIR}" "${folder}")
    string(REGEX REPLACE "/$" "" folder "${folder}")
    if(folder)
      list(APPEND _unicore_seen_from_tree "-ffile-prefix-map=${folder}=${name}")
    endif()
  endforeach()
  target_compile_options(unicore_flags INTERFACE
    -nostdlibinc -fno-pic -ffunction-sections -fdata-sections
    -fno-omit-frame-pointer -fno-stack-protector
    # The same bytes wherever the tree stands: no folder of this machine in debug information or messages.
    # The last that fits is taken.
    "-ffile-prefix-map=${CMAKE_BINARY_DIR}=build" "-ffile-prefix-map=${CMAKE_SOURCE_DIR}=."
    "-ffile-prefix-map=${UNICORE_ROOT}=unicore" ${_unicore_seen_from_tree} -fdebug-compilation-dir=.
    # With the library that has an unwinder: exceptions and tables, also through C; what debuggers read stays where it is.
    "$<IF:${_unicore_whole_cxx},-fexceptions;-funwind-tables;-fforce-dwarf-frame,-fno-asynchronous-unwind-tables>"
    "$<$<COMPILE_LANGUAGE:CXX>:-nostdinc++;$<IF:${_unicore_whole_cxx},,-fno-exceptions;-fno-rtti;-fno-threadsafe-statics;-fno-c++-static-destructors>>")
  target_compile_definitions(unicore_flags INTERFACE _GNU_SOURCE)
endif()
include(${CMAKE_CURRENT_LIST_DIR}/third_party/newlib.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/third_party/libcxx_library.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/third_party/builtins.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/third_party/acpica.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/third_party/catch2.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/third_party/fmt.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/third_party/libfdt.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/third_party/mimalloc.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/third_party/lua.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/third_party/lwip.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/third_party/mbedtls.cmake)
