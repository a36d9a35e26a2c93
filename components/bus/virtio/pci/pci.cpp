// SPDX-License-Identifier: BSD-3-Clause
#include "structures.hpp"

#include <unicore/base/late.hpp>
#include <unicore/base/log.hpp>

namespace unicore::bus::virtio::pci {
namespace {

constexpr log::Logger<"bus.virtio.pci"> log;

class Pci final : public transports::Way {
public:
    /// What cannot be used is warned of, and passed over as if it were not there.
    Result<transports::Found> find(DeviceId id, unsigned& passed_over) noexcept override {
        auto walk = bus::pci::Walk::create();
        if (!walk && walk.error() != Error::not_found)
            log.warning([&](auto& line) { line << "no bus: " << to_string(walk.error()); });
        if (!walk) return unexpected(Error::not_found);
        while (const auto function = walk->next()) {
            if (device_of(*function) != id) continue;
            const auto registers = open(*function);
            if (!registers) {
                log.warning([&](auto& line) {
                    line << "function " << text::Hex{function->address().value()}
                         << " is not used: " << to_string(registers.error());
                });
            } else if (passed_over == 0) {
                return transports::Found{*registers, id, false};
            } else {
                --passed_over;
            }
        }
        return unexpected(Error::not_found);
    }
};

constinit Late<Pci> way;

}  // namespace

Result<void> start() noexcept {
    transports::add(way.construct());
    return {};
}

}  // namespace unicore::bus::virtio::pci
