// SPDX-License-Identifier: BSD-3-Clause
/// Where memory.pages asks for memory when it has none. Defined weak, doing nothing, by those who call; memory.pressure's
/// take their place in images that have a reclaimer, and in all others the optimiser finds that there is nothing to call.
#pragma once

#include <unicore/base/units.hpp>

namespace unicore::memory::pages::reclaim {

/// Whether the image can have reclaimers at all.
bool possible() noexcept;

/// Asks a reclaimer to give back `count` pages: the first one, or when `again` the one after the last that was asked.
/// Returns whether there was one, so that it is worth looking once more. Context: thread.
bool ask(PageCount count, bool again) noexcept;

}  // namespace unicore::memory::pages::reclaim
