-- SPDX-License-Identifier: BSD-3-Clause
local check = require "check"

-- goto: continue, and out of nested loops.
local odd = {}
for number = 1, 9 do
  if number % 2 == 0 then goto continue end
  odd[#odd + 1] = number
  ::continue::
end
check.equal(table.concat(odd, " "), "1 3 5 7 9")
for a = 1, 10 do
  for b = 1, 10 do
    if a * b == 42 then check.values({ 6, 7 }, a, b); goto found end
  end
end
check.is(false, "42 is a product")
::found::
do
  local closures = {}
  local index = 1
  ::again::
  local fresh = index  -- a variable of its own each time
  closures[index] = function() fresh = fresh + 10; return fresh end
  index = index + 1
  if index <= 3 then goto again end
  check.values({ 11, 12, 13 }, closures[1](), closures[2](), closures[3]())
  check.equal(closures[1](), 21)
end

-- Variables that are closed: in reverse order, by errors, breaks and returns, once.
local log = {}
local function resource(name)
  return setmetatable({}, { __close = function(_, e) log[#log + 1] = name .. (e and " " .. tostring(e) or "") end })
end
local function logged() local text = table.concat(log, ", "); log = {}; return text end
do
  local a <close> = resource "a"
  local none <close> = nil
  local b <close> = resource "b"
  check.equal(logged(), "")
end
check.equal(logged(), "b, a")
check.fails("oops", function()
  local a <close> = resource "a"
  error("oops", 0)
end)
check.equal(logged(), "a oops")
local function early() local a <close> = resource "a"; return #log, "kept" end
check.values({ 0, "kept" }, early())
check.equal(logged(), "a")
for _ = 1, 3 do local a <close> = resource "a"; break end
check.equal(logged(), "a")
for value in function(_, last) return last == nil and 1 or nil end, nil, nil, resource "iterator" do check.equal(value, 1) end
check.equal(logged(), "iterator")
check.fails("language.lua:" .. debug.getinfo(1, "l").currentline + 1 .. ": variable 'x' got a non-closable value", function()
  local x <close> = {} end)

-- Metatables.
local vector = {}
vector.__index = vector
vector.__eq = function(a, b) return a.x == b.x end
vector.__lt = function(a, b) return a.x < b.x end
vector.__le = function(a, b) return a.x <= b.x end
vector.__call = function(self, ...) return self.x, ... end
vector.__len = function(self) return self.x end
vector.__unm = function(self) return -self.x end
vector.__tostring = function(self) return "<" .. self.x .. ">" end
vector.__name = "Vector"
for name, op in pairs { __add = "+", __sub = "-", __mul = "*", __div = "/", __mod = "%", __pow = "^", __idiv = "//",
                        __band = "&", __bor = "|", __bxor = "~", __shl = "<<", __shr = ">>", __concat = ".." } do
  vector[name] = function(a, b) return (type(a) == "table" and a.x or a) .. op .. (type(b) == "table" and b.x or b) end
end
vector.__bnot = function(self) return "~" .. self.x end
local function new(x) return setmetatable({ x = x }, vector) end
local a, b = new(1), new(2)
check.values({ "1+2", "1-2", "1*2", "1/2", "1%2", "1^2", "1//2" }, a + b, a - b, a * b, a / b, a % b, a ^ b, a // b)
check.values({ "1&2", "1|2", "1~2", "1<<2", "1>>2", "1..2", "~1" }, a & b, a | b, a ~ b, a << b, a >> b, a .. b, ~a)
check.values({ "1+5", "5+1", "x..1" }, a + 5, 5 + a, "x" .. a)
check.values({ true, true, false, true, false, true }, a < b, a <= b, a > b, a == new(1), a == b, a ~= b)
check.values({ 1, "p", "q" }, a("p", "q"))
check.values({ 1, -1, "<1>" }, #a, -a, tostring(a))
vector.__tostring = nil
check.is(tostring(a):find("^Vector: "))
local tracked = setmetatable({}, { __newindex = function(t, k, v) rawset(t, k, v * 2) end })
tracked.x = 4
tracked.x = 5  -- there by now
check.equal(tracked.x, 5)
tracked.y = 6
check.equal(tracked.y, 12)
check.equal(getmetatable(setmetatable({}, { __metatable = "locked" })), "locked")
check.fails("cannot change a protected metatable", setmetatable, setmetatable({}, { __metatable = 1 }), {})
check.equal(getmetatable("").__index, string)
local keys = {}
for key, value in pairs(setmetatable({}, { __pairs = function() return function(_, k) if not k then return 1, 2 end end end })) do
  keys[#keys + 1] = key + value
end
check.values({ 3 }, table.unpack(keys))

-- Environments.
local sandbox = { print = "mine" }
check.equal(load("x = 1; return print", "=c", "t", sandbox)(), "mine")
check.equal(sandbox.x, 1)
do
  local _ENV <const> = { y = 7 }
  z = y + 1
  a = _ENV.z
end
check.equal(z, nil)

-- Integer division of loops at the ends of integers; varargs; multiple assignment.
local count = 0
for _ = math.maxinteger - 2, math.maxinteger do count = count + 1 end
check.equal(count, 3)
for _ = math.mininteger, math.mininteger + 4, 2 do count = count + 1 end
check.equal(count, 6)
for value = 1.0, 2, 0.25 do count = count + value end
check.equal(count, 13.5)
check.equal(select("#", nil, nil), 2)
check.values({ "c" }, select(-1, "a", "b", "c"))
local p, q, r = (function() return 1, 2, 3 end)()
p, q, r = r, p, q
check.values({ 3, 1, 2 }, p, q, r)
check.equal(#{ (function() return 1, 2, 3 end)(), (function() return 1, 2, 3 end)() }, 4)
check.equal(select("#", table.unpack({}, 1, 200)), 200)
