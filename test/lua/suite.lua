-- SPDX-License-Identifier: BSD-3-Clause
-- Runs the scripts that test Lua in an image, one after the other; the exit status says whether all passed.
local check = require "check"

local failed = 0
for _, name in ipairs { "coroutines", "errors", "language", "libraries", "modules", "numbers", "strings", "system", "text" } do
  local before, broken = check.count, check.failed
  local done, message = xpcall(require, debug.traceback, name)
  if not done then print(message) end
  local passed = done and check.failed == broken and check.count > before
  if not passed then failed = failed + 1 end
  print(("check: lua %s: %s, %d checks"):format(name, passed and "passed" or "FAILED", check.count - before))
end
os.exit(failed == 0)
