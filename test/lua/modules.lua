-- SPDX-License-Identifier: BSD-3-Clause
-- require of modules in the image.
local check = require "check"

check.values({ "modules", "modules.lua" }, ...)
local part, from = require "parts.one"
check.values({ "parts.one", "parts/one.lua" }, part.name, part.file)
check.equal(from, "parts/one.lua")
check.is(require "parts.one" == part and package.loaded["parts.one"] == part, "loaded once")
check.equal(require("parts.inner").name, "parts.inner")  -- parts/inner/init.lua
check.equal(require "parts.silent", true)                -- returns nothing

check.fails("module 'parts.none' not found:\n\tno field package.preload['parts.none']\n\z
             \tno file 'parts/none.lua' in the image\n\tno file 'parts/none/init.lua' in the image\n\z
             \tno file 'parts/none.lua'", require, "parts.none")
check.fails("error loading module 'parts.broken' from file 'parts/broken.lua' in the image:\n\z
             \tparts/broken.lua:4: syntax error near 'is'", require, "parts.broken")
check.fails("parts/failing.lua:3: on purpose", require, "parts.failing")
check.equal(package.loaded["parts.failing"], nil)

package.preload.made = function(name, extra) return { name = name, extra = extra } end
check.values({ "made", ":preload:" }, require("made").name, require("made").extra)
package.preload["parts.two"] = function() return "preloaded comes first" end
check.equal(require "parts.two", "preloaded comes first")

-- A searcher of the program's own comes last.
package.searchers[#package.searchers + 1] = function(name)
  if name == "invented" then return function(_, extra) return { extra = extra } end, "out of nothing" end
end
check.equal(require("invented").extra, "out of nothing")
check.equal(#package.searchers, 4)
package.searchers[4] = nil
check.equal(package.path, "?.lua")
check.equal(package.cpath, "")
