# SPDX-License-Identifier: BSD-3-Clause
# newlib's headers: what C++ headers expect of a C library. The library itself is not linked.
unicore_third_party(newlib PACKAGE libnewlib-dev VERSION 3.3.0 LICENCE BSD-3-Clause
  FILE newlib/_newlib_version.h
  SHA256 93a397574a25b9c143cee7fcb86d8fc9a0c9ba418e4710a30d2d19ba1e4120db
  PATHS /usr/include OUT folder)
unicore_external(newlib.headers SUMMARY "C headers of newlib" LICENCE BSD-3-Clause VERSION 3.3.0)
target_include_directories(unicore_flags SYSTEM INTERFACE "${folder}/newlib")
