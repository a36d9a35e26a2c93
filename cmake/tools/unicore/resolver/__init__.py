# SPDX-License-Identifier: BSD-3-Clause
"""From the metadata of a configure to the closure, bindings and boot order of every image."""
