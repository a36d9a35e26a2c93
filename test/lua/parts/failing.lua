-- SPDX-License-Identifier: BSD-3-Clause
local text = "on purpose"
error(text)
