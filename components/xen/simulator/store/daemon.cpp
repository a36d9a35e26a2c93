// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/xen/simulator.hpp>
#include <unicore/xen/simulator/store.hpp>

#include <string>

namespace unicore::xen::simulator {
namespace {

/// What the toolstack makes for a domain. Its home is not its own, only some of what is in it.
/// [Xen, tools/libs/light/libxl_create.c, libxl__domain_make]
void furnish(StoreTree& tree, Domain& domain) {
    struct Node {
        std::string path, value;
        bool own = false;
    };
    const std::string id = std::to_string(domain.id()), home = "/local/domain/" + id;
    const Node nodes[] = {{"", ""},
                          {"/vm", "/vm/" + id},
                          {"/name", domain.name()},
                          {"/cpu", ""},
                          {"/cpu/0", ""},
                          {"/cpu/0/availability", "online"},
                          {"/memory", ""},
                          {"/memory/target", "8192"},
                          {"/device", ""},
                          {"/control", ""},
                          {"/control/shutdown", "", true},
                          {"/control/feature-poweroff", "", true},
                          {"/control/feature-reboot", "", true},
                          {"/control/feature-suspend", "", true},
                          {"/control/sysrq", "", true},
                          {"/control/platform-feature-multiprocessor-suspend", "1"},
                          {"/control/platform-feature-xs_reset_watches", "1"},
                          {"/data", "", true},
                          {"/drivers", "", true},
                          {"/feature", "", true},
                          {"/attr", "", true},
                          {"/error", "", true},
                          {"/domid", id},
                          {"/store", ""},
                          {"/store/port", "1"},
                          {"/store/ring-ref", "1"},
                          {"/console", ""},
                          {"/console/port", "2"}};
    for (const Node& node : nodes) {
        tree.write(home + node.path, node.value);
        tree.permissions(home + node.path, node.own ? "n" + id : "n0 r" + id);
    }
}

}  // namespace

void StoreDaemon::on_attach(Attachment& attachment) {
    const StoreTree::Domain domain = attachment.domain().id();
    ports_[&attachment] = std::make_unique<StorePort>(
        tree_, domain, *reinterpret_cast<xenstore_domain_interface*>(attachment.page().data()));
    furnish(tree_, attachment.domain());
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
