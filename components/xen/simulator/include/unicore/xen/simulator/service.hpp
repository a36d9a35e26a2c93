// SPDX-License-Identifier: BSD-3-Clause
/// Daemons of the toolstack, as far as domains meet them: a ring page and an event channel.
#pragma once

#include <cstddef>
#include <span>

namespace unicore::xen::simulator {

class Domain;
class Simulation;

/// One end of a domain's connection to a service: xenstored's or the console daemon's. Exists from
/// the domain's start to its destruction.
class Attachment {
public:
    virtual Domain& domain() noexcept = 0;
    virtual Simulation& simulation() noexcept = 0;
    /// The ring page, as the service has it mapped. The domain may write anything to it at any moment
    /// that this service's code does not run.
    virtual std::span<std::byte> page() noexcept = 0;
    /// Sends the domain an event. Faults may lose or delay it.
    virtual void notify() = 0;

protected:
    ~Attachment() = default;
};

/// A service of dom0; one object may serve many domains. Its code runs between that of domains, never
/// from inside a hypercall, and outside of any image. It must outlive the simulation.
class Service {
public:
    virtual ~Service() = default;

    /// A domain with this service was built; its code has not run yet.
    virtual void on_attach(Attachment&) {}
    /// The domain sent an event. As with real ones, several may have become one, and there may be
    /// nothing in the ring.
    virtual void on_event(Attachment& attachment) = 0;
    /// The domain was destroyed; the attachment is gone when this returns.
    virtual void on_detach(Attachment&) {}
};

}  // namespace unicore::xen::simulator
