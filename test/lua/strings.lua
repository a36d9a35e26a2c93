-- SPDX-License-Identifier: BSD-3-Clause
-- string: format, pack, patterns.
local check = require "check"
local format = string.format

check.equal(format("%5d|%-5d|%05d|%+d|% d", 42, 42, 42, 42, 42), "   42|42   |00042|+42| 42")
check.equal(format("%x %X %#x %o", 255, 255, 255, 8), "ff FF 0xff 10")
check.equal(format("%d %i", math.mininteger, math.maxinteger), "-9223372036854775808 9223372036854775807")
check.equal(format("%x", -1), "ffffffffffffffff")
check.equal(format("%5.1f|%-8.3f|%08.2f|%+.0f", 3.14159, 2.5, -1.5, 2.5), "  3.1|2.500   |-0001.50|+2")
check.equal(format("%e %.3E %g %g %g", 12345.678, 0.00012, 1e20, 0.0001, 100000), "1.234568e+04 1.200E-04 1e+20 0.0001 100000")
check.equal(format("%.14g %.17g", 0.1, 0.1), "0.1 0.10000000000000001")
check.equal(format("%.99f", 1 / 3):len(), 101)
check.equal(format("%.0f", 1e300):len(), 301)
check.equal(format("%a %A", 0.5, 1), "0x1p-1 0X1P+0")
check.equal(format("%c%c%c", 76, 117, 97), "Lua")
check.equal(format("%s %10s|%-10s|%.2s", "a", "b", "c", "defg"), "a          b|c         |de")
check.equal(format("%s %s %s", nil, true, 1.0), "nil true 1.0")
check.equal(format("%q", 'a "quote"\n\0\r\\1'), '"a \\"quote\\"\\\n\\0\\13\\\\1"')
check.equal(format("%q %q", 1 / 3, math.mininteger), "0x1.5555555555555p-2 0x8000000000000000")
check.equal(load("return " .. format("%q", "\0001\200\n"))(), "\0001\200\n")
check.equal(format("%%"), "%")
check.is(format("%p", {}):find("^0x%x+$"))
check.equal(format("%p", 1), "(null)")
check.fails("bad argument #2 to 'string.format' (no value)", format, "%d")
check.fails("invalid conversion '%y' to 'format'", format, "%y", 1)
check.fails("invalid conversion specification: '%123d'", format, "%123d", 1)
check.equal(format("%s", setmetatable({}, { __tostring = function() return "object" end })), "object")

-- pack: sizes, ends, alignment, strings, and what does not fit.
check.equal(string.pack("<i4", 0x01020304), "\4\3\2\1")
check.equal(string.pack(">i4", 0x01020304), "\1\2\3\4")
check.equal(string.pack("<i8", -2), "\254" .. ("\255"):rep(7))
check.equal(string.pack("<i3", -2), "\254\255\255")
check.equal(string.pack("<i16", -2), "\254" .. ("\255"):rep(15))
check.equal(string.pack("<j", math.maxinteger), ("\255"):rep(7) .. "\127")
check.equal(string.pack(">d", 1.5), "\x3f\xf8\0\0\0\0\0\0")
check.equal(string.pack("<f", 0.5), "\0\0\0\x3f")
check.equal(string.pack("<n", -0.0), "\0\0\0\0\0\0\0\x80")
check.equal(string.pack("z s1 >s2", "ab", "cd", "ef"), "ab\0\2cd\0\2ef")
check.equal(string.pack("<!4 i1 i4", 1, 2), "\1\0\0\0\2\0\0\0")
check.equal(string.pack("<!8 i1 Xi8 i8", 1, 2):len(), 16)
check.values({ -2, 254, 5 }, string.unpack("<i3 B", "\254\255\255\254x" ))
check.values({ "ab", "cd", 7 }, string.unpack("z s1", "ab\0\2cd"))
check.values({ 1.5, -0.25, 13 }, string.unpack("<d f", string.pack("<d f", 1.5, -0.25)))
check.values({ 0x7fffffffffffffff, 10 }, string.unpack("<i9", ("\255"):rep(7) .. "\127\0"))
check.fails("9-byte integer does not fit into Lua Integer", string.unpack, "<i9", ("\0"):rep(8) .. "\1")
check.fails("bad argument #2 to 'string.pack' (integer overflow)", string.pack, "i1", 128)
check.fails("bad argument #2 to 'string.unpack' (data string too short)", string.unpack, "i4", "abc")
check.fails("integral size (17) out of limits [1,16]", string.pack, "i17", 1)
check.fails("bad argument #1 to 'string.packsize' (variable-length format)", string.packsize, "s")
check.equal(string.packsize("<i1 i2 i4 i8 d"), 23)
math.randomseed(7)
for _ = 1, 200 do
  local size, value = math.random(1, 16), math.random(0)
  if size < 8 then value = value >> (64 - size * 8) << (64 - size * 8) >> (64 - size * 8) & (1 << size * 8 - 1) - 1 end
  local sign = size < 8 and "I" or "i"
  for _, ends in ipairs { "<", ">" } do
    check.equal(string.unpack(ends .. sign .. size, string.pack(ends .. sign .. size, value)), value)
  end
end

-- Patterns.
check.values({ 4, 8, "key", "v" }, ("x [key=v]"):find("(%a+)=(%a)"))
check.values({ "2026", "11", "26" }, ("on 2026-11-26."):match("(%d+)-(%d+)-(%d+)"))
check.values({ 3, 5 }, ("a (b) c"):find("(b)", 1, true))
check.values({ 4, 4, "b" }, ("a (b) c"):find("(b)"))
check.values({ "hello", 3 }, ("  hello  "):match("^%s*(.-)%s*$"), (("  hello"):match("()h")))
check.equal(("THE (quick) fox"):find("%((%a+)%)"), 5)
check.equal(("f(a(b)c)d"):match("%b()"), "(a(b)c)")
check.equal(("THE fox"):gsub("%f[%a]%a+", function(word) return word:lower():gsub("^%l", string.upper) .. "" end), "The Fox")
check.values({ "hexxo worxd", 3 }, ("hello world"):gsub("l", "x"))
check.values({ "xello", 1 }, ("hello"):gsub(".", "x", 1))
check.equal(("$name is $age"):gsub("%$(%w+)", { name = "Lua", age = 33 }), "Lua is 33")
check.equal(("abc"):gsub("%w", "%0%0"), "aabbcc")
check.equal(("abc"):gsub("(a)(b)", "%2%1"), "bac")
check.equal(("abc"):gsub("", "-"), "-a-b-c-")
check.equal(("x = 1"):gsub("%w+", function(w) return w == "x" and "y" or nil end), "y = 1")
check.equal(("aXb"):gsub("%u", "%%"), "a%b")
local words = {}
for key, value in ("a=1, b=2"):gmatch("(%w+)=(%w+)") do words[#words + 1] = key .. value end
check.equal(table.concat(words), "a1b2")
check.equal(("aaa"):match("a-b"), nil)
check.equal(("aaab"):match("a-b"), "aaab")
check.equal(("[x]"):match("[%]%[]"), "[")
check.equal(("a\0b"):match("\0(.)"), "b")
check.equal(("éa"):match("[\xc3\xa9]+"), "é")
check.fails("malformed pattern (missing ']')", string.find, "a", "[a")
check.fails("malformed pattern (ends with '%')", string.find, "a", "%")
check.fails("unfinished capture", string.find, "a", "(a")
check.fails("invalid capture index %2", string.gsub, "a", "a", "%2")
check.fails("pattern too complex", string.match, ("a"):rep(300000), (".-"):rep(300000) .. "b")

check.equal(("x"):rep(3, ","), "x,x,x")
check.fails("resulting string too large", string.rep, "x", 1 << 62)
check.values({ 97, 98, 99 }, ("abc"):byte(1, -1))
check.equal(("hello"):sub(-3, -2), "ll")
check.equal(("hello"):sub(math.mininteger, math.maxinteger), "hello")
check.equal(("abc"):reverse(), "cba")
check.is("a" < "b" and "a" < "aa" and "a\0a" < "a\0b" and "Z" < "a" and "" < "\0")
check.equal(#"a\0b\z
             c\x41\u{48}\065", 7)
check.equal([[
long]], "long")
