# SPDX-License-Identifier: BSD-3-Clause
# Links the images of TREE, with their symbols and descriptions, into the folder INTO.
file(REMOVE_RECURSE "${INTO}")
file(MAKE_DIRECTORY "${INTO}")
file(GLOB files LIST_DIRECTORIES false "${TREE}/images/*")
foreach(file IN LISTS files)
  cmake_path(GET file FILENAME name)
  if(NOT name MATCHES "^conformance[.]|[.]map$")
    file(CREATE_LINK "${file}" "${INTO}/${name}" SYMBOLIC)
  endif()
endforeach()
