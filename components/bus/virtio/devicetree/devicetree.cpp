// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/bus/devicetree.hpp>
#include <unicore/bus/virtio/places.hpp>

namespace unicore::bus::virtio {

void places::each(Visit visit, void* context) noexcept {
    using namespace std::string_view_literals;
    for (devicetree::Walk walk; const auto node = walk.next("virtio,mmio"sv);)
        if (const auto registers = node->registers(0); registers && !visit({registers->base, registers->size}, context))
            return;
}

Result<places::Specifier> places::interrupt(std::uint64_t base) noexcept {
    using namespace std::string_view_literals;
    for (devicetree::Walk walk; const auto node = walk.next("virtio,mmio"sv);) {
        const auto registers = node->registers(0);
        if (!registers || registers->base != base) continue;
        const auto found = UNICORE_TRY(node->interrupt(0));
        return Specifier{found.cells, found.count};
    }
    return unexpected(Error::not_found);
}

}  // namespace unicore::bus::virtio
