-- SPDX-License-Identifier: BSD-3-Clause
-- utf8.
local check = require "check"

check.equal(utf8.char(72, 228, 8364, 0x1f600), "Hä€😀")
check.equal(utf8.len("Hä€😀"), 4)
check.values({ 72, 228, 8364, 0x1f600 }, utf8.codepoint("Hä€😀", 1, -1))
check.values({ nil, 2 }, utf8.len("a\xffb"))
check.values({ nil, 1 }, utf8.len("\xc0\x80"))          -- longer than it need be
check.values({ nil, 1 }, utf8.len("\xed\xa0\x80"))      -- a surrogate
check.equal(utf8.len("\xed\xa0\x80", 1, -1, true), 1)   -- unless it may be
check.values({ nil, 1 }, utf8.len("\xf4\x90\x80\x80"))  -- past the last
check.equal(utf8.char(0x7fffffff), "\xfd\xbf\xbf\xbf\xbf\xbf")
check.equal(utf8.codepoint("\u{7fffffff}", 1, 1, true), 0x7fffffff)
check.values({ 1, 2, 4, 7, 11 }, utf8.offset("Hä€😀", 1), utf8.offset("Hä€😀", 2), utf8.offset("Hä€😀", 3),
             utf8.offset("Hä€😀", 4), utf8.offset("Hä€😀", 5))
check.equal(utf8.offset("Hä€😀", -1), 7)
check.equal(utf8.offset("Hä€😀", 0, 6), 4)
check.fails("initial position is a continuation byte", utf8.offset, "ä", 1, 2)
local found = {}
for position, code in utf8.codes("aä€") do found[#found + 1] = position .. "=" .. code end
check.equal(table.concat(found, " "), "1=97 2=228 4=8364")
check.is(not pcall(function() for _ in utf8.codes("a\xff") do end end))
found = {}
for character in ("Hä€😀"):gmatch(utf8.charpattern) do found[#found + 1] = #character end
check.equal(table.concat(found, " "), "1 2 3 4")
check.fails("bad argument #1 to 'utf8.char' (value out of range)", utf8.char, -1)
