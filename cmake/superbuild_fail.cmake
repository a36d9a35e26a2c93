# SPDX-License-Identifier: BSD-3-Clause
# Shows a configure's log and fails.
file(READ "${FILE}" text)
message("${text}")
message(FATAL_ERROR "  The configure above failed.")
