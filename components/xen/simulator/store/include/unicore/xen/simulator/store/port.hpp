// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/xen/simulator/store/faults.hpp>
#include <unicore/xen/simulator/store/tree.hpp>

#include <cstdint>  // xs_wire.h wants it
#include <xen/io/xs_wire.h>

#include <random>
#include <string>

namespace unicore::xen::simulator {

/// One domain's connection: bytes of its ring page to messages and back.
class StorePort {
public:
    StorePort(StoreTree& tree, StoreTree::Domain domain, xenstore_domain_interface& page) noexcept;

    /// Reads and answers what is there, and writes what there is room for. Returns whether it moved
    /// anything, so that the domain must hear of it. A domain that breaks the rules is ignored from then on.
    bool serve(const StoreFaults& faults, std::mt19937_64& random);

    /// Whether something is left that it could write, but for a fault.
    bool pending() const;
    bool ignored() const noexcept { return ignored_; }
    StoreTree::Domain domain() const noexcept { return domain_; }

private:
    bool receive(const StoreFaults& faults, std::mt19937_64& random);
    void answer(const StoreFaults& faults, std::mt19937_64& random);
    bool send(const StoreFaults& faults, std::mt19937_64& random);
    void queue(const StoreMessage& message);
    std::uint32_t room() const;

    StoreTree& tree_;
    const StoreTree::Domain domain_;
    xenstore_domain_interface& page_;
    std::uint32_t req_cons_;
    std::uint32_t rsp_prod_;
    std::string in_;
    std::string out_;
    bool ignored_ = false;
};

}  // namespace unicore::xen::simulator
