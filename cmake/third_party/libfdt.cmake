# SPDX-License-Identifier: BSD-3-Clause
# Flattened device trees, read only: what bus.devicetree's unit test compares with. Trusted Firmware-A carries upstream's
# library unchanged, in the smallest source package that has it.
set(sources "")
set(folder "")
if(UNICORE_PLATFORM STREQUAL "host")
  unicore_third_party_source(libfdt PACKAGE arm-trusted-firmware VERSION 2.8.0
    FILE arm-trusted-firmware_2.8.0+dfsg.orig.tar.xz
    SHA256 a4ecc35e0b893fe8682c075fc1bdb858de87e4cb18fbed9a1597e2c9f6d320de
    PARTS lib/libfdt include/lib/libfdt OUT source)
  set(folder "${source}/include/lib/libfdt")
  foreach(file IN ITEMS fdt fdt_addresses fdt_ro)
    list(APPEND sources "${source}/lib/libfdt/${file}.c")
  endforeach()
endif()
unicore_external(libfdt SUMMARY "Flattened device trees, for unit tests to compare with" LICENCE BSD-2-Clause VERSION 1.6.1
  INCLUDE "${folder}" SOURCES ${sources})
if(sources)
  target_compile_definitions(libfdt PRIVATE _GNU_SOURCE)
  target_compile_options(libfdt PRIVATE "-ffile-prefix-map=${source}=libfdt")
endif()
