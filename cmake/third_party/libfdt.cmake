# SPDX-License-Identifier: BSD-3-Clause
# Flattened device trees, read only. Trusted Firmware-A carries upstream's library unchanged, in the smallest source
# package that has it.
set(sources "")
set(folder "")
if(UNICORE_PLATFORM STREQUAL "host" OR (UNICORE_ARCHITECTURE MATCHES "^(aarch64|arm)$" AND NOT UNICORE_PLATFORM STREQUAL "linux"))
  unicore_third_party_source(libfdt PACKAGE arm-trusted-firmware VERSION 2.8.0
    FILE arm-trusted-firmware_2.8.0+dfsg.orig.tar.xz
    SHA256 a4ecc35e0b893fe8682c075fc1bdb858de87e4cb18fbed9a1597e2c9f6d320de
    PARTS lib/libfdt include/lib/libfdt OUT source)
  set(folder "${source}/include/lib/libfdt")
  foreach(file IN ITEMS fdt fdt_addresses fdt_ro)
    list(APPEND sources "${source}/lib/libfdt/${file}.c")
  endforeach()
endif()
set(headers "")
if(NOT UNICORE_PLATFORM STREQUAL "host")
  set(headers newlib.headers)
endif()
unicore_external(libfdt SUMMARY "Flattened device trees" LICENCE BSD-2-Clause VERSION 1.6.1
  INCLUDE "${folder}" REQUIRES ${headers} SOURCES ${sources})
if(sources)
  # ASSUME_LATEST: bus.devicetree checks the version. Walking a tree looks at every byte of a
  # name, which is worth optimising for speed.
  target_compile_definitions(libfdt PRIVATE FDT_ASSUME_MASK=4 _GNU_SOURCE)
  target_compile_options(libfdt PRIVATE "-ffile-prefix-map=${source}=libfdt")
  set_source_files_properties("${source}/lib/libfdt/fdt.c" PROPERTIES COMPILE_OPTIONS -O2)
endif()
