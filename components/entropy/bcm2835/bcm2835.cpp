// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/arch/device_access.hpp>
#include <unicore/arch/mapping.hpp>
#include <unicore/base/late.hpp>
#include <unicore/base/units.hpp>
#include <unicore/bus/devicetree.hpp>
#include <unicore/entropy/source.hpp>

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace unicore::entropy::bcm2835 {
namespace {

using Access = arch::DeviceAccess;

constexpr std::uint32_t control = 0x0, status = 0x4, data = 0x8;
constexpr std::uint32_t enable = 1, warm_up = 0x40000;  // bits dropped at first, in RNG_STATUS

class Generator final : public Source {
public:
    explicit Generator(std::uintptr_t base) noexcept : base_(base) {
        Access::write32(base_, status, warm_up);
        Access::write32(base_, control, enable);
    }

    Result<void> read(std::span<std::byte> bytes) noexcept override {
        while (!bytes.empty()) {
            const std::uint32_t word = UNICORE_TRY(draw());
            const std::size_t size = std::min(bytes.size(), sizeof word);
            std::memcpy(bytes.data(), &word, size);
            bytes = bytes.subspan(size);
        }
        return {};
    }
    std::string_view name() const noexcept override { return "bcm2835-rng"; }

private:
    Result<std::uint32_t> draw() noexcept {
        constexpr unsigned patience = 1'000'000;
        for (unsigned left = patience; (Access::read32(base_, status) >> 24) == 0; --left)
            if (left == 0) return unexpected(Error::device_error);
        const std::uint32_t word = Access::read32(base_, data);
        if (word == last_) return unexpected(Error::device_error);
        return last_ = word;
    }

    std::uintptr_t base_;
    std::uint32_t last_ = 0;
};

constinit Late<Generator> source;

}  // namespace

Result<void> start() noexcept {
    const auto node = bus::devicetree::find("brcm,bcm2835-rng");
    if (!node) return {};
    const auto region = UNICORE_TRY(node->registers(0));
    UNICORE_TRY(arch::map_around(region.base, page_size, arch::Access::device));
    add(source.construct(static_cast<std::uintptr_t>(region.base)));
    return {};
}

}  // namespace unicore::entropy::bcm2835
