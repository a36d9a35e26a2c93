# SPDX-License-Identifier: BSD-3-Clause
# What the build tool is run with: Python's own library, and nothing that is installed besides, which would only take time.
find_program(UNICORE_INTERNAL_PYTHON NAMES python3 PATHS /usr/bin NO_DEFAULT_PATH)
find_program(UNICORE_INTERNAL_PYTHON NAMES python3)
mark_as_advanced(UNICORE_INTERNAL_PYTHON)
if(NOT UNICORE_INTERNAL_PYTHON)
  message(FATAL_ERROR "  python3 is not installed, and the resolver is written in it (3.9 or newer, nothing else).")
endif()
set(UNICORE_PYTHON "${UNICORE_INTERNAL_PYTHON}" -ESs CACHE INTERNAL "Python, and what keeps others' modules out")
