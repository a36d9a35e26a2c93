-- SPDX-License-Identifier: BSD-3-Clause
-- A program in Lua, in the image with the module that it requires. Its exit status is the number of arguments.
local greeting = require "greeting"

print(greeting("Lua"))

local squares = {}
for number = 1, 8 do squares[#squares + 1] = number * number end
print("Squares: " .. table.concat(squares, " "))

-- A coroutine is a thread of the language's own.
local function words(text)
  return coroutine.wrap(function()
    for word in text:gmatch("%a+") do coroutine.yield(word) end
  end)
end
for word in words("one, two; three") do io.write(word, " ") end
print()

print(("%d arguments: %s"):format(#arg, table.concat(arg, " ")))
os.exit(#arg)
