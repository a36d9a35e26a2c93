// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/base/late.hpp>
#include <unicore/bus/devicetree.hpp>
#include <unicore/entropy/generator.hpp>
#include <unicore/entropy/source.hpp>

namespace unicore::entropy::devicetree {
namespace {

class Seed final : public Source {
public:
    explicit Seed(std::span<const std::byte, Generator::seed_size> seed) noexcept { generator_.mix(seed); }

    Result<void> read(std::span<std::byte> bytes) noexcept override {
        generator_.fill(bytes);
        return {};
    }
    std::string_view name() const noexcept override { return "the device tree's seed"; }

private:
    Generator generator_;
};

constinit Late<Seed> source;

}  // namespace

Result<void> start() noexcept {
    const auto seed = bus::devicetree::noted(bus::devicetree::Noted::chosen).property("rng-seed");
    if (seed.size() >= Generator::seed_size) add(source.construct(seed.first<Generator::seed_size>()));
    return {};
}

}  // namespace unicore::entropy::devicetree
