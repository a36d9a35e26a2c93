// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/xen/simulator/service.hpp>

namespace unicore::xen::simulator {

/// xenconsoled: collects what a domain writes to its console ring, and types what a test says.
class ConsoleDaemon final : public Service {
public:
    void on_event(Attachment& attachment) override;
};

}  // namespace unicore::xen::simulator
