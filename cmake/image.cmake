# SPDX-License-Identifier: BSD-3-Clause
# Images: an application and the closure of what it names, as one bootable file.

#[[ unicore_image(NAME SOURCES … COMPONENTS … [PROVIDERS interface=provider…] [OPTIONS VARIABLE=value…] [STACK bytes])
The target NAME links images/NAME.debug; images/NAME is the file to boot: the same stripped, or what the platform
makes of that (unicore_image_link, MADE_BY).
OPTIONS asserts values of the tree's options; they are set in the cache, not here. STACK is as in unicore_component. ]]
function(unicore_image name)
  _unicore_parse(i unicore_image "${name}" 1 "" "STACK" "SOURCES;COMPONENTS;PROVIDERS;OPTIONS")
  _unicore_tests_here(tests)
  if(NOT tests)
    return()  # an image among the components is a test of theirs
  endif()
  set(what image)
  set(here "${CMAKE_CURRENT_SOURCE_DIR}/CMakeLists.txt")
  if(NOT name MATCHES "^[a-z0-9][a-z0-9_.-]*$")
    _unicore_problem(bad-name name name where here what what)
    return()
  endif()
  get_property(first GLOBAL PROPERTY UNICORE_OWNER_${name})
  if(first OR TARGET ${name})
    if(NOT first)
      set(first "another target")
    endif()
    _unicore_problem(duplicate name name first first second here what what)
    return()
  endif()
  set_property(GLOBAL PROPERTY UNICORE_OWNER_${name} "${here}")
  _unicore_absolute(sources ${i_SOURCES})
  _unicore_record(images
    STRINGS name name root CMAKE_CURRENT_SOURCE_DIR
    LISTS sources sources components i_COMPONENTS
    MAPS providers i_PROVIDERS options i_OPTIONS)
  if(UNICORE_PLATFORM STREQUAL "host")
    return()  # the host has unit tests, no images
  endif()

  set(present "")
  foreach(source IN LISTS sources)
    if(EXISTS "${source}")
      list(APPEND present "${source}")
    endif()
  endforeach()
  add_executable(${name} ${present})
  set_property(GLOBAL APPEND PROPERTY UNICORE_IMAGES ${name})
  set(images "${CMAKE_BINARY_DIR}/images")
  set_target_properties(${name} PROPERTIES
    OUTPUT_NAME ${name}.debug SUFFIX "" RUNTIME_OUTPUT_DIRECTORY "${images}" LINKER_LANGUAGE CXX
    CXX_EXTENSIONS OFF C_STANDARD 17 C_EXTENSIONS OFF UNICORE_STACK "${i_STACK}")
  target_link_libraries(${name} PRIVATE unicore_flags)
  get_property(made_by GLOBAL PROPERTY UNICORE_IMAGE_MADE_BY)
  set(stripped "${images}/${name}")
  set(byproducts "${stripped}")
  set(make "")
  if(made_by)
    set(stripped "${images}/${name}.elf")
    list(APPEND byproducts "${stripped}")
    set(make COMMAND ${made_by})
    foreach(pair IN ITEMS "<NAME>=${name}" "<ELF>=${stripped}" "<DEBUG>=${images}/${name}.debug" "<IMAGE>=${images}/${name}")
      string(REGEX MATCH "^([^=]+)=(.*)$" matched "${pair}")
      list(TRANSFORM make REPLACE "${CMAKE_MATCH_1}" "${CMAKE_MATCH_2}")
    endforeach()
  endif()
  add_custom_command(TARGET ${name} POST_BUILD
    COMMAND "${CMAKE_STRIP}" --strip-all --strip-sections -o "${stripped}" "${images}/${name}.debug"
    ${make}
    COMMAND ${UNICORE_PYTHON} "${UNICORE_TOOL}" --tree "${CMAKE_BINARY_DIR}"
            describe ${name} --elf "${images}/${name}.debug" --out "${images}/${name}.json"
    BYPRODUCTS ${byproducts} "${images}/${name}.json" "${images}/${name}.map"
    VERBATIM)
  get_property(commands GLOBAL PROPERTY UNICORE_IMAGE_COMMANDS)
  foreach(command IN LISTS commands)
    add_custom_command(TARGET ${name} POST_BUILD
      COMMAND ${UNICORE_PYTHON} "${UNICORE_TOOL}" --tree "${CMAKE_BINARY_DIR}" ${command} ${name} --out "${images}"
      VERBATIM)
  endforeach()
endfunction()

#[[ unicore_image_link(SCRIPT file ENTRY symbol [KEEP symbol…] [DEFINE symbol=value…] [MADE_BY program argument…]
                      [MACHINES name…] [THEN command…])
How the images of this tree are linked; called by the selected platform. KEEP names what nothing
refers to and must be there all the same, DEFINE what the script and the sources take from here. MADE_BY is
the program that makes images/NAME, where the platform loads something else than an ELF file; in its
arguments <IMAGE> stands for that file, <DEBUG> for the linked one, <ELF> for the same stripped, images/NAME.elf,
and <NAME> for the image's name. What it writes must depend on nothing else: no time, no folder. MACHINES
are those of the run tool that boot tests mean by `all`. THEN are commands of the build tool for what lies beside each image, called as `command IMAGE --out images/`. ]]
function(unicore_image_link)
  cmake_parse_arguments(PARSE_ARGV 0 l "" "SCRIPT;ENTRY" "KEEP;DEFINE;MADE_BY;MACHINES;THEN")
  set(options --entry=${l_ENTRY} "--script=${l_SCRIPT}")
  foreach(symbol IN LISTS l_KEEP)
    list(APPEND options --undefined=${symbol})
  endforeach()
  foreach(definition IN LISTS l_DEFINE)
    list(APPEND options --defsym=${definition})
  endforeach()
  set_property(GLOBAL PROPERTY UNICORE_IMAGE_MADE_BY "${l_MADE_BY}")
  set_property(GLOBAL PROPERTY UNICORE_IMAGE_MACHINES "${l_MACHINES}")
  set_property(GLOBAL PROPERTY UNICORE_IMAGE_COMMANDS "${l_THEN}")
  set_property(GLOBAL PROPERTY UNICORE_IMAGE_LINK_OPTIONS "${options}")
  set_property(GLOBAL PROPERTY UNICORE_LINKER_SCRIPT "${l_SCRIPT}")
endfunction()

# What the linker calls for each symbol that is nowhere: which component has it, of those that the image has not.
function(_unicore_write_advice out image closure)
  set(cases "")
  get_property(components GLOBAL PROPERTY UNICORE_WITH_SYMBOLS)
  foreach(component IN LISTS components)
    if(NOT component IN_LIST closure)
      get_property(patterns GLOBAL PROPERTY UNICORE_SYMBOLS_${component})
      list(TRANSFORM patterns PREPEND "undefined-symbol:")
      list(JOIN patterns "|" patterns)
      string(APPEND cases "    ${patterns}) component=${component} ;;\n")
    endif()
  endforeach()
  set(script "${UNICORE_TREE}/images/${image}/undefined.sh")
  file(CONFIGURE OUTPUT "${script}" @ONLY NEWLINE_STYLE UNIX CONTENT [[#!/bin/sh
# Called by the linker of @image@ with what is wrong and a symbol's name; written by the configure.
case "$1:$2" in
@cases@    *) exit 0 ;;
esac
echo "@image@: ${2%%_needs_the_component_*} is in $component, which is not in this image." >&2
echo "  fix         add $component to COMPONENTS of unicore_image(@image@ ...)" >&2
]])
  file(CHMOD "${script}" PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
  set(${out} "${script}" PARENT_SCOPE)
endfunction()

# Called by the resolver for each image, with its closure and its boot sequence.
function(_unicore_finish_image name closure boot)
  set(images "${CMAKE_BINARY_DIR}/images")
  get_property(script GLOBAL PROPERTY UNICORE_LINKER_SCRIPT)
  get_property(platform_options GLOBAL PROPERTY UNICORE_IMAGE_LINK_OPTIONS)
  target_sources(${name} PRIVATE "${boot}")
  # Linker scripts include unicore_unwind.lds: from here where something reads tables to unwind by.
  set(tables "${UNICORE_ROOT}/cmake/link/plain")
  set(unwinding "")
  if("libcxx.library" IN_LIST closure)
    set(tables "${UNICORE_ROOT}/cmake/link/unwinding")
    # As the sources are compiled (third_party.cmake): link-time optimisation must be told.
    set(unwinding "SHELL:-mllvm -force-dwarf-frame-section" --eh-frame-hdr)
    if(UNICORE_ARCHITECTURE STREQUAL "arm")
      set(unwinding --target2=rel)  # by which its tables refer to types
    endif()
  endif()
  # lld looks into every archive until nothing is missing, whatever their order.
  target_link_libraries(${name} PRIVATE ${closure})
  _unicore_finish_embedding(${name} "${closure}")
  _unicore_write_advice(advice ${name} "${closure}")
  target_link_options(${name} PRIVATE
    -static -nostdlib --gc-sections --icf=safe --build-id=fast --no-dependent-libraries --fatal-warnings
    -znoexecstack -zmax-page-size=4096 -znorelro -O2  # strings may share their ends
    "SHELL:-mllvm -emulated-tls"  # as the sources are compiled: link-time optimisation must be told
    "--error-handling-script=${advice}" "-L${tables}" ${unwinding} ${UNICORE_LINK_OPTIONS} ${platform_options}
    "-Map=${images}/${name}.map")
  set(stack 0)
  foreach(part IN LISTS closure ITEMS ${name})
    get_target_property(wanted ${part} UNICORE_STACK)
    if(wanted GREATER stack)
      set(stack ${wanted})
    endif()
  endforeach()
  get_property(times GLOBAL PROPERTY UNICORE_STACK_TIMES)  # what the compiler's options of this tree make of frames
  if(times)
    if(NOT stack)
      set(stack 16384)
    endif()
    math(EXPR stack "${stack} * ${times}")
  endif()
  if(stack)
    math(EXPR stack "(${stack} + 4095) / 4096 * 4096")
    target_link_options(${name} PRIVATE --defsym=unicore_stack_size=${stack})
  endif()
  # What lies beside an image tells of its options, also of those that no source includes.
  set_property(TARGET ${name} APPEND PROPERTY LINK_DEPENDS "${script}" "${tables}/unicore_unwind.lds" "${UNICORE_TREE}/images/${name}/image.json")
  foreach(action IN ITEMS run debug explain graph size)
    if(NOT TARGET ${action}-${name})
      _unicore_image_action(${action} ${name})
    endif()
  endforeach()
  add_custom_target(why-not-${name} COMMAND ${UNICORE_PYTHON} "${UNICORE_TOOL}"
    --tree "${CMAKE_BINARY_DIR}" why-not ${name} USES_TERMINAL VERBATIM)
endfunction()

function(_unicore_image_action action name)
  set(extra "")
  if(action STREQUAL "graph")
    set(extra --out "${CMAKE_BINARY_DIR}/images/${name}.graph.svg")
  elseif(action STREQUAL "size")
    set(extra --svg "${CMAKE_BINARY_DIR}/images/${name}.size.svg")
  endif()
  add_custom_target(${action}-${name}
    COMMAND ${UNICORE_PYTHON} "${UNICORE_TOOL}" --tree "${CMAKE_BINARY_DIR}" ${action} ${name} ${extra}
    USES_TERMINAL VERBATIM)
  if(NOT action MATCHES "explain|graph")
    add_dependencies(${action}-${name} ${name})
  endif()
endfunction()
