# SPDX-License-Identifier: BSD-3-Clause
# mimalloc, without its layer over an operating system: components/memory/mimalloc has that.
if(UNICORE_PLATFORM STREQUAL "host")
  unicore_external(mimalloc.library SUMMARY "mimalloc: not on the host" LICENCE MIT VERSION 2.0.9)
  return()
endif()
unicore_third_party_built(mimalloc.library SUMMARY "mimalloc, over memory.pages"
  PACKAGE mimalloc VERSION 2.0.9 LICENCE MIT FILE mimalloc_2.0.9+ds.orig.tar.xz
  SHA256 cbc9d207ff105ad1f0cb739c378076143a6452b8d0624309cea0abfb040e972b
  PARTS include src
  RECIPE "${CMAKE_CURRENT_LIST_DIR}/mimalloc" LIBRARY libmimalloc.a)
