# SPDX-License-Identifier: BSD-3-Clause
# fmt: headers only, with what it needs of its library in each source that includes it. For images with a C++ library.
set(_fmt_summary "Formats that are compiled, smaller and faster than std::format")
if(UNICORE_PLATFORM STREQUAL "host")
  unicore_external(fmt SUMMARY "${_fmt_summary}" LICENCE MIT VERSION 9.1.0)
  return()
endif()
unicore_third_party(fmt PACKAGE libfmt-dev VERSION 9.1.0 LICENCE MIT
  FILE fmt/core.h
  SHA256 9499dc187c78f4f88c55f878afd375662912439b0cff69c8299a6054350432f7
  PATHS /usr/include OUT folder)
_unicore_only(folder fmt "${folder}/fmt")
unicore_external(fmt SUMMARY "${_fmt_summary}" LICENCE MIT VERSION 9.1.0 REQUIRES libcxx.runtime INCLUDE "${folder}")
# Without std::locale, which would make an image five times as large.
target_compile_definitions(fmt INTERFACE FMT_HEADER_ONLY FMT_STATIC_THOUSANDS_SEPARATOR=',')
