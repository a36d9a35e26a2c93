-- SPDX-License-Identifier: BSD-3-Clause
-- Ends of a program, one for each word.
local how = ...
io.stdout:setvbuf("full")
io.write("in the buffer\n")
local function inner() error(how == "object" and setmetatable({}, { __tostring = function() return "an object" end })
                             or how == "nothing" and {} or "on purpose") end
if how == "exit" then os.exit(7)
elseif how == "true" then os.exit(true)
elseif how == "false" then os.exit(false)
elseif how == "close" then
  local last <close> = setmetatable({}, { __close = function() print "closed" end })
  os.exit(8, true)
elseif how == "return" then return 5
elseif how == "gc" then setmetatable({}, { __gc = function() print "finalised" end })
elseif how == "warn" then warn("@on"); warn("one ", "warning")
elseif how == "memory" then return ("x"):rep(0x7ffffff0)
elseif how == "arguments" then print(#arg, select("#", ...), arg[0], arg[2], (select(3, ...)))
else inner() end
