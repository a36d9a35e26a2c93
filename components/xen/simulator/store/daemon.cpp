// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/xen/simulator.hpp>
#include <unicore/xen/simulator/store.hpp>

#include <vector>

namespace unicore::xen::simulator {

void StoreDaemon::on_attach(Attachment& attachment) {
    const StoreTree::Domain domain = attachment.domain().id();
    ports_[&attachment] = std::make_unique<StorePort>(
        tree_, domain, *reinterpret_cast<xenstore_domain_interface*>(attachment.page().data()));
    tree_.introduce(domain);
    deliver();
}

void StoreDaemon::on_event(Attachment& attachment) {
    if (std::uniform_real_distribution<>(0, 1)(random_) < faults_.late) return later(attachment);
    serve(attachment);
    deliver();
}

void StoreDaemon::on_detach(Attachment& attachment) {
    const StoreTree::Domain domain = attachment.domain().id();
    ports_.erase(&attachment);
    tree_.release(domain);
    deliver();
}

void StoreDaemon::deliver() {
    // Notifying runs nobody: no port comes or goes meanwhile.
    for (auto& [attachment, port] : ports_)
        if (port->pending()) serve(*attachment);
}

void StoreDaemon::serve(Attachment& attachment) {
    StorePort& port = *ports_.at(&attachment);
    if (port.serve(faults_, random_)) attachment.notify();
    if (port.pending()) later(attachment);
}

void StoreDaemon::later(Attachment& attachment) {
    Simulation& simulation = attachment.simulation();
    const auto span = static_cast<std::uint64_t>(faults_.longest_delay.count());
    const auto delay = std::chrono::nanoseconds(1 + random_() % (span == 0 ? 1 : span));
    simulation.at(simulation.now() + delay, [this, &attachment] {
        if (!ports_.contains(&attachment)) return;  // the domain is gone
        serve(attachment);
        deliver();
    });
}

}  // namespace unicore::xen::simulator
