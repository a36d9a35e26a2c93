-- SPDX-License-Identifier: BSD-3-Clause
return function(who)
  return ("Hello from %s, %s!"):format(who, _VERSION)
end
