// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/result.hpp>
#include <unicore/bus/virtio/transports/registers.hpp>

#include <boost/intrusive/slist.hpp>

#include <cstdint>

namespace unicore::bus::virtio {

/// What a device is. [VIRTIO 1.2, 5]
enum class DeviceId : std::uint32_t { none = 0, network = 1, block = 2, entropy = 4 };

namespace transports {

/// A device that a way leads to.
struct Found {
    Registers registers;
    DeviceId id;
    bool legacy;  ///< older than virtio 1
};

/// A way to devices. Constructed in place in its boot step (Late), because of the hook, and there as long as the image.
class Way {
public:
    /// The device of this kind that comes after `passed_over` others, in an order that is the same each time; what of
    /// these was there is taken off `passed_over`. Devices are only looked at, not reset.
    /// Context: thread. Errors: not_found; others when something that could be it cannot be looked at, and it is not
    /// among the rest.
    virtual Result<Found> find(DeviceId id, unsigned& passed_over) noexcept = 0;

    /// In the list of ways, which `add` fills in the boot steps and nothing changes after.
    boost::intrusive::slist_member_hook<boost::intrusive::link_mode<boost::intrusive::normal_link>> ways_hook;

protected:
    Way() noexcept = default;
    ~Way() = default;
};

/// Called from the way's boot step.
void add(Way& way) noexcept;

using Ways = boost::intrusive::slist<Way, boost::intrusive::member_hook<Way, decltype(Way::ways_hook), &Way::ways_hook>,
                                     boost::intrusive::constant_time_size<false>, boost::intrusive::cache_last<true>>;

/// All that were added.
Ways& ways() noexcept;

}  // namespace transports
}  // namespace unicore::bus::virtio
