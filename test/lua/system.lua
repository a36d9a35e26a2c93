-- SPDX-License-Identifier: BSD-3-Clause
-- os and io: what an image has, and what it has not.
local check = require "check"

-- The date is the machine's; where that has none, a word of the run says so, and it counts from the start on.
local now = os.time()
check.equal(math.type(now), "integer")
if arg[1] == "undated" then check.is(now >= 0 and now < 86400, now)
else check.is(now > 1700000000, now) end
check.is(os.time() - now <= 1)
check.equal(os.date("!%Y-%m-%d %H:%M:%S", 0), "1970-01-01 00:00:00")
check.equal(os.date("!%Y-%m-%d %H:%M:%S", 1796000000), "2026-11-30 00:53:20")
check.equal(os.date("!%a %A %b %B %d %j %p %y %%", 951782400), "Tue Tuesday Feb February 29 060 AM 00 %")
check.equal(os.date("!%c", 0), "Thu Jan  1 00:00:00 1970")
check.equal(os.date("!%Y", 4294967296 + 86400), "2106")  -- past 32 bits
check.equal(os.date("!%F", -86400), "1969-12-31")
local date = os.date("!*t", 951782400 + 3661)
check.values({ 2000, 2, 29, 1, 1, 1, 3, 60, false },
             date.year, date.month, date.day, date.hour, date.min, date.sec, date.wday, date.yday, date.isdst)
check.equal(os.time { year = 2000, month = 2, day = 29, hour = 12 }, 951825600)
check.equal(os.time { year = 2000, month = 14, day = -3, hour = 12 }, os.time { year = 2001, month = 1, day = 28, hour = 12 })
local normal = { year = 2026, month = 13, day = 32, hour = 25 }
os.time(normal)
check.values({ 2027, 2, 2, 1 }, normal.year, normal.month, normal.day, normal.hour)
check.equal(os.difftime(now + 5, now), 5.0)
check.fails("field 'month' missing in date table", os.time, { year = 2000 })
check.fails("bad argument #1 to 'os.date' (invalid conversion specifier '%Ez')", os.date, "%Ez")
check.fails("field 'year' is out-of-bound", os.time, { year = math.maxinteger, month = 1, day = 1 })

-- Time that was used.
local begin = os.clock()
local steps = 0
while os.clock() == begin and steps < 10000000 do steps = steps + 1 end
check.is(os.clock() > begin, "the clock stands still")
check.is(math.type(begin) == "float" and begin >= 0, begin)

-- There are no files: the caller is told so, with C's number for it.
check.values({ nil, "none.txt: No such file or directory", 2 }, io.open("none.txt"))
check.values({ nil, "none.txt: No such file or directory", 2 }, io.open("none.txt", "w"))
check.values({ nil, "none: No such file or directory", 2 }, os.remove("none"))
check.values({ nil, "No such file or directory", 2 }, os.rename("none", "other"))
check.values({ nil, "cannot open none.lua: No such file or directory", n = 2 }, loadfile("none.lua"))
check.fails("cannot open none.lua: No such file or directory", dofile, "none.lua")
check.fails("cannot open file 'none.txt' (No such file or directory)", io.lines, "none.txt")
check.fails("bad argument #2 to 'io.open' (invalid mode)", io.open, "x", "q")
check.fails("'popen' not supported", io.popen, "ls")
check.is(not pcall(io.tmpfile) or io.tmpfile() == nil)

-- Standard input is at its end; output goes to the console.
check.equal(io.read("l"), nil)
check.equal(io.read("a"), "")
check.equal(io.type(io.stdout), "file")
check.is(tostring(io.stderr):find("^file %("))
check.is(io.stdout:setvbuf("full") and io.write("to the ", "console ", 1, " ", 2.5, "\n") == io.stdout and io.flush())
check.is(io.stdout:setvbuf("line"))
check.values({ nil, "Illegal seek", 29 }, io.stdout:seek())

-- No other processes; variables of the environment; places.
check.equal(os.execute(), false)
check.values({ nil, "Function not implemented", 88 }, os.execute("ls"))
check.equal(os.getenv("UNICORE_LUA_NONE"), nil)
check.values({ "C", nil, n = 2 }, os.setlocale(), os.setlocale("nowhere"))
check.equal(package.config:sub(1, 1), "/")
check.values({ nil, "dynamic libraries not enabled; check your Lua installation", "absent" }, package.loadlib("x.so", "f"))
