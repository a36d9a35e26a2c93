# SPDX-License-Identifier: BSD-3-Clause
# Catch2: unit tests on the host (test.cmake), and in images that name debug.catch2.
unicore_third_party(catch2 PACKAGE catch2 VERSION 2.13.10 LICENCE BSL-1.0 FILE catch2/catch.hpp
  SHA256 3725c0f0a75f376a5005dde31ead0feb8f7da7507644c201b814443de8355170 PATHS /usr/include OUT _catch)
_unicore_only(_catch catch2 "${_catch}/catch2")
unicore_external(catch2.headers SUMMARY "Test framework" LICENCE BSL-1.0 VERSION 2.13.10 INCLUDE "${_catch}")
