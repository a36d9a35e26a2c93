# SPDX-License-Identifier: BSD-3-Clause
# Interfaces and components. Each is a CMake target of its own name, so that requirements are
# ordinary target_link_libraries; what CMake cannot say goes into custom properties and metadata.

set(_unicore_name_pattern "^[a-z][a-z0-9_]*([.][a-z0-9][a-z0-9_]*)*$")

# Checks a name and that nothing else has it. `ok` says whether to go on.
function(_unicore_claim ok name what)
  set(${ok} FALSE PARENT_SCOPE)
  set(here "${CMAKE_CURRENT_SOURCE_DIR}")
  if(NOT name MATCHES "${_unicore_name_pattern}")
    _unicore_problem(bad-name name name where here what what)
    return()
  endif()
  get_property(first GLOBAL PROPERTY UNICORE_OWNER_${name})
  if(first)
    _unicore_problem(duplicate name name first first second here what what)
    return()
  endif()
  set_property(GLOBAL PROPERTY UNICORE_OWNER_${name} "${here}")
  set(${ok} TRUE PARENT_SCOPE)
endfunction()

# _unicore_parse(PREFIX CALL NAME SKIP options one-value multi-value): cmake_parse_arguments for what the calling
# function got behind its first SKIP arguments. Words that it does not know are an error, never ignored.
macro(_unicore_parse prefix call name skip options one multi)
  cmake_parse_arguments(PARSE_ARGV ${skip} ${prefix} "${options}" "${one}" "${multi}")
  if(${prefix}_UNPARSED_ARGUMENTS)
    set(_unicore_where "${CMAKE_CURRENT_SOURCE_DIR}/CMakeLists.txt")
    set(_unicore_call "${call}(${name})")
    set(_unicore_text "${${prefix}_UNPARSED_ARGUMENTS}")
    set(_unicore_known ${options} ${one} ${multi})
    _unicore_problem(unknown-keyword where _unicore_where call _unicore_call text _unicore_text known _unicore_known)
  endif()
endmacro()

function(_unicore_absolute out)
  set(result "")
  foreach(source IN LISTS ARGN)
    cmake_path(ABSOLUTE_PATH source BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}" NORMALIZE)
    list(APPEND result "${source}")
  endforeach()
  set(${out} "${result}" PARENT_SCOPE)
endfunction()

# Sources that run all the time: release builds, which are small else (-Oz), do not make them slow for it. [docs/design-notes.md]
function(_unicore_hot)
  set_source_files_properties(${ARGN} PROPERTIES COMPILE_OPTIONS "$<$<CONFIG:Release>:-Os>")
endfunction()

# Makes the target of an interface or component: a static library, or headers only.
function(_unicore_library name sources)
  set(scope INTERFACE)
  if(sources)
    set(scope PUBLIC)
    set(present "")
    foreach(source IN LISTS sources)
      get_source_file_property(made "${source}" GENERATED)
      if(made OR EXISTS "${source}")
        list(APPEND present "${source}")  # a missing one is the resolver's to report, with advice
      endif()
    endforeach()
    add_library(${name} STATIC EXCLUDE_FROM_ALL ${present})
    set_target_properties(${name} PROPERTIES LINKER_LANGUAGE CXX)
    if(NOT UNICORE_PLATFORM STREQUAL "host")
      # Free-standing, yet with what the compiler knows of memcpy and strlen.
      target_compile_options(${name} PRIVATE
        "$<$<NOT:$<BOOL:$<TARGET_PROPERTY:UNICORE_CXX_HEADERS>>>:-ffreestanding>" -fbuiltin ${UNICORE_NO_FLOATING_POINT})
    endif()
    target_link_libraries(${name} PRIVATE unicore_flags)
  else()
    add_library(${name} INTERFACE)
  endif()
  if(IS_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}/include")
    target_include_directories(${name} ${scope} "${CMAKE_CURRENT_SOURCE_DIR}/include")
  endif()
  # Written by the resolver for whoever has options; empty for the others.
  get_property(options GLOBAL PROPERTY UNICORE_OPTIONS_OF_${name})
  if(options)
    target_include_directories(${name} ${scope} "${UNICORE_TREE}/include/${name}")
  endif()
endfunction()

# Requirements of a target; the names may be declared later.
function(_unicore_link name requires uses)
  get_target_property(type ${name} TYPE)
  if(type STREQUAL "INTERFACE_LIBRARY")
    target_link_libraries(${name} INTERFACE ${requires})
  else()
    target_link_libraries(${name} PUBLIC ${requires} PRIVATE ${uses})
  endif()
endfunction()

# The pool that the current folder belongs to.
function(_unicore_pool out)
  set(${out} "${UNICORE_CURRENT_POOL}" PARENT_SCOPE)
endfunction()

#[[ unicore_interface(NAME ONE_OF|MANY_OF SUMMARY text [DEFAULT provider]
                      [REQUIRES …] [USES …] [SOURCES …] [HOT …])
Something that components provide and others require. ONE_OF: each image has exactly one provider,
bound at link time; SOURCES is what they share. MANY_OF: any number; SOURCES is what they register with.
HOT is as in unicore_component. ]]
function(unicore_interface name)
  _unicore_parse(i unicore_interface "${name}" 1 "ONE_OF;MANY_OF" "SUMMARY;DEFAULT;LICENCE" "REQUIRES;USES;SOURCES;HOT")
  _unicore_claim(ok "${name}" interface)
  if(NOT ok)
    return()
  endif()
  set(kind one-of)
  if(i_MANY_OF)
    set(kind many-of)
  endif()
  if(NOT i_LICENCE)
    set(i_LICENCE BSD-3-Clause)
  endif()
  _unicore_absolute(sources ${i_SOURCES} ${i_HOT})
  _unicore_hot(${i_HOT})
  _unicore_library(${name} "${sources}")
  _unicore_link(${name} "${i_REQUIRES}" "${i_USES}")
  _unicore_pool(pool)
  set_target_properties(${name} PROPERTIES UNICORE_KIND ${kind} UNICORE_SUMMARY "${i_SUMMARY}")
  set_property(GLOBAL APPEND PROPERTY UNICORE_INTERFACES_${kind} ${name})
  _unicore_record(interfaces
    STRINGS name name kind kind default i_DEFAULT summary i_SUMMARY licence i_LICENCE
            root CMAKE_CURRENT_SOURCE_DIR pool pool
    LISTS requires i_REQUIRES uses i_USES sources sources)
endfunction()

#[[ unicore_component(NAME SUMMARY text [LICENCE spdx] [PROVIDES interface…] [REQUIRES …] [USES …]
                      [INVITES interface…] [DEVICES net block] [LEAST_MEMORY nM] [CONFLICTS …] [ARCHITECTURES …] [PLATFORMS …] [SOURCES …]
                      [HOT …] [INIT function] [STOP function] [STACK bytes] [FLOATING_POINT] [ON_REQUEST])
REQUIRES is what its headers include, USES what only its sources include. INVITES names MANY_OF interfaces
whose providers come with it, those that there are, without it depending on them. DEVICES is
what the machine must have for it, LEAST_MEMORY the RAM with which it is of use, in MiB. HOT are more sources, those that
run with every packet, call or block: release builds optimise them for speed where it costs few bytes. INIT and STOP are its steps
in the boot sequence and in the orderly stop: Result<void> start() noexcept; void stop() noexcept.
ON_REQUEST: as a provider of MANY_OF interfaces it comes only with who names it, not with every image that it works in.
FLOATING_POINT lets it use floating-point registers (never in interrupt handlers). STACK is how much of it main has at
least in images with this component, where the platform's is of a size of the image's choice; 16384, if nobody says more. ]]
function(unicore_component name)
  _unicore_parse(c unicore_component "${name}" 1 "FLOATING_POINT;ON_REQUEST" "SUMMARY;LICENCE;INIT;STOP;LEAST_MEMORY;STACK"
                 "PROVIDES;REQUIRES;USES;INVITES;DEVICES;CONFLICTS;ARCHITECTURES;PLATFORMS;SOURCES;HOT")
  _unicore_claim(ok "${name}" component)
  if(NOT ok)
    return()
  endif()
  if(NOT c_LICENCE)
    set(c_LICENCE BSD-3-Clause)
  endif()
  if(c_FLOATING_POINT)
    set(UNICORE_NO_FLOATING_POINT "")
    set_property(GLOBAL APPEND PROPERTY UNICORE_FLOATING_POINT ${name})
  endif()
  _unicore_absolute(sources ${c_SOURCES} ${c_HOT})
  _unicore_hot(${c_HOT})
  _unicore_library(${name} "${sources}")
  _unicore_link(${name} "${c_PROVIDES};${c_REQUIRES}" "${c_USES}")
  _unicore_pool(pool)
  set_target_properties(${name} PROPERTIES UNICORE_KIND component UNICORE_SUMMARY "${c_SUMMARY}"
    UNICORE_LICENCE "${c_LICENCE}" UNICORE_PROVIDES "${c_PROVIDES}" UNICORE_REQUIRES "${c_REQUIRES}"
    UNICORE_USES "${c_USES}" UNICORE_CONFLICTS "${c_CONFLICTS}" UNICORE_ARCHITECTURES "${c_ARCHITECTURES}"
    UNICORE_PLATFORMS "${c_PLATFORMS}" UNICORE_INIT "${c_INIT}" UNICORE_STOP "${c_STOP}" UNICORE_STACK "${c_STACK}")
  foreach(interface IN LISTS c_PROVIDES)
    set_property(GLOBAL APPEND PROPERTY UNICORE_PROVIDERS_OF_${interface} ${name})
  endforeach()
  set(on_request false)
  if(c_ON_REQUEST)
    set(on_request true)
    set_property(GLOBAL APPEND PROPERTY UNICORE_ON_REQUEST ${name})
  endif()
  _unicore_record(components
    STRINGS name name summary c_SUMMARY licence c_LICENCE init c_INIT stop c_STOP least_memory c_LEAST_MEMORY
            root CMAKE_CURRENT_SOURCE_DIR pool pool
    LISTS provides c_PROVIDES requires c_REQUIRES uses c_USES invites c_INVITES devices c_DEVICES conflicts c_CONFLICTS
          architectures c_ARCHITECTURES platforms c_PLATFORMS sources sources
    RAW external false on_request ${on_request})
endfunction()

#[[ unicore_symbols(COMPONENT pattern…)
What programs call that only images with this component have, though headers of others declare it; `*` stands for anything.
The linker that misses such a symbol says which component to name. ]]
function(unicore_symbols component)
  set_property(GLOBAL APPEND PROPERTY UNICORE_WITH_SYMBOLS ${component})
  set_property(GLOBAL PROPERTY UNICORE_SYMBOLS_${component} "${ARGN}")
endfunction()

# A component from elsewhere: headers, and sources to compile, that a recipe in cmake/third_party found.
function(unicore_external name)
  cmake_parse_arguments(PARSE_ARGV 1 c "" "SUMMARY;LICENCE;VERSION;SHA256;INCLUDE" "REQUIRES;SOURCES")
  _unicore_claim(ok "${name}" external)
  if(NOT ok)
    return()
  endif()
  set(scope INTERFACE)
  if(c_SOURCES)
    set(scope PUBLIC)
    _unicore_library(${name} "${c_SOURCES}")
    target_compile_options(${name} PRIVATE -w)  # its warnings are its authors'
    set_target_properties(${name} PROPERTIES LINKER_LANGUAGE C)
  else()
    add_library(${name} INTERFACE)
  endif()
  target_link_libraries(${name} ${scope} ${c_REQUIRES})
  if(c_INCLUDE)
    target_include_directories(${name} SYSTEM ${scope} "${c_INCLUDE}")
  endif()
  set(none "")
  set(pool third-party)
  _unicore_record(components
    STRINGS name name summary c_SUMMARY licence c_LICENCE version c_VERSION sha256 c_SHA256
            init none stop none root CMAKE_CURRENT_SOURCE_DIR pool pool
    LISTS provides none requires c_REQUIRES uses none conflicts none architectures none platforms none sources none
    RAW external true)
endfunction()

# Adds every folder below `folder` that has a CMakeLists.txt, as the pool `name`.
function(unicore_pool name folder)
  cmake_path(ABSOLUTE_PATH folder BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}" NORMALIZE)
  if(NOT IS_DIRECTORY "${folder}")
    set(known "")
    _unicore_problem(missing-pool name name where folder)
    return()
  endif()
  set(UNICORE_CURRENT_POOL "${name}")
  file(GLOB_RECURSE lists LIST_DIRECTORIES false CONFIGURE_DEPENDS "${folder}/CMakeLists.txt")
  list(SORT lists)
  foreach(file IN LISTS lists)
    cmake_path(GET file PARENT_PATH directory)
    cmake_path(RELATIVE_PATH directory BASE_DIRECTORY "${folder}" OUTPUT_VARIABLE relative)
    if(relative MATCHES "(^|/)(test|build)(/|$)")
      continue()
    endif()
    add_subdirectory("${directory}" "${UNICORE_TREE}/pools/${name}/${relative}" EXCLUDE_FROM_ALL)
  endforeach()
endfunction()
