-- SPDX-License-Identifier: BSD-3-Clause
-- Messages: the file in the image and the line come first. Lines are counted from the call of `here`.
local check = require "check"

local function here(offset) return "errors.lua:" .. debug.getinfo(2, "l").currentline + offset .. ": " end

check.fails(here(1) .. "attempt to index a nil value (local 'nothing')", function() local nothing
  return nothing.field end)
check.fails(here(0) .. "attempt to perform arithmetic on a nil value (field 'none')", function() return check.none + 1 end)
check.fails(here(0) .. "attempt to call a number value (field 'count')", function() check.count() end)
check.fails(here(0) .. "attempt to call a nil value (method 'nothing')", function() check:nothing() end)
check.fails(here(0) .. "attempt to call a nil value (global 'undefined')", function() undefined() end)
check.fails(here(0) .. "attempt to concatenate a table value (upvalue 'check')", function() return "" .. check end)
check.fails(here(0) .. "attempt to compare number with nil", function() return 1 < nil end)
check.fails(here(0) .. "attempt to compare two table values", function() return {} < {} end)
check.fails(here(0) .. "attempt to get length of a number value", function() return #1 end)
check.fails(here(0) .. "attempt to perform bitwise operation on a string value (constant 'x')", function() return 1 | "x" end)
check.fails(here(0) .. "number has no integer representation", function() return 1.5 | 1 end)
check.fails(here(0) .. "attempt to divide by zero", function() return 1 // 0 end)
check.fails(here(0) .. "attempt to perform 'n%0'", function() return 1 % 0 end)
check.fails(here(0) .. "bad 'for' initial value (number expected, got string)", function() for _ = "a", 2 do end end)
check.fails(here(0) .. "'for' step is zero", function() for _ = 1, 2, 0 do end end)
check.fails(here(0) .. "bad argument #1 to 'rep' (string expected, got no value)", function() string.rep() end)
check.fails(here(0) .. "bad argument #2 to 'char' (value out of range)", function() string.char(1, 256) end)
check.fails(here(0) .. "bad argument #1 to 'ipairs' (value expected)", function() ipairs() end)
check.fails(here(0) .. "calling 'upper' on bad self (string expected, got table)", function() local m = ("x").upper; local t = { upper = m }; t:upper() end)

-- error: the position is that of who calls, of its caller, or none; objects stay what they are.
check.fails(here(0) .. "one", function() error("one") end)
local function complain() error("two", 2) end
check.fails(here(0) .. "two", function() complain() end)
check.fails("three", error, "three", 0)
local object = {}
local done, found = pcall(error, object)
check.is(not done and found == object)
check.values({ false, nil, n = 2 }, pcall(error))
check.values({ false, nil, n = 2 }, pcall(error, nil))
check.values({ false, 42 }, pcall(error, 42))
check.values({ true, 1, nil, 3, n = 4 }, pcall(function(...) return ... end, 1, nil, 3))

-- assert.
check.values({ 1, 2 }, assert(1, 2))
check.fails("assertion failed!", assert, false)
check.fails("why", assert, nil, "why")
done, found = pcall(assert, false, object)
check.is(found == object)

-- Handlers of messages see the stack of the error, and errors in them are caught, too.
local function failing() error("deep") end
local _, trace = xpcall(failing, debug.traceback)
check.is(trace:find("^errors.lua:%d+: deep\nstack traceback:\n\t%[C%]: in function 'error'\n\terrors.lua:%d+: in"), trace)
check.values({ false, "handled" }, xpcall(failing, function() return "handled" end))
check.is(not xpcall(failing, function() error("again") end))

-- Syntax errors name the chunk, the line and what was near.
local function message(text, name) return select(2, load(text, name)) end
check.equal(message("x =\n= 1", "@a.lua"), "a.lua:2: unexpected symbol near '='")
check.equal(message("for i = 1 do end", "=stdin"), "stdin:1: ',' expected near 'do'")
check.equal(message("x = 'open", "=c"), "c:1: unfinished string near <eof>")
check.equal(message("goto nowhere", "=c"), "c:1: no visible label 'nowhere' for <goto> at line 1")
check.equal(message("if x then", "=c"), "c:1: 'end' expected near <eof>")
check.equal(message("if x then\n\n", "=c"), "c:3: 'end' expected (to close 'if' at line 1) near <eof>")
check.equal(message("local x <const> = 1; x = 2", "=c"), "c:1: attempt to assign to const variable 'x'")
check.equal(message("break", "=c"), "c:1: break outside loop at line 1")
check.equal(message("x = }"), "[string \"x = }\"]:1: unexpected symbol near '}'")
check.equal(message("::a:: ::a::", "=c"), "c:1: label 'a' already defined on line 1")

-- Stacks that end are errors that a script survives.
local function endless() return 1 + endless() end
done, found = pcall(endless)
-- Whichever ends first; what the calls took is garbage only to a collection of the script's own.
collectgarbage()
check.is(not done and (found:find("^errors.lua:%d+: stack overflow") or found == "not enough memory"), found)
local function through_c() return (string.gsub("a", "a", through_c)) end
done, found = pcall(through_c)
check.is(not done and found:find("C stack overflow", 1, true), found)
done, found = load("return " .. ("("):rep(1000) .. "1" .. (")"):rep(1000))
check.is(done == nil and found:find("C stack overflow", 1, true), found)
local nested = {}
for index = 1, 300 do nested = setmetatable({}, { __index = nested }) end
check.equal(nested.none, nil)
local function formatted() return ("%s"):format(setmetatable({}, { __tostring = formatted })) end
done, found = pcall(formatted)
check.is(not done and found:find("C stack overflow", 1, true), found)
local function sorted() table.sort({ 3, 1, 2 }, sorted) end
done, found = pcall(sorted)
check.is(not done and found:find("C stack overflow", 1, true), found)
