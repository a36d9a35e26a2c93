# SPDX-License-Identifier: BSD-3-Clause
# What components, options and images say of themselves is collected as JSON text in global
# properties, one property per kind, and written to a file for the resolver.

# Appends to `out` the JSON string for `text`.
function(_unicore_json_string out text)
  string(REPLACE "\\" "\\\\" text "${text}")
  string(REPLACE "\"" "\\\"" text "${text}")
  string(REPLACE "\n" "\\n" text "${text}")
  string(REPLACE "\t" "\\t" text "${text}")
  set(${out} "\"${text}\"" PARENT_SCOPE)
endfunction()

# The JSON array of the strings after `out`.
function(_unicore_json_array out)
  set(result "")
  foreach(item IN LISTS ARGN)
    _unicore_json_string(item "${item}")
    list(APPEND result "${item}")
  endforeach()
  list(JOIN result "," result)
  set(${out} "[${result}]" PARENT_SCOPE)
endfunction()

# The JSON object of the `key=value` strings after `out`.
function(_unicore_json_map out)
  set(result "")
  foreach(item IN LISTS ARGN)
    string(FIND "${item}" "=" at)
    if(at LESS 0)
      set(key "${item}")
      set(value "")
    else()
      string(SUBSTRING "${item}" 0 ${at} key)
      math(EXPR at "${at} + 1")
      string(SUBSTRING "${item}" ${at} -1 value)
    endif()
    _unicore_json_string(key "${key}")
    _unicore_json_string(value "${value}")
    list(APPEND result "${key}:${value}")
  endforeach()
  list(JOIN result "," result)
  set(${out} "{${result}}" PARENT_SCOPE)
endfunction()

# _unicore_record(KIND [STRINGS key variable …] [LISTS key variable …] [MAPS key variable …] [RAW key text …])
# Values come by the name of a variable of the caller's, so that no list is flattened; this function's
# own variables have a prefix that keeps them apart.
function(_unicore_record _r_kind)
  cmake_parse_arguments(PARSE_ARGV 1 _r "" "" "STRINGS;LISTS;MAPS;RAW")
  set(_r_fields "")
  foreach(_r_form "STRINGS" "LISTS" "MAPS" "RAW")
    list(LENGTH _r_${_r_form} _r_count)
    if(_r_count EQUAL 0)
      continue()
    endif()
    math(EXPR _r_last "${_r_count} - 2")
    foreach(_r_i RANGE 0 ${_r_last} 2)
      math(EXPR _r_j "${_r_i} + 1")
      list(GET _r_${_r_form} ${_r_i} _r_key)
      list(GET _r_${_r_form} ${_r_j} _r_value)
      if(_r_form STREQUAL "STRINGS")
        _unicore_json_string(_r_value "${${_r_value}}")
      elseif(_r_form STREQUAL "LISTS")
        _unicore_json_array(_r_value ${${_r_value}})
      elseif(_r_form STREQUAL "MAPS")
        _unicore_json_map(_r_value ${${_r_value}})
      endif()
      string(APPEND _r_fields ",\"${_r_key}\":${_r_value}")
    endforeach()
  endforeach()
  string(SUBSTRING "${_r_fields}" 1 -1 _r_fields)
  set_property(GLOBAL APPEND_STRING PROPERTY UNICORE_METADATA_${_r_kind} ",\n  {${_r_fields}}")
endfunction()

# _unicore_problem(KIND key variable …): something that the resolver will refuse, in its own words.
function(_unicore_problem _p_kind)
  _unicore_record(problems STRINGS kind _p_kind ${ARGN})
endfunction()

# A cache variable that this configure declares, and its default.
function(_unicore_known variable default)
  set_property(GLOBAL APPEND PROPERTY UNICORE_KNOWN ${variable})
  set(UNICORE_INTERNAL_DEFAULT_${variable} "${default}" CACHE INTERNAL "What ${variable} is when nobody sets it")
endfunction()

# Forgets what an earlier configure declared and this one does not, where nobody ever set it: only a value that
# somebody chose can be stale.
function(_unicore_forget known)
  foreach(variable IN LISTS UNICORE_INTERNAL_SEEN)
    if(NOT variable IN_LIST known AND DEFINED CACHE{${variable}}
       AND "$CACHE{${variable}}" STREQUAL "${UNICORE_INTERNAL_DEFAULT_${variable}}")
      unset(${variable} CACHE)
    endif()
  endforeach()
endfunction()

# The name of the cache variable part for a component: memory.tlsf -> MEMORY_TLSF
function(_unicore_variable_name out name)
  string(TOUPPER "${name}" name)
  string(REGEX REPLACE "[^A-Z0-9]" "_" name "${name}")
  set(${out} "${name}" PARENT_SCOPE)
endfunction()
