# SPDX-License-Identifier: BSD-3-Clause
# ACPICA's table manager as Xen keeps it: without the interpreter, and used where there is no heap yet. What its files
# include of Xen's is empty here; components/bus/acpi/host.h defines the few names that they need.
set(hash 53922f4d0a02c577f2ea9d63f65989cd88715779eebeed879ca1d314103ee06e)
set(include "")
set(sources "")
set(headers "")
if(UNICORE_PLATFORM STREQUAL "baremetal" AND UNICORE_ARCHITECTURE STREQUAL "x86_64")
  unicore_third_party_source(acpica PACKAGE xen VERSION 4.17.5 FILE xen_4.17.5+72-g01140da4e8.orig.tar.xz SHA256 ${hash}
    PARTS xen/drivers/acpi/tables xen/include/acpi OUT folder)
  _unicore_only(include acpica "${folder}/xen/include/acpi")
  foreach(header IN ITEMS xen/cache xen/ctype xen/init xen/kernel xen/spinlock xen/string
                          asm/acpi asm/atomic asm/current asm/div64 asm/system)
    if(NOT EXISTS "${include}/${header}.h")
      file(WRITE "${include}/${header}.h" "")
    endif()
  endforeach()
  foreach(file IN ITEMS tbfadt tbinstal tbutils tbxface)
    list(APPEND sources "${folder}/xen/drivers/acpi/tables/${file}.c")
  endforeach()
  set(headers newlib.headers)
endif()
unicore_external(acpica SUMMARY "ACPICA's table manager, from Xen's sources" LICENCE "BSD-3-Clause OR GPL-2.0-only"
  VERSION 4.17.5 SHA256 ${hash} INCLUDE "${include}" REQUIRES ${headers} SOURCES ${sources})
if(sources)
  target_compile_options(acpica PRIVATE
    "-ffile-prefix-map=${folder}=acpica" -include "${UNICORE_ROOT}/components/bus/acpi/host.h")
endif()
