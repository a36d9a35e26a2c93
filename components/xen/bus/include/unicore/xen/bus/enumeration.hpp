// SPDX-License-Identifier: BSD-3-Clause
/// Which devices there are.
#pragma once

#include <unicore/base/result.hpp>
#include <unicore/sched/work.hpp>
#include <unicore/xen/bus/side.hpp>
#include <unicore/xen/store.hpp>

#include <xen/xen.h>

#include <cstdint>
#include <string_view>

namespace unicore::xen::bus {

/// Which device of its type. The domain is that of the front-end, for back-ends; 0 for front-ends.
struct Address {
    domid_t domain;
    std::uint32_t index;
    friend bool operator==(Address, Address) = default;
};

/// Finds the devices of one type, those that are there and those that come: device/TYPE/INDEX for
/// front-ends, backend/TYPE/DOMAIN/INDEX for back-ends, that is in a driver domain.
class Enumeration final : sched::Work {
public:
    /// Who has the devices. Context of both: thread, in a Work.
    class Owner {
    public:
        /// Whether the device is known already.
        virtual bool known(Address address) noexcept = 0;
        /// There is a device that is not known. Called again at the next change if it is not then.
        virtual void add(Address address, const store::Path& path) noexcept = 0;

    protected:
        ~Owner() = default;
    };

    /// `type` is as in vif; `owner` outlives it.
    Enumeration(Side side, std::string_view type, Owner& owner) noexcept;

    /// Looks for devices, now and whenever there may be new ones; all devices are woken then, to see
    /// whether they are gone. Context: thread. Errors: those of the store.
    Result<void> start() noexcept;

private:
    void run() noexcept override;
    void look_below(const store::Path& folder, domid_t domain) noexcept;
    bool concerns(std::string_view changed) const noexcept;

    const Side side_;
    Owner& owner_;
    const store::Path folder_;
    store::Watch watch_;
};

}  // namespace unicore::xen::bus
