# SPDX-License-Identifier: BSD-3-Clause
# Unicore's own components and those of the user's pools.
macro(unicore_load_pools)
  unicore_pool(unicore-architectures "${UNICORE_ROOT}/architectures")
  unicore_pool(unicore-platforms "${UNICORE_ROOT}/platforms")
  unicore_pool(unicore "${UNICORE_ROOT}/components")
  foreach(_unicore_folder IN LISTS UNICORE_POOLS)
    cmake_path(ABSOLUTE_PATH _unicore_folder BASE_DIRECTORY "${CMAKE_SOURCE_DIR}" NORMALIZE)
    cmake_path(GET _unicore_folder FILENAME _unicore_name)
    unicore_pool(${_unicore_name} "${_unicore_folder}")
  endforeach()
endmacro()
