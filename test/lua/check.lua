-- SPDX-License-Identifier: BSD-3-Clause
-- Checks for the scripts here: each counts, and one that fails says where.
local check = { count = 0, failed = 0 }

local function count(holds, message)
  check.count = check.count + 1
  if holds then return true end
  check.failed = check.failed + 1
  local info = debug.getinfo(3, "Sl")
  print(("check: %s:%d: %s"):format(info.short_src, info.currentline, message))
  return false
end

local function show(value)
  if type(value) == "string" then return ("%q"):format(value) end
  return math.type(value) and ("%s (%s)"):format(value, math.type(value)) or tostring(value)
end

function check.is(holds, what)
  local same = count(holds, what or "is false")
  return same  -- no tail call, of which the stack keeps nothing
end

-- Equal, and of one type: 1 is not 1.0 here.
function check.equal(value, expected)
  local same = value == expected and math.type(value) == math.type(expected)
  same = count(same, show(value) .. ", expected " .. show(expected))
  return same
end

-- All results of a call, and no more.
function check.values(expected, ...)
  local values = table.pack(...)
  local same = values.n == (expected.n or #expected)
  for index = 1, values.n do same = same and values[index] == expected[index] end
  for index = 1, values.n do values[index] = show(values[index]) end
  same = count(same, table.concat(values, ", "))
  return same
end

-- The call raises an error with exactly this message.
function check.fails(message, call, ...)
  local done, found = pcall(call, ...)
  local same = count(not done and found == message, (done and "no error" or show(found)) .. ", expected " .. show(message))
  return same
end

return check
