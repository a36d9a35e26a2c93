// SPDX-License-Identifier: BSD-3-Clause
/// xenstored for simulated domains.
#pragma once

#include <unicore/xen/simulator/service.hpp>
#include <unicore/xen/simulator/store/faults.hpp>
#include <unicore/xen/simulator/store/port.hpp>
#include <unicore/xen/simulator/store/tree.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <random>

namespace unicore::xen::simulator {

/// One for all domains of a simulation, which it must outlive: `DomainConfiguration::store`.
class StoreDaemon final : public Service {
public:
    explicit StoreDaemon(std::uint64_t seed, StoreQuota quota = {}) : tree_(quota), random_(seed) {}

    /// The tree; after a change from outside of any domain, `deliver` lets the watchers hear of it.
    StoreTree& tree() noexcept { return tree_; }
    void deliver();
    /// Injects faults from now on, in place of those before.
    void fault(StoreFaults faults) { faults_ = faults; }

    void on_attach(Attachment& attachment) override;
    void on_event(Attachment& attachment) override;
    void on_detach(Attachment& attachment) override;

private:
    void serve(Attachment& attachment);
    void later(Attachment& attachment);

    StoreTree tree_;
    StoreFaults faults_;
    std::mt19937_64 random_;
    std::map<Attachment*, std::unique_ptr<StorePort>> ports_;
};

}  // namespace unicore::xen::simulator
