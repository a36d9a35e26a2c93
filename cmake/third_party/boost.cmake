# SPDX-License-Identifier: BSD-3-Clause
# Boost.Intrusive: headers only. Its assertions become ours.
unicore_third_party(boost PACKAGE libboost-dev VERSION 1.74.0 LICENCE BSL-1.0
  FILE boost/version.hpp
  SHA256 90e046b8e3138a61c692abdd9bc2e45c1a95996cc5a8031cce1f110de5e64a70
  PATHS /usr/include OUT folder)
_unicore_only(folder boost "${folder}/boost")
unicore_external(boost.intrusive SUMMARY "Intrusive lists and trees" LICENCE BSL-1.0 VERSION 1.74.0 INCLUDE "${folder}")
target_compile_definitions(boost.intrusive INTERFACE BOOST_ENABLE_ASSERT_DEBUG_HANDLER BOOST_NO_EXCEPTIONS)
