# SPDX-License-Identifier: BSD-3-Clause
# Files that become part of an image: what the component embed finds by name.

#[[ unicore_embed(TARGET [BASE folder] [AS prefix] FILES file…)
Puts files into the image TARGET, or into every image that has the component TARGET, as read-only data. Each is named by
its path from BASE (the current folder), behind `prefix/` if there is one. Called after the target's own call. Files that
a rule of this folder makes need not be there yet. ]]
function(unicore_embed target)
  _unicore_parse(e unicore_embed "${target}" 1 "" "BASE;AS" "FILES")
  set(where "${CMAKE_CURRENT_SOURCE_DIR}/CMakeLists.txt")
  if(NOT TARGET ${target})
    get_property(known GLOBAL PROPERTY UNICORE_OWNER_${target})
    _unicore_tests_here(tests)
    if(NOT known AND tests AND NOT target MATCHES "[.]test$")
      _unicore_problem(embed-nowhere target target where where)
    endif()
    return()  # an image of another tree
  endif()
  set(base "${CMAKE_CURRENT_SOURCE_DIR}")
  if(e_BASE)
    cmake_path(ABSOLUTE_PATH e_BASE BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}" NORMALIZE OUTPUT_VARIABLE base)
  endif()
  foreach(file IN LISTS e_FILES)
    cmake_path(ABSOLUTE_PATH file BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}" NORMALIZE OUTPUT_VARIABLE path)
    get_source_file_property(made "${path}" GENERATED)
    if(NOT EXISTS "${path}" AND NOT made)
      _unicore_problem(embed-missing target target file path where where)
      continue()
    endif()
    cmake_path(RELATIVE_PATH path BASE_DIRECTORY "${base}" OUTPUT_VARIABLE name)
    if(name MATCHES "^[.][.]/")
      _unicore_problem(embed-outside target target file path base base where where)
      continue()
    endif()
    if(e_AS)
      string(PREPEND name "${e_AS}/")
    endif()
    set_property(TARGET ${target} APPEND PROPERTY UNICORE_EMBEDDED "${name}=${path}")
  endforeach()
endfunction()

# After resolution: the table of an image, or of a unit test, out of what it and `parts` embed.
function(_unicore_finish_embedding name parts)
  set(names "")
  set(paths "")
  foreach(target IN LISTS parts ITEMS ${name})
    get_target_property(files ${target} UNICORE_EMBEDDED)
    foreach(file IN LISTS files)
      if(NOT file)
        continue()  # nothing is embedded: files-NOTFOUND
      endif()
      string(FIND "${file}" "=/" at REVERSE)
      string(SUBSTRING "${file}" 0 ${at} embedded)
      math(EXPR at "${at} + 1")
      string(SUBSTRING "${file}" ${at} -1 path)
      list(FIND names "${embedded}" other)
      if(other GREATER_EQUAL 0)
        list(GET paths ${other} other)
        message(FATAL_ERROR "  embedded twice: ${name} has two files of the name ${embedded}.\n"
                            "    files       ${other}\n"
                            "                ${path}\n"
                            "    fix         AS or BASE in unicore_embed, so that they differ")
      endif()
      list(APPEND names "${embedded}")
      list(APPEND paths "${path}")
    endforeach()
  endforeach()
  if(NOT "embed" IN_LIST parts)
    if(names)
      list(GET names 0 first)
      message(FATAL_ERROR "  embedded for nobody: ${name} has ${first}, and no component that finds it.\n"
                          "    fix         COMPONENTS embed in unicore_image(${name} ...)")
    endif()
    return()
  endif()
  set(table "")
  set(contents "")
  set(number 0)
  set(sorted ${names})
  list(SORT sorted)  # by bytes, as embed.cpp compares
  foreach(embedded IN LISTS sorted)
    list(FIND names "${embedded}" at)
    list(GET paths ${at} path)
    string(REGEX REPLACE "([\"\\\\])" "\\\\\\1" embedded "${embedded}")
    string(REGEX REPLACE "([\"\\\\])" "\\\\\\1" path "${path}")
    string(APPEND table "    .long name${number} - unicore_embedded, name${number}_end - name${number}\n"
                        "    .long contents${number} - unicore_embedded, contents${number}_end - contents${number}\n")
    string(APPEND contents "name${number}:\n    .ascii \"${embedded}\"\nname${number}_end:\n    .byte 0\n"
                           "    .balign 16\ncontents${number}:\n    .incbin \"${path}\"\ncontents${number}_end:\n    .byte 0\n")
    math(EXPR number "${number} + 1")
  endforeach()
  set(source "${UNICORE_TREE}/embedded/${name}.S")
  file(CONFIGURE OUTPUT "${source}" @ONLY CONTENT
"/* Generated: the files of @name@, for components/embed/embed.cpp. */
    .section .rodata.unicore_embedded, \"a\", %progbits
    .balign 16
    .globl unicore_embedded
unicore_embedded:
    .long @number@
@table@@contents@
    .section .note.GNU-stack, \"\", %progbits
")
  get_target_property(directory ${name} SOURCE_DIR)
  set_source_files_properties("${source}" DIRECTORY "${directory}" PROPERTIES OBJECT_DEPENDS "${paths}")
  target_sources(${name} PRIVATE "${source}")
endfunction()
