-- SPDX-License-Identifier: BSD-3-Clause
-- table, math and load.
local check = require "check"

-- Seeded, so that a failure comes again.
math.randomseed(20261126)
local function random_list(count) local list = {}; for index = 1, count do list[index] = math.random(1, 1000) end; return list end

for _, count in ipairs { 0, 1, 2, 3, 10, 100, 3000 } do
  local list = random_list(count)
  local sum = 0
  for index = 1, count do sum = sum + list[index] end
  table.sort(list)
  local ordered = true
  for index = 1, count do sum = sum - list[index]; ordered = ordered and (index == 1 or list[index - 1] <= list[index]) end
  check.is(ordered and sum == 0 and #list == count, count)
  table.sort(list, function(a, b) return a > b end)
  for index = 2, count do ordered = ordered and list[index - 1] >= list[index] end
  check.is(ordered, count)
end
local words = { "pear", "Apple", "fig", "banana" }
table.sort(words, function(a, b) return a:lower() < b:lower() end)
check.equal(table.concat(words, ","), "Apple,banana,fig,pear")
check.fails("invalid order function for sorting", table.sort, random_list(300), function() return true end)
check.fails("attempt to compare string with number", table.sort, { 1, "x" })

local list = { 1, 2, 3 }
table.insert(list, 4)
table.insert(list, 1, 0)
check.equal(table.concat(list, " "), "0 1 2 3 4")
check.equal(table.remove(list), 4)
check.equal(table.remove(list, 1), 0)
check.equal(table.remove({}), nil)
check.fails("bad argument #2 to 'table.insert' (position out of bounds)", table.insert, list, 9, 0)
check.equal(table.concat(table.move({ 1, 2, 3 }, 2, 3, 1), " "), "2 3 3")
check.equal(table.concat(table.move({ 1, 2, 3 }, 1, 3, 2), " "), "1 1 2 3")
local packed = table.pack(nil, 2, nil)
check.values({ nil, 2, nil, n = 3 }, table.unpack(packed, 1, packed.n))
check.equal(packed.n, 3)
check.fails("invalid value (table) at index 2 in table for 'concat'", table.concat, { 1, {}, 3 })
check.fails("too many results to unpack", table.unpack, {}, 1, 1e8)

check.equal(math.floor(-3.5), -4)
check.equal(math.ceil(-3.5), -3)
check.equal(math.fmod(-7, 3), -1)
check.equal(math.fmod(-7.5, 2), -1.5)
check.values({ -3.0, -0.5 }, math.modf(-3.5))
check.equal(math.sqrt(2) * math.sqrt(2) - 2 < 1e-15, true)
check.equal(("%.12f"):format(math.pi), "3.141592653590")
check.equal(("%.10f %.10f %.10f"):format(math.sin(1), math.cos(1), math.tan(1)), "0.8414709848 0.5403023059 1.5574077247")
check.equal(("%.10f %.10f"):format(math.atan(1, -1), math.asin(1)), "2.3561944902 1.5707963268")
check.equal(("%.10f %.10f"):format(math.exp(1), math.log(10)), "2.7182818285 2.3025850930")
check.values({ 10.0, 3.0 }, math.log(1024, 2), math.log(1000, 10))
check.values({ 3, 1.5 }, math.max(1, 3, 2), math.min(2, 1.5))
check.equal(math.abs(math.mininteger), math.mininteger)
check.equal(math.ult(1, -1), true)
check.values({ 5, nil, nil, n = 3 }, math.tointeger(5.0), math.tointeger(5.5), math.tointeger("x"))
-- xoshiro256** with 64-bit integers gives the same on every CPU.
math.randomseed(42)
local first = { math.random(0), math.random(0), math.random(1, 6), math.random(1, 6), math.random(1000) }
math.randomseed(42)
for index, value in ipairs { math.random(0), math.random(0), math.random(1, 6), math.random(1, 6), math.random(1000) } do
  check.equal(value, first[index])
end
check.equal(first[1], -1276290044721465627)
for _ = 1, 100 do local value = math.random(); check.is(value >= 0 and value < 1) end
check.fails("bad argument #1 to 'math.random' (interval is empty)", math.random, 2, 1)

-- load: pieces, modes, environments, and what dump makes.
local pieces = { "return ", "1 + ", "41" }
local at = 0
check.equal(load(function() at = at + 1; return pieces[at] end)(), 42)
check.values({ nil, "attempt to load a text chunk (mode is 'b')" }, load("return 1", "=c", "b"))
local dumped = string.dump(function(a) local b = a * 2; return b + 1 end)
check.equal(load(dumped, "=c", "b")(4), 9)
check.values({ nil, "attempt to load a binary chunk (mode is 't')" }, load(dumped, "=c", "t"))
check.values({ nil, "c: bad binary format (truncated chunk)" }, load(dumped:sub(1, 40), "=c"))
check.equal(load(string.dump(load("return ..."), true))("stripped"), "stripped")
check.equal(select("#", load("return ...")(1, nil, nil)), 3)
