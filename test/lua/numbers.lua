-- SPDX-License-Identifier: BSD-3-Clause
-- Integers have 64 bits on every CPU, and floats are doubles.
local check = require "check"

check.equal(math.maxinteger, 9223372036854775807)
check.equal(math.mininteger, -9223372036854775807 - 1)
check.equal(math.maxinteger + 1, math.mininteger)
check.equal(math.mininteger - 1, math.maxinteger)
check.equal(0xffffffffffffffff, -1)
check.equal(0x7fffffff + 1, 2147483648)
check.equal(4294967296 * 4294967296, 0)
check.equal(3037000500 * 3037000500, -9223372036709301616)
check.equal(9223372036854775807 * 3, 9223372036854775805)
check.equal(math.mininteger // -1, math.mininteger)
check.equal(math.mininteger % -1, 0)

-- Division rounds down, and the rest has the divisor's sign.
for _, case in ipairs { { 7, 3, 2, 1 }, { -7, 3, -3, 2 }, { 7, -3, -3, -2 }, { -7, -3, 2, -1 },
                        { 1 << 62, 1000000007, 4611685986, 145586002 }, { -(1 << 62), 1000000007, -4611685987, 854414005 } } do
  check.values({ case[3], case[4] }, case[1] // case[2], case[1] % case[2])
end
check.values({ 2.0, 1.5, -3.0, 0.5 }, 7.5 // 3, 7.5 % 3, -7.5 // 3, -7.5 % 2)
check.equal(7 / 2, 3.5)
check.equal(2 ^ 10, 1024.0)
check.equal(6 / 2, 3.0)

-- Shifts by anything.
check.values({ 1 << 62, 0, 0, 1, 0, -1 >> 1 }, 1 << 62, 1 << 64, 1 << 100, 2 >> 1, 1 >> 64, math.maxinteger)
check.equal(1 << -1, 0)
check.equal(4 >> -1, 8)
check.equal(1 << math.mininteger, 0)
check.equal(-1 >> 63, 1)
check.equal(~0, -1)
check.equal(0xf0f0f0f0f0f0f0f0 & 0x0ff00ff00ff00ff0, 0x00f000f000f000f0)
check.equal(5 ~ 3, 6)
check.is(not pcall(function(text) return text | 1 end, "10"))
check.equal(2.0 | 1, 3)

-- One number is equal to another whatever its type, and as a key.
check.is(1 == 1.0 and math.type(1) == "integer" and math.type(1.0) == "float" and math.type("1") == nil)
local keys = { [1.0] = "a", [2^53] = "b" }
check.values({ "a", "b" }, keys[1], keys[1 << 53])
check.is(math.maxinteger < math.maxinteger + 0.0 and math.mininteger <= -2^63 and not (math.maxinteger + 0.0 < math.maxinteger))
check.is((1 << 53) + 1 > 2.0^53 and (1 << 53) + 1 ~= 2.0^53)
local nan = 0 / 0
check.is(nan ~= nan and not (nan < nan) and not (nan > 1))
check.is(1 / 0 == math.huge and -1 / 0 == -math.huge and 1 / -0.0 == -math.huge)
check.fails("table index is NaN", rawset, {}, nan, 1)
check.fails("table index is nil", rawset, {}, nil, 1)

-- Text to numbers and back.
for text, value in pairs { ["10"] = 10, ["0x10"] = 16, ["1e2"] = 100.0, [" 5 "] = 5, ["0x.8p1"] = 1.0, ["0xA.8"] = 10.5,
                           ["-0x8000000000000000"] = math.mininteger, ["9223372036854775807"] = math.maxinteger,
                           ["9223372036854775808"] = 9223372036854775808.0, [".5"] = 0.5, ["5."] = 5.0, ["1e-3"] = 0.001,
                           ["0x1p-1074"] = 4.9406564584124654e-324, ["1e308"] = 1e308, ["1e400"] = math.huge } do
  check.equal(tonumber(text), value)
end
for _, text in ipairs { "", " ", "x", "1x", "0x", "1e", "1 2", "--1", "nan", "inf", "0x1p" } do check.equal(tonumber(text), nil) end
check.values({ 255, 35, 5, nil, -255 }, tonumber("ff", 16), tonumber("z", 36), tonumber("101", 2), tonumber("2", 2), tonumber("-FF", 16))
check.equal(tostring(1e15), "1e+15")
check.equal(tostring(2^53), "9.007199254741e+15")
check.equal(tostring(0.1), "0.1")
check.equal(tostring(100.0), "100.0")
check.equal(tostring(-0.0), "-0.0")
check.equal(tostring(1e100), "1e+100")
check.equal(tostring(math.mininteger), "-9223372036854775808")
check.values({ "inf", "-inf" }, tostring(math.huge), tostring(-math.huge))
check.is(tostring(nan):find("nan"))
check.values({ 12, "12", 3.0 }, "10" + 2, 1 .. 2, "1.5" * 2)
check.equal(10 // 0.0, math.huge)
check.equal(-5 // math.huge, -0.0)
check.equal(5 % -math.huge, -math.huge)
check.equal(math.tointeger(2^62), 1 << 62)
check.equal(math.tointeger(2^63), nil)
check.equal(math.floor(2^70), 2^70)
check.equal(string.format("%d", 3.0), "3")
check.fails("bad argument #2 to 'string.format' (number has no integer representation)", string.format, "%d", 3.5)
