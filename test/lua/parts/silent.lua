#!/usr/bin/lua
-- SPDX-License-Identifier: BSD-3-Clause
-- A first line for a shell is passed over, and this module returns nothing.
local check = require "check"
check.equal(debug.getinfo(1, "l").currentline, 5)
