-- SPDX-License-Identifier: BSD-3-Clause
local x = 1

this is no Lua
