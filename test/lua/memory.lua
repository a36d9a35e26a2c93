-- SPDX-License-Identifier: BSD-3-Clause
-- Run with lua.memory=4M: garbage is collected in time, and where memory ends, that is an error like others.
local check = require "check"
local limit = 4 * 1024  -- KiB

local function used() return collectgarbage("count") end

-- Makes 16 MiB of garbage that is no more than 1 MiB at a time; what is kept stays right.
local function churn()
  local kept, sum, most = {}, 0, 0
  for round = 1, 4000 do
    local list = {}
    for index = 1, 50 do list[index] = { index, tostring(round * index) } end
    kept[round % 50 + 1] = list
    most = math.max(most, used())
  end
  for _, list in pairs(kept) do for index = 1, 50 do sum = sum + list[index][1] + #list[index][2] end end
  return sum, most
end

collectgarbage("incremental")
local first, most = churn()
check.is(most < limit, most)
check.equal(collectgarbage("generational"), "incremental")
local second
second, most = churn()
check.equal(second, first)
check.is(most < limit, most)
check.equal(collectgarbage("incremental"), "generational")

-- Blocks that grow until there is no memory: all of it could be had but for a little, and the script goes on.
for _, mode in ipairs { "incremental", "generational" } do
  collectgarbage(mode)
  local many, reached = {}, 0
  check.fails("not enough memory", function()
    while true do many[#many + 1] = ("x"):rep(10000) .. #many; reached = used() end
  end)
  check.is(reached > limit * 0.9 and reached <= limit, reached)
  many = nil
  collectgarbage()
  check.is(used() < limit / 4, used())
end
collectgarbage("incremental")

-- One block larger than the limit; a string that doubles; a table that grows; more locals than there is stack for.
check.fails("not enough memory", string.rep, "x", 5 << 20)
check.fails("not enough memory", function() local s = "x"; while true do s = s .. s end end)
check.fails("not enough memory", function() local t = {}; for i = 1, 1 << 30 do t[i] = i end end)
check.fails("not enough memory", function() local function endless() return 1 + endless() end; endless() end)
collectgarbage()
check.fails("not enough memory", table.concat, setmetatable({}, { __index = function() return "0123456789" end, __len = function() return 1 << 20 end }))
check.values({ nil, "not enough memory", n = 2 }, load(function() return "x = 'constants in a chunk without end';" end))
collectgarbage()
check.is(used() < limit / 4, used())

-- In coroutines, too, and finalisers and weak tables do what they promise all the while.
local done, message = coroutine.resume(coroutine.create(function() return ("x"):rep(5 << 20) end))
check.values({ false, "not enough memory" }, done, message)
local finalised = 0
for _ = 1, 1000 do setmetatable({}, { __gc = function() finalised = finalised + 1 end }) end
collectgarbage()
collectgarbage()
check.equal(finalised, 1000)
local weak = setmetatable({}, { __mode = "v" })
local strong = {}
weak.kept, weak.gone, weak.text = strong, {}, "strings are values"
collectgarbage()
check.values({ strong, nil, "strings are values" , n = 3 }, weak.kept, weak.gone, weak.text)
local ephemeral = setmetatable({}, { __mode = "k" })
do local key = {}; ephemeral[key] = { key } end
collectgarbage()
check.equal(next(ephemeral), nil)

-- Steps, pauses, stops.
check.is(collectgarbage("isrunning"))
collectgarbage("stop")
local before = used()
for _ = 1, 1000 do local _ = { {} } end
check.is(used() > before and not collectgarbage("isrunning"))
collectgarbage("restart")
local steps = 0
repeat steps = steps + 1 until collectgarbage("step", 1) or steps > 100000
check.is(steps <= 100000, steps)
check.is(used() < limit / 4, used())

print(("check: lua memory: %s, %d checks"):format(check.failed == 0 and "passed" or "FAILED", check.count))
os.exit(check.failed == 0)
