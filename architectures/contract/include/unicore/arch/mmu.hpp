// SPDX-License-Identifier: BSD-3-Clause
/// `Mmu`: `written`, entries of page tables are seen by walks from here on; `forget(address)`, what was remembered of
/// a page's mapping, which was taken away, is not used any more.
#pragma once

#include <unicore/arch/impl/mmu.hpp>  // the selected architecture's, where page tables are walked by hardware
