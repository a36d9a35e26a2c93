-- SPDX-License-Identifier: BSD-3-Clause
local check = require "check"

-- Values go both ways.
local other = coroutine.create(function(a, b)
  local c = coroutine.yield(a + b)
  local d, e = coroutine.yield(c * 2)
  return d .. e, "end"
end)
check.values({ true, 7 }, coroutine.resume(other, 3, 4))
check.equal(coroutine.status(other), "suspended")
check.values({ true, 20 }, coroutine.resume(other, 10))
check.values({ true, "xy", "end" }, coroutine.resume(other, "x", "y"))
check.equal(coroutine.status(other), "dead")
check.values({ false, "cannot resume dead coroutine" }, coroutine.resume(other))

-- wrap; an error goes on to whoever resumes.
local numbers = coroutine.wrap(function() for number = 1, 3 do coroutine.yield(number) end end)
local sum = 0
for number in numbers do sum = sum + number end
check.equal(sum, 6)
check.fails("cannot resume dead coroutine", numbers)
check.fails("lost", coroutine.wrap(function() error("lost", 0) end))

-- Who runs.
local main, is_main = coroutine.running()
check.is(is_main and coroutine.status(main) == "running" and not coroutine.isyieldable())
local seen
local inner
local outer = coroutine.create(function()
  check.is(coroutine.isyieldable())
  local this = coroutine.running()
  inner = coroutine.create(function() seen = coroutine.status(this) end)
  check.is(coroutine.resume(inner))
end)
check.is(coroutine.resume(outer))
check.equal(seen, "normal")
check.fails("attempt to yield from outside a coroutine", coroutine.yield)

-- A yield across pcall, xpcall, metamethods, iterators and the end of a block.
local across = coroutine.wrap(function()
  local values = table.pack(pcall(function()
    local got = coroutine.yield("in pcall")
    error({ code = got })
  end))
  coroutine.yield(values[2].code)
  local _, text = xpcall(function() error("x" .. coroutine.yield("in xpcall"), 0) end, function(m) return m .. "!" end)
  coroutine.yield(text)
  local object = setmetatable({}, {
    __add = function(_, n) return coroutine.yield("in add") + n end,
    __index = function(_, key) return coroutine.yield("in index " .. key) end,
    __lt = function() return coroutine.yield("in lt") end,
    __concat = function(_, text) return coroutine.yield("in concat") .. text end,
    __close = function() coroutine.yield("in close") end,
  })
  coroutine.yield(object + 1)
  coroutine.yield(object.field)
  coroutine.yield(object < object)
  coroutine.yield(object .. "b")
  do local closing <close> = object end
  for value in function(_, last) return last ~= 2 and coroutine.yield("in for") or nil end do coroutine.yield(value); break end
  return "end"
end)
check.equal(across(), "in pcall")
check.equal(across(5), 5)
check.equal(across(), "in xpcall")
check.equal(across("y"), "xy!")
check.equal(across(), "in add")
check.equal(across(41), 42)
check.equal(across(), "in index field")
check.equal(across("value"), "value")
check.equal(across(), "in lt")
check.equal(across(7), true)
check.equal(across(), "in concat")
check.equal(across("a"), "ab")
check.equal(across(), "in close")
check.equal(across(), "in for")
check.equal(across(1), 1)
check.equal(across(), "end")

-- What has no place to go on from cannot be left: C calls it.
local stuck = coroutine.wrap(function() table.sort({ 2, 1 }, function() coroutine.yield() end) end)
check.fails("attempt to yield across a C-call boundary", stuck)
check.values({ false, "attempt to yield across a C-call boundary" },
             coroutine.wrap(function() return pcall(string.gsub, "a", "a", coroutine.yield) end)())

-- close runs what is pending, and says what went wrong there.
local order = {}
local closing = coroutine.create(function()
  local first <close> = setmetatable({}, { __close = function(_, e) order[#order + 1] = "first " .. tostring(e) end })
  local second <close> = setmetatable({}, { __close = function() order[#order + 1] = "second"; error("bad", 0) end })
  coroutine.yield()
end)
check.is(coroutine.resume(closing))
check.values({ false, "bad" }, coroutine.close(closing))
check.equal(table.concat(order, ", "), "second, first bad")
check.equal(coroutine.status(closing), "dead")
check.values({ true }, coroutine.close(closing))
check.values({ true }, coroutine.close(coroutine.create(print)))

-- Many at once, each with a stack of its own.
local many = {}
for index = 1, 2000 do
  many[index] = coroutine.wrap(function()
    local total = 0
    while true do total = total + coroutine.yield(total) end
  end)
  many[index]()
end
for round = 1, 3 do for index = 1, #many do many[index](index) end end
check.equal(many[2000](0), 6000)

-- Coroutines inside of coroutines use up C's stack, and are refused before it ends.
local function nest(depth)
  local done, result = coroutine.resume(coroutine.create(nest), depth + 1)
  if done then return result end
  return { depth = depth, message = result }
end
local deep = nest(0)
check.equal(deep.message, "C stack overflow")
check.is(deep.depth > 100, deep.depth)
