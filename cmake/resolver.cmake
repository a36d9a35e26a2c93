# SPDX-License-Identifier: BSD-3-Clause
# Runs the resolver once, at the end of the configure, and carries out what it decided.

# Cache variables that exist for every interface with a choice, so that ccmake shows them.
function(_unicore_declare_choices choices enabled)
  set(chosen "")
  get_property(one_of GLOBAL PROPERTY UNICORE_INTERFACES_one-of)
  foreach(interface IN LISTS one_of)
    if(interface MATCHES "^(arch|platform)([.]|$)")
      continue()  # chosen by UNICORE_ARCHITECTURE and UNICORE_PLATFORM
    endif()
    get_property(providers GLOBAL PROPERTY UNICORE_PROVIDERS_OF_${interface})
    _unicore_variable_name(suffix ${interface})
    set(variable UNICORE_PROVIDER_${suffix})
    set(${variable} "" CACHE STRING "Provider of ${interface}; empty: the default")
    set_property(CACHE ${variable} PROPERTY STRINGS "" ${providers})
    _unicore_known(${variable} "")
    if(${variable})
      list(APPEND chosen "${interface}=${${variable}}")
    endif()
  endforeach()
  set(on "")
  get_property(many_of GLOBAL PROPERTY UNICORE_INTERFACES_many-of)
  get_property(on_request GLOBAL PROPERTY UNICORE_ON_REQUEST)
  foreach(interface IN LISTS many_of)
    get_property(providers GLOBAL PROPERTY UNICORE_PROVIDERS_OF_${interface})
    list(REMOVE_ITEM providers ${on_request} "")
    foreach(provider IN LISTS providers)
      _unicore_variable_name(suffix ${provider})
      set(variable UNICORE_WITH_${suffix})
      set(${variable} ON CACHE BOOL "Include ${provider} where ${interface} is needed and it can run")
      _unicore_known(${variable} ON)
      set(value false)
      if(${variable})
        set(value true)
      endif()
      list(APPEND on "\"${provider}\":${value}")
    endforeach()
  endforeach()
  list(REMOVE_DUPLICATES on)
  list(JOIN on "," on)
  set(${choices} "${chosen}" PARENT_SCOPE)
  set(${enabled} "{${on}}" PARENT_SCOPE)
endfunction()

function(_unicore_write_metadata file)
  _unicore_declare_choices(choices enabled)
  _unicore_json_map(choices ${choices})
  _unicore_json_map(defaults ${UNICORE_DEFAULT_PROVIDERS})

  get_property(known GLOBAL PROPERTY UNICORE_KNOWN)
  _unicore_forget("${known}")
  get_cmake_property(variables CACHE_VARIABLES)
  set(cache "")
  foreach(variable IN LISTS variables)
    get_property(type CACHE ${variable} PROPERTY TYPE)
    if(variable MATCHES "^UNICORE_" AND NOT variable MATCHES "^UNICORE_INTERNAL_" AND NOT type STREQUAL "INTERNAL")
      _unicore_json_string(value "$CACHE{${variable}}")
      string(APPEND cache ",\n   \"${variable}\":${value}")  # not a list: values may be lists
    endif()
  endforeach()
  string(REGEX REPLACE "^," "" cache "${cache}")
  set(seen ${known} ${UNICORE_INTERNAL_SEEN})
  list(REMOVE_DUPLICATES seen)
  set(UNICORE_INTERNAL_SEEN "${seen}" CACHE INTERNAL "Variables that some configure of this tree has declared")
  _unicore_json_array(seen ${seen})
  _unicore_json_array(known ${known} UNICORE_PLATFORM UNICORE_ARCHITECTURE UNICORE_POOLS UNICORE_PRESET
                      UNICORE_DEFAULT_PROVIDERS UNICORE_TESTS)

  set(target "")
  set(build_type "${CMAKE_BUILD_TYPE}")
  foreach(pair IN ITEMS architecture=UNICORE_ARCHITECTURE platform=UNICORE_PLATFORM preset=UNICORE_PRESET
                        build_type=CMAKE_BUILD_TYPE source_root=CMAKE_SOURCE_DIR build_root=CMAKE_BINARY_DIR
                        unicore_root=UNICORE_ROOT version=UNICORE_VERSION
                        compiler=CMAKE_CXX_COMPILER_ID compiler_version=CMAKE_CXX_COMPILER_VERSION)
    string(REPLACE "=" ";" pair "${pair}")
    list(GET pair 0 key)
    list(GET pair 1 variable)
    _unicore_json_string(value "${${variable}}")
    list(APPEND target "\"${key}\":${value}")
  endforeach()
  list(JOIN target "," target)

  set(text "{\"schema\":1,\n \"target\":{${target}}")
  foreach(kind IN ITEMS interfaces components options settings images problems)
    get_property(records GLOBAL PROPERTY UNICORE_METADATA_${kind})
    string(REGEX REPLACE "^," "" records "${records}")
    string(APPEND text ",\n \"${kind}\":[${records}]")
  endforeach()
  get_property(always GLOBAL PROPERTY UNICORE_IN_EVERY_IMAGE)  # what the compiler's options of this tree call for
  _unicore_json_array(always ${always})
  string(APPEND text ",\n \"in_every_image\":${always}")
  string(APPEND text ",\n \"provider_choices\":${choices},\n \"provider_defaults\":${defaults}"
                     ",\n \"enabled\":${enabled},\n \"cache\":{${cache}},\n \"known\":${known},\n \"seen_before\":${seen}}\n")
  file(WRITE "${file}" "${text}")
endfunction()

function(_unicore_resolve)
  _unicore_conformance_images()
  _unicore_write_metadata("${UNICORE_TREE}/metadata.json")
  execute_process(
    COMMAND ${UNICORE_PYTHON} -X "pycache_prefix=${UNICORE_TREE}/pycache" "${UNICORE_TOOL}" --tree "${CMAKE_BINARY_DIR}" resolve
            --metadata "${UNICORE_TREE}/metadata.json" --out "${UNICORE_TREE}"
    RESULT_VARIABLE status ERROR_VARIABLE errors)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "${errors}")
  endif()
  if(errors)
    message(NOTICE "${errors}")
  endif()
  include("${UNICORE_TREE}/resolution.cmake")
  get_property(images GLOBAL PROPERTY UNICORE_IMAGES)
  foreach(image IN LISTS images)
    _unicore_finish_image(${image} "${UNICORE_CLOSURE_${image}}" "${UNICORE_BOOT_${image}}")
  endforeach()
  _unicore_tree_targets()
  _unicore_finish_tests()
  if(CMAKE_EXPORT_COMPILE_COMMANDS)
    # Editors look here, and find the tree that was configured last.
    file(CREATE_LINK "${CMAKE_BINARY_DIR}/compile_commands.json" "${CMAKE_SOURCE_DIR}/compile_commands.json"
         RESULT ignored SYMBOLIC)
  endif()
endfunction()

# Targets that are about the tree as a whole.
function(_unicore_tree_targets)
  set(tool ${UNICORE_PYTHON} "${UNICORE_TOOL}" --tree "${CMAKE_BINARY_DIR}")
  add_custom_target(components COMMAND ${tool} components USES_TERMINAL VERBATIM)
  find_program(UNICORE_INTERNAL_CCMAKE NAMES ccmake)
  mark_as_advanced(UNICORE_INTERNAL_CCMAKE)
  if(UNICORE_INTERNAL_CCMAKE)
    add_custom_target(menu COMMAND "${UNICORE_INTERNAL_CCMAKE}" "${CMAKE_BINARY_DIR}" USES_TERMINAL VERBATIM)
  endif()
  if(NOT UNICORE_PLATFORM STREQUAL "host")
    add_custom_target(bench COMMAND ${tool} bench USES_TERMINAL VERBATIM)
    get_property(images GLOBAL PROPERTY UNICORE_IMAGES)
    foreach(image IN ITEMS hello threads libcxx.fmt libcxx.print libcxx.throw)
      if(image IN_LIST images)
        add_dependencies(bench ${image})
      endif()
    endforeach()
  endif()
  # The same commands by hand, with arguments: build/PRESET/unicore why hello base
  file(CONFIGURE OUTPUT "${CMAKE_BINARY_DIR}/unicore.sh" @ONLY CONTENT
"#!/bin/sh
# Reports and actions of this build tree; without arguments: what there is.
exec '@UNICORE_INTERNAL_PYTHON@' -ESs -X pycache_prefix='@UNICORE_TREE@/pycache' '@UNICORE_TOOL@' --tree '@CMAKE_BINARY_DIR@' \"$@\"
")
  file(CHMOD "${CMAKE_BINARY_DIR}/unicore.sh" PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE
       GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
endfunction()
