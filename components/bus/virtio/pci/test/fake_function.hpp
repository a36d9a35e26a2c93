// SPDX-License-Identifier: BSD-3-Clause
/// A virtio device that is a PCI function, seen from the other side. [VIRTIO 1.2, 4.1]
#pragma once

#include "../../../pci/test/fake_space.hpp"

#include <unicore/bus/virtio/queue.hpp>

#include <cstdint>
#include <optional>
#include <vector>

namespace unicore::test {

inline constexpr std::uint64_t registers_base = 0xfe00'0000;

/// Makes the function one of QEMU's: registers of 16 KiB in the fourth, and a structure in each page of it.
void make_virtio(FakeFunction& function, std::uint16_t device, std::uint64_t base = registers_base);

/// What is behind the registers at `base`. Accesses of a wrong width or to anything else fail the test.
struct FakePci {
    explicit FakePci(std::uint64_t base = registers_base);
    ~FakePci();

    std::uint64_t offers = std::uint64_t{1} << 32 | 5, accepted = 0;
    std::uint16_t queue_size = 256, selected = 0, enabled = 0;
    std::uint16_t bell_offset = 1;  ///< of the second queue; the first one's is 0
    std::uint8_t status = 0, isr = 0, generation = 0;
    std::vector<std::uint16_t> rung;  ///< bells by the queue that was written
    bus::virtio::Queue::Layout layout{};

    std::uint32_t read(std::uint64_t offset, unsigned width);
    void write(std::uint64_t offset, std::uint32_t value, unsigned width);

    std::uint64_t base;
    std::uint32_t feature_select = 0, accepted_select = 0;
};

}  // namespace unicore::test
