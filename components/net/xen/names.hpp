// SPDX-License-Identifier: BSD-3-Clause
/// Names of what is below unicore::xen, for this namespace of the same name.
#pragma once

namespace unicore::xen::bus {}
namespace unicore::xen::events {}
namespace unicore::xen::grants {}
namespace unicore::xen::ring {}
namespace unicore::xen::store {}

namespace unicore::net::xen {

namespace bus = ::unicore::xen::bus;
namespace events = ::unicore::xen::events;
namespace grants = ::unicore::xen::grants;
namespace ring = ::unicore::xen::ring;
namespace store = ::unicore::xen::store;

}  // namespace unicore::net::xen
