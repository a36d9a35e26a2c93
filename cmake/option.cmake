# SPDX-License-Identifier: BSD-3-Clause
# Options: typed cache variables, checked by the resolver, seen by C++ as constants in the
# component's own <…/config.hpp>. Settings: chosen at run time on the command line.

#[[ unicore_option(COMPONENT NAME TYPE bool|int|string|choice DEFAULT value
                   [RANGE low high] [UNIT unit] [CHOICES …] HELP text [WHEN condition…])
Called before the component's own call. The cache variable is UNICORE_<COMPONENT>_<NAME>, in capitals;
it can be used as an ordinary variable from here on, in if() for requirements that follow options.
WHEN holds a condition as if() takes it; while it does not hold, the option is hidden from ccmake. ]]
function(unicore_option component name)
  _unicore_parse(o unicore_option "${component} ${name}" 2 "" "TYPE;DEFAULT;UNIT;HELP" "RANGE;CHOICES;WHEN")
  get_property(declared GLOBAL PROPERTY UNICORE_OWNER_${component})
  if(declared)
    _unicore_problem(late-option component component option name where CMAKE_CURRENT_SOURCE_DIR)
  endif()
  _unicore_variable_name(prefix "${component}")
  _unicore_variable_name(suffix "${name}")
  set(variable UNICORE_${prefix}_${suffix})

  set(type STRING)
  if(o_TYPE STREQUAL "bool")
    set(type BOOL)
  endif()
  set(help "${o_HELP}")
  if(o_RANGE)
    list(GET o_RANGE 0 minimum)
    list(GET o_RANGE 1 maximum)
    string(APPEND help " [${minimum} to ${maximum}]")
  endif()
  if(o_UNIT)
    string(APPEND help " (${o_UNIT})")
  endif()
  set(${variable} "${o_DEFAULT}" CACHE ${type} "${help}")
  set_property(CACHE ${variable} PROPERTY HELPSTRING "${help}")
  set_property(CACHE ${variable} PROPERTY TYPE ${type})
  if(o_CHOICES)
    set_property(CACHE ${variable} PROPERTY STRINGS "${o_CHOICES}")
  endif()
  set(holds true)
  if(o_WHEN)
    if(${o_WHEN})
      mark_as_advanced(CLEAR ${variable})
    else()
      set(holds false)
      mark_as_advanced(FORCE ${variable})
    endif()
  endif()

  list(JOIN o_WHEN " " when)
  set_property(GLOBAL APPEND PROPERTY UNICORE_OPTIONS_OF_${component} ${variable})
  _unicore_known(${variable} "${o_DEFAULT}")
  _unicore_record(options
    STRINGS variable variable component component name name type o_TYPE default o_DEFAULT value ${variable}
            minimum minimum maximum maximum unit o_UNIT help o_HELP when when where CMAKE_CURRENT_SOURCE_DIR
    LISTS choices o_CHOICES
    RAW when_holds ${holds})
endfunction()

#[[ unicore_setting(COMPONENT NAME SETTER function ALLOWED text HELP text)
A run-time setting, `NAME=value` on the image's command line. The function is
Result<void> f(std::string_view value) noexcept, and runs before the first boot step. ]]
function(unicore_setting component name)
  _unicore_parse(s unicore_setting "${component} ${name}" 2 "" "SETTER;ALLOWED;HELP" "")
  _unicore_record(settings
    STRINGS component component name name setter s_SETTER allowed s_ALLOWED help s_HELP)
endfunction()
