# SPDX-License-Identifier: BSD-3-Clause
# Tests, in the kinds of docs/testing.md; the kind is the ctest label.

#[[ unicore_add_test(NAME LABEL kind [SUITE suite] [COST seconds] TIMEOUT seconds COMMAND …)
A test named after its build tree, so that one ctest can run those of all trees. The suite is the row of the matrix of
pairs that it belongs to: its own name, if nothing else is said; NONE for what is no matter of pairs. Tests with a cost are started first, the dearest at the head. ]]
function(unicore_add_test name)
  cmake_parse_arguments(PARSE_ARGV 1 t "" "LABEL;SUITE;COST;TIMEOUT" "COMMAND")
  cmake_path(GET CMAKE_BINARY_DIR FILENAME tree)
  add_test(NAME ${tree}/${name} COMMAND ${t_COMMAND})
  set_tests_properties(${tree}/${name} PROPERTIES LABELS ${t_LABEL} TIMEOUT ${t_TIMEOUT})
  if(t_COST)
    set_tests_properties(${tree}/${name} PROPERTIES COST ${t_COST})
  endif()
  if(NOT t_SUITE)
    set(t_SUITE ${name})
  endif()
  # These kinds are run once, in whatever tree.
  if(NOT t_SUITE STREQUAL "NONE" AND NOT t_LABEL MATCHES "^(docs|host|resolver|tools)$")
    set_property(GLOBAL APPEND PROPERTY UNICORE_SUITE_TESTS "${t_SUITE} ${tree}/${name}")
  endif()
endfunction()

# unicore_needs_lab(TEST LEVEL…): a test that boots Xen, and so waits until the lab has what LEVEL boots:
# hypervisor or hypervisor-arm64, or dom0. Fetching is a test of its own, with a time limit of its own.
function(unicore_needs_lab name)
  cmake_path(GET CMAKE_BINARY_DIR FILENAME tree)
  foreach(level IN LISTS ARGN)
    get_property(there GLOBAL PROPERTY UNICORE_LAB_${level})
    if(NOT there)
      set_property(GLOBAL PROPERTY UNICORE_LAB_${level} TRUE)
      unicore_add_test(lab.${level} LABEL system SUITE NONE TIMEOUT 900
        COMMAND ${UNICORE_PYTHON} -B "${UNICORE_TOOL}" --tree "${CMAKE_BINARY_DIR}" lab fetch ${level})
      set_tests_properties(${tree}/lab.${level} PROPERTIES FIXTURES_SETUP lab-${level})
    endif()
    set_property(TEST ${tree}/${name} APPEND PROPERTY FIXTURES_REQUIRED lab-${level})
  endforeach()
endfunction()

# Whether the current folder's tests belong to this tree: those of the user's pools always, those of Unicore's
# own where UNICORE_TESTS says so. An install has none, and an application builds its own images only.
function(_unicore_tests_here out)
  _unicore_pool(pool)
  set(${out} TRUE PARENT_SCOPE)
  if(pool MATCHES "^unicore(-architectures|-platforms)?$" AND NOT UNICORE_TESTS)
    set(${out} FALSE PARENT_SCOPE)
  endif()
endfunction()

#[[ unicore_test(COMPONENT ON host SOURCES … [USES …])
A unit test of a component on the build machine, with Catch2 and sanitizers. USES names components
that take the part of what the component requires; SOURCES may bring fakes of the rest. ]]
function(unicore_test component)
  _unicore_parse(t unicore_test "${component}" 1 "" "ON" "SOURCES;USES")
  if(NOT t_ON STREQUAL "host")
    message(FATAL_ERROR "  unicore_test(${component}): ON ${t_ON} is not known; ON host is.\n"
                        "  For tests inside images: unicore_conformance, unicore_boot_test.")
  endif()
  _unicore_tests_here(here)
  if(NOT here OR NOT UNICORE_PLATFORM STREQUAL "host")
    return()
  endif()
  set_property(GLOBAL APPEND PROPERTY UNICORE_HOST_TESTS ${component})
  add_executable(${component}.test ${t_SOURCES})
  target_include_directories(${component}.test PRIVATE "${CMAKE_CURRENT_SOURCE_DIR}" "${CMAKE_CURRENT_SOURCE_DIR}/test")
  target_link_libraries(${component}.test PRIVATE unicore_flags ${component} ${t_USES} base unicore_catch platform.host arch.host)
  target_precompile_headers(${component}.test REUSE_FROM unicore_tested_with)
  list(FILTER t_SOURCES INCLUDE REGEX "[.]c$")
  set_source_files_properties(${t_SOURCES} PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
  unicore_add_test(${component} LABEL host TIMEOUT 120 COMMAND ${component}.test)
endfunction()

#[[ unicore_conformance(INTERFACE SUITE function SOURCES … [USES …])
What every provider of an interface must do: void f(unicore::debug::Check&) noexcept. It runs on the
host in the unit test of every provider that has one, and in an image of its own for every provider
that this target supports. ]]
function(unicore_conformance interface)
  _unicore_parse(t unicore_conformance "${interface}" 1 "" "SUITE" "SOURCES;USES")
  _unicore_tests_here(here)
  if(NOT here)
    return()
  endif()
  _unicore_absolute(sources ${t_SOURCES})
  set_property(GLOBAL APPEND PROPERTY UNICORE_CONFORMANCE ${interface})
  set_property(GLOBAL PROPERTY UNICORE_CONFORMANCE_SUITE_${interface} ${t_SUITE})
  set_property(GLOBAL PROPERTY UNICORE_CONFORMANCE_SOURCES_${interface} ${sources})
  set_property(GLOBAL PROPERTY UNICORE_CONFORMANCE_USES_${interface} ${t_USES})
endfunction()

include("${CMAKE_CURRENT_LIST_DIR}/suites.cmake")
set_property(GLOBAL APPEND PROPERTY UNICORE_KNOWN UNICORE_EVERY_SUITE)

#[[ unicore_suites_here(OUT)
Whether this tree tests libraries and languages, which take long to build and depend on the architecture more than on the
platform: always, but where UNICORE_EVERY_SUITE is off on the pairs of suites.cmake only. ]]
function(unicore_suites_here out)
  set(${out} OFF PARENT_SCOPE)
  if(UNICORE_EVERY_SUITE OR UNICORE_PLATFORM STREQUAL "host"
     OR "${UNICORE_PLATFORM}-${UNICORE_ARCHITECTURE}" IN_LIST UNICORE_SUITE_PAIRS)
    set(${out} ON PARENT_SCOPE)
  endif()
endfunction()

# Whether a component's constraints allow this target.
function(_unicore_supported out component)
  set(${out} TRUE PARENT_SCOPE)
  foreach(pair IN ITEMS "UNICORE_PLATFORMS;${UNICORE_PLATFORM}" "UNICORE_ARCHITECTURES;${UNICORE_ARCHITECTURE}")
    list(GET pair 0 property)
    list(GET pair 1 value)
    get_target_property(allowed ${component} ${property})
    if(allowed AND NOT value IN_LIST allowed)
      set(${out} FALSE PARENT_SCOPE)
    endif()
  endforeach()
endfunction()

# The declaration of a suite: unicore::a::b -> `namespace unicore::a { void b(unicore::debug::Check&) noexcept; }`
function(_unicore_declare_suite out suite)
  string(REGEX MATCH "^(.*)::([^:]+)$" matched "${suite}")
  set(${out} "namespace ${CMAKE_MATCH_1} {\nvoid ${CMAKE_MATCH_2}(unicore::debug::Check& check) noexcept;\n}" PARENT_SCOPE)
endfunction()

# Before resolution: an image for every provider that has a suite to pass.
function(_unicore_conformance_images)
  get_property(interfaces GLOBAL PROPERTY UNICORE_CONFORMANCE)
  foreach(interface IN LISTS interfaces)
    get_property(suite GLOBAL PROPERTY UNICORE_CONFORMANCE_SUITE_${interface})
    get_property(sources GLOBAL PROPERTY UNICORE_CONFORMANCE_SOURCES_${interface})
    get_property(uses GLOBAL PROPERTY UNICORE_CONFORMANCE_USES_${interface})
    get_property(providers GLOBAL PROPERTY UNICORE_PROVIDERS_OF_${interface})
    _unicore_declare_suite(declaration "${suite}")
    foreach(provider IN LISTS providers)
      if(UNICORE_PLATFORM STREQUAL "host")
        if(TARGET ${provider}.test)
          set(main "${UNICORE_TREE}/conformance/${provider}-${interface}.cpp")
          file(CONFIGURE OUTPUT "${main}" @ONLY CONTENT
"// Generated: the conformance suite of @interface@, run on @provider@.
#include <unicore/debug/check_host.hpp>

@declaration@

TEST_CASE(\"@provider@ conforms to @interface@\") { unicore::debug::run_on_host(@suite@); }
")
          target_sources(${provider}.test PRIVATE "${main}" ${sources})
          target_link_libraries(${provider}.test PRIVATE ${interface} ${uses} debug.check)
        endif()
        continue()
      endif()
      _unicore_supported(supported ${provider})
      if(NOT supported)
        continue()
      endif()
      set(image "conformance.${interface}.${provider}")
      set(main "${UNICORE_TREE}/conformance/${image}.cpp")
      file(CONFIGURE OUTPUT "${main}" @ONLY CONTENT
"// Generated: the conformance suite of @interface@, run on @provider@ inside an image.
#include <unicore/debug/suites.hpp>

@declaration@

int main() {
    static constexpr unicore::debug::NamedSuite suites[] = {{\"@interface@ by @provider@\", @suite@}};
    return unicore::debug::run_suites(suites);
}
")
      unicore_image(${image} SOURCES "${main}" ${sources} COMPONENTS debug.check ${interface} ${uses} ${provider})
      get_property(elsewhere GLOBAL PROPERTY UNICORE_CONFORMANCE_ELSEWHERE_${provider})
      if(NOT elsewhere)
        unicore_boot_test(${image} IMAGE ${image} SUITE conformance.${interface} LABEL image LINES "passed")
      endif()
    endforeach()
  endforeach()
endfunction()

#[[ unicore_boot_test(NAME IMAGE image [STATUS n] [LINES regex…] [ABSENT regex…] [MACHINES all|name…]
                      [DOMAINS pv pvh] [MEMORY size] [SETTINGS …] [ARGUMENTS …] [RUN option…] [LABEL boot] [SUITE suite]
                      [TIMEOUT seconds] [INPUT line…])
Boots an image and compares: LINES must match console lines in this order, ABSENT must match none,
the exit status must be STATUS (0). One test for each of MACHINES on platforms that have several (`all`: for each of the
platform's, unicore_image_link), else on the default one; for each of DOMAINS on xen-x86_64 (both types, if nothing else is said).
INPUT is typed on the console when the first of LINES was seen, and then the end of input: a process's standard input ends,
elsewhere it is Ctrl-D. ]]
function(unicore_boot_test name)
  _unicore_parse(t unicore_boot_test "${name}" 1 "" "IMAGE;STATUS;MEMORY;LABEL;SUITE;TIMEOUT"
                 "LINES;ABSENT;MACHINES;DOMAINS;SETTINGS;ARGUMENTS;RUN;INPUT")
  _unicore_tests_here(here)
  if(NOT here OR UNICORE_PLATFORM STREQUAL "host")
    return()
  endif()
  foreach(default IN ITEMS STATUS=0 LABEL=boot SUITE=${name} TIMEOUT=60)
    string(REPLACE "=" ";" default "${default}")
    list(GET default 0 key)
    if(NOT DEFINED t_${key})
      list(GET default 1 t_${key})
    endif()
  endforeach()
  set(command ${UNICORE_PYTHON} "${UNICORE_TOOL}" --tree "${CMAKE_BINARY_DIR}" expect ${t_IMAGE} --status ${t_STATUS})
  foreach(line IN LISTS t_LINES)
    list(APPEND command "--line=${line}")
  endforeach()
  foreach(line IN LISTS t_ABSENT)
    list(APPEND command "--absent=${line}")
  endforeach()
  foreach(line IN LISTS t_INPUT)
    list(APPEND command "--input=${line}")
  endforeach()
  foreach(setting IN LISTS t_SETTINGS)
    list(APPEND command "--setting=${setting}")
  endforeach()
  get_property(machines GLOBAL PROPERTY UNICORE_IMAGE_MACHINES)
  if(UNICORE_PLATFORM STREQUAL "xen" AND UNICORE_ARCHITECTURE STREQUAL "x86_64")
    set(t_MACHINES ${t_DOMAINS})
    if(NOT t_MACHINES)
      set(t_MACHINES ${machines})
    endif()
  else()
    if(NOT machines)  # no machines: processes
      set(t_MACHINES "")
      set(t_MEMORY "")
    elseif(t_MACHINES STREQUAL "all")
      set(t_MACHINES ${machines})
    endif()
  endif()
  if(t_MEMORY)
    list(APPEND command --memory ${t_MEMORY})
  endif()
  list(APPEND command --timeout ${t_TIMEOUT} ${t_RUN})
  math(EXPR limit "${t_TIMEOUT} + 30")
  if(NOT t_MACHINES)
    set(t_MACHINES default)
  endif()
  set(hypervisor hypervisor)
  if(UNICORE_ARCHITECTURE MATCHES "^(aarch64|arm)$")
    set(hypervisor hypervisor-arm64)
  endif()
  foreach(machine IN LISTS t_MACHINES)
    set(test ${name})
    set(full ${command})
    if(NOT machine STREQUAL "default")
      set(test ${name}.${machine})
      list(APPEND full --machine ${machine})
    endif()
    if(t_ARGUMENTS)
      list(APPEND full -- ${t_ARGUMENTS})
    endif()
    unicore_add_test(${test} LABEL ${t_LABEL} SUITE ${t_SUITE} TIMEOUT ${limit} COMMAND ${full})
    if(UNICORE_PLATFORM STREQUAL "xen")
      unicore_needs_lab(${test} ${hypervisor})
    endif()
  endforeach()
  # The same under KVM, where a probe has shown that this machine's is one.
  if(UNICORE_ACCELERATOR STREQUAL "kvm" AND NOT t_RUN)
    if(t_ARGUMENTS)
      list(APPEND command --accel kvm -- ${t_ARGUMENTS})
    else()
      list(APPEND command --accel kvm)
    endif()
    unicore_add_test(${name}.under-kvm LABEL ${t_LABEL} SUITE ${t_SUITE} TIMEOUT ${limit} COMMAND ${command})
  endif()
endfunction()

# After resolution.
function(_unicore_finish_tests)
  # Pools are left out of `all`, so that nothing is compiled which no image needs; their tests are in.
  get_property(images GLOBAL PROPERTY UNICORE_IMAGES)
  get_property(tests GLOBAL PROPERTY UNICORE_HOST_TESTS)
  if(TARGET embed.test)
    _unicore_finish_embedding(embed.test embed)
  endif()
  list(TRANSFORM tests APPEND .test)
  if(images OR tests)
    add_custom_target(unicore_everything ALL)
    add_dependencies(unicore_everything ${images} ${tests})
  endif()
  unicore_add_test(check.sources LABEL check TIMEOUT 60
    COMMAND ${UNICORE_PYTHON} "${UNICORE_TOOL}" --tree "${CMAKE_BINARY_DIR}" check)
  # Release objects are for the optimiser at link time and have no instructions; they come of the same sources.
  if(images AND NOT CMAKE_BUILD_TYPE STREQUAL "Release")
    get_property(excepted GLOBAL PROPERTY UNICORE_FLOATING_POINT)
    list(TRANSFORM excepted PREPEND --except=)
    unicore_add_test(check.floating-point LABEL check TIMEOUT 60
      COMMAND ${UNICORE_PYTHON} "${UNICORE_TOOL}" --tree "${CMAKE_BINARY_DIR}"
              check-objects ${UNICORE_ARCHITECTURE} --objdump "${CMAKE_OBJDUMP}" ${excepted})
  endif()
  # For the matrix of pairs: a line for every test, its suite first.
  get_property(lines GLOBAL PROPERTY UNICORE_SUITE_TESTS)
  list(JOIN lines "\n" text)
  file(CONFIGURE OUTPUT "${UNICORE_TREE}/suites.txt" CONTENT "${text}\n" @ONLY)
endfunction()

# Whether tests run under KVM as well: /dev/kvm proves nothing, a guest that computes right does.
set(UNICORE_ACCELERATOR none)
if(EXISTS "/dev/kvm" AND NOT UNICORE_PLATFORM STREQUAL "host")
  execute_process(COMMAND ${UNICORE_PYTHON} -B "${UNICORE_TOOL}" --tree "${CMAKE_BINARY_DIR}"
                          accel ${UNICORE_PLATFORM} ${UNICORE_ARCHITECTURE}
                  OUTPUT_VARIABLE UNICORE_ACCELERATOR OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
endif()

if(UNICORE_PLATFORM STREQUAL "host")
  add_custom_target(long)  # what tests of that label need
  file(CONFIGURE OUTPUT "${UNICORE_TREE}/catch_main.cpp" CONTENT "#define CATCH_CONFIG_MAIN\n#include <catch2/catch.hpp>\n")
  add_library(unicore_catch STATIC EXCLUDE_FROM_ALL "${UNICORE_TREE}/catch_main.cpp")
  target_compile_features(unicore_catch PUBLIC cxx_std_23)
  target_link_libraries(unicore_catch PUBLIC catch2.headers)
  # Most of what a unit test takes to compile is these headers. What is tested is compiled without: it includes what it uses.
  file(CONFIGURE OUTPUT "${UNICORE_TREE}/tested_with.hpp" CONTENT "#define CATCH_CONFIG_EXTERNAL_INTERFACES
#include <catch2/catch.hpp>
#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>
")
  file(CONFIGURE OUTPUT "${UNICORE_TREE}/tested_with.cpp" CONTENT "")
  add_library(unicore_tested_with OBJECT EXCLUDE_FROM_ALL "${UNICORE_TREE}/tested_with.cpp")
  target_link_libraries(unicore_tested_with PRIVATE unicore_flags unicore_catch)
  target_compile_options(unicore_tested_with PRIVATE "SHELL:-Xclang -fno-pch-timestamp")
  target_precompile_headers(unicore_tested_with PRIVATE "${UNICORE_TREE}/tested_with.hpp")
endif()
