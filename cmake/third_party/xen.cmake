# SPDX-License-Identifier: BSD-3-Clause
# Xen's public headers: the hypercalls' numbers and structures, shared pages, rings. Headers only.
unicore_third_party(xen PACKAGE libxen-dev VERSION 4.17 LICENCE MIT
  FILE xen/xen.h
  SHA256 b9003511de86421502a79cb628494c206cab8058c28004a20249247a9a1940b2
  PATHS /usr/include OUT folder)
_unicore_only(folder xen "${folder}/xen")
unicore_external(xen.headers SUMMARY "Xen's public headers" LICENCE MIT VERSION 4.17 INCLUDE "${folder}")
# The newest interface that these headers describe. [xen/include/public/xen-compat.h]
target_compile_definitions(xen.headers INTERFACE __XEN_INTERFACE_VERSION__=0x00040e00)
