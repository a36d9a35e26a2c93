// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/units.hpp>

namespace unicore::xen::balloon {

/// How far it is. Context: thread.
struct Usage {
    PageCount given;   ///< pages that the hypervisor has
    PageCount wanted;  ///< pages that the toolstack wants it to have, which may be more than can be given
};
Usage usage() noexcept;

/// Goes on towards the target, where too little memory was free, here or at the hypervisor's. For who
/// has freed some; it does so by itself when the target changes. Context: any.
void go_on() noexcept;

}  // namespace unicore::xen::balloon
