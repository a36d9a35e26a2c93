// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/arch/barriers.hpp>
#include <unicore/base/result.hpp>
#include <unicore/base/units.hpp>
#include <unicore/bus/virtio/device.hpp>
#include <unicore/bus/virtio/queue.hpp>

#include <bit>
#include <concepts>
#include <cstdint>

namespace unicore::bus::virtio {

/// Registers by their offset in bytes. [VIRTIO 1.2, table 4.1; 4.2.4 for those of legacy devices]
enum class Register : std::uint32_t {
    magic_value = 0x000,
    version = 0x004,
    device_id = 0x008,
    device_features = 0x010,
    device_features_select = 0x014,
    driver_features = 0x020,
    driver_features_select = 0x024,
    guest_page_size = 0x028,  // legacy
    queue_select = 0x030,
    queue_num_max = 0x034,
    queue_num = 0x038,
    queue_align = 0x03c,  // legacy
    queue_pfn = 0x040,    // legacy
    queue_ready = 0x044,
    queue_notify = 0x050,
    interrupt_status = 0x060,
    interrupt_acknowledge = 0x064,
    status = 0x070,
    queue_descriptor_low = 0x080,
    queue_descriptor_high = 0x084,
    queue_driver_low = 0x090,
    queue_driver_high = 0x094,
    queue_device_low = 0x0a0,
    queue_device_high = 0x0a4,
};

/// Where registers are: of 32 bits, little-endian.
template <typename T>
concept RegisterFile = requires(const T registers, Register which, std::uint32_t value) {
    { registers.read(which) } noexcept -> std::same_as<std::uint32_t>;
    { registers.write(which, value) } noexcept -> std::same_as<void>;
};

/// A device behind the MMIO transport, version 2 or 1 ("legacy"). A handle: it owns nothing.
/// Context of everything: one thread; `notify` and `take_interrupts` any. Source: VIRTIO 1.2, 4.2.
template <RegisterFile Registers>
class Mmio {
public:
    /// Errors: not_found when there is no transport, none of these versions, or no device behind it.
    /// [4.2.2.2, 4.2.3.1.1]
    static Result<Mmio> create(Registers registers) noexcept {
        constexpr std::uint32_t magic = 0x7472'6976;  // "virt"
        if (registers.read(Register::magic_value) != magic) return unexpected(Error::not_found);
        const std::uint32_t version = registers.read(Register::version);
        if (version != 1 && version != 2) return unexpected(Error::not_found);
        const auto id = static_cast<DeviceId>(registers.read(Register::device_id));
        if (id == DeviceId::none) return unexpected(Error::not_found);
        return Mmio(registers, id, version == 1);
    }

    DeviceId device_id() const noexcept { return id_; }
    /// Whether it is older than virtio 1: without feature bits from 32 on, and with FEATURES_OK unknown. [4.2.4]
    bool legacy() const noexcept { return legacy_; }

    std::uint32_t status() const noexcept { return registers_.read(Register::status); }
    void set_status(std::uint32_t status) const noexcept { registers_.write(Register::status, status); }

    /// Takes back from the device all that it was given. Errors: device_error when it does not confirm that: then
    /// queues and buffers must stay for ever. [2.4.2]
    Result<void> reset() const noexcept {
        constexpr unsigned patience = 1'000'000;
        set_status(0);
        for (unsigned left = patience; status() != 0; --left) {
            if (left == 0) return unexpected(Error::device_error);
            arch::Barriers::relax();
        }
        return {};
    }

    /// What the device offers, bit by bit. [4.2.2.2]
    std::uint64_t features() const noexcept {
        registers_.write(Register::device_features_select, 0);
        const std::uint64_t low = registers_.read(Register::device_features);
        if (legacy_) return low;
        registers_.write(Register::device_features_select, 1);
        return low | std::uint64_t{registers_.read(Register::device_features)} << 32;
    }
    void accept(std::uint64_t features) const noexcept {
        registers_.write(Register::driver_features_select, 0);
        registers_.write(Register::driver_features, static_cast<std::uint32_t>(features));
        if (legacy_) return;
        registers_.write(Register::driver_features_select, 1);
        registers_.write(Register::driver_features, static_cast<std::uint32_t>(features >> 32));
    }

    /// How many descriptors queue `index` can have at most; 0 when there is no such queue.
    std::uint32_t queue_limit(std::uint32_t index) const noexcept {
        registers_.write(Register::queue_select, index);
        return registers_.read(Register::queue_num_max);
    }

    /// Gives the device queue `index`, between `negotiate` and `go`. From success on until a reset its memory is the
    /// device's too; an error gives it nothing.
    /// Errors: unsupported when the device has no such queue, or none as large, or cannot address it; busy when it has
    /// one already. [4.2.3.2, 4.2.4]
    Result<void> use(std::uint32_t index, const Queue& queue) const noexcept {
        if (queue_limit(index) < queue.size()) return unexpected(Error::unsupported);
        if (registers_.read(legacy_ ? Register::queue_pfn : Register::queue_ready) != 0) return unexpected(Error::busy);
        const Queue::Layout layout = queue.layout();
        arch::Barriers::full();  // what is in the queue is there when the device looks
        if (legacy_) {
            const std::uint64_t frame = layout.descriptors / page_size;
            if (frame > UINT32_MAX) return unexpected(Error::unsupported);
            registers_.write(Register::guest_page_size, page_size);
            registers_.write(Register::queue_num, queue.size());
            registers_.write(Register::queue_align, page_size);
            registers_.write(Register::queue_pfn, static_cast<std::uint32_t>(frame));
            return {};
        }
        registers_.write(Register::queue_num, queue.size());
        write_address(Register::queue_descriptor_low, Register::queue_descriptor_high, layout.descriptors);
        write_address(Register::queue_driver_low, Register::queue_driver_high, layout.available);
        write_address(Register::queue_device_low, Register::queue_device_high, layout.used);
        registers_.write(Register::queue_ready, 1);
        return {};
    }

    /// Tells the device to look into queue `index`.
    void notify(std::uint32_t index) const noexcept { registers_.write(Register::queue_notify, index); }

    /// Why the device interrupts, and that it was noticed: bit 0, a used request; bit 1, its configuration. [4.2.2]
    std::uint32_t take_interrupts() const noexcept {
        const std::uint32_t reasons = registers_.read(Register::interrupt_status) & 3;
        registers_.write(Register::interrupt_acknowledge, reasons);
        return reasons;
    }

private:
    Mmio(Registers registers, DeviceId id, bool legacy) noexcept : registers_(registers), id_(id), legacy_(legacy) {}

    void write_address(Register low, Register high, std::uint64_t address) const noexcept {
        registers_.write(low, static_cast<std::uint32_t>(address));
        registers_.write(high, static_cast<std::uint32_t>(address >> 32));
    }

    Registers registers_;
    DeviceId id_;
    bool legacy_;
};

}  // namespace unicore::bus::virtio
