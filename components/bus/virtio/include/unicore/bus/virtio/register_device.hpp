// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/arch/barriers.hpp>
#include <unicore/base/assert.hpp>
#include <unicore/base/result.hpp>
#include <unicore/base/units.hpp>
#include <unicore/bus/virtio/device.hpp>
#include <unicore/bus/virtio/queue.hpp>
#include <unicore/bus/virtio/transports.hpp>

#include <concepts>
#include <cstdint>
#include <optional>
#include <type_traits>
#include <utility>

namespace unicore::bus::virtio {

/// Where a device's registers are, as `Registers` has them. Drivers are tested with others.
template <typename T>
concept RegisterFile = requires(const T registers, Register which, std::uint32_t value, std::uint16_t index,
                                unsigned width) {
    { registers.read(which) } noexcept -> std::same_as<std::uint32_t>;
    { registers.write(which, value) } noexcept -> std::same_as<void>;
    { registers.bell(index)->ring() } noexcept -> std::same_as<void>;
    { registers.base() } noexcept -> std::same_as<std::uintptr_t>;
    { registers.pci_function() } noexcept -> std::same_as<std::optional<std::uint16_t>>;
    { registers.set_message(which, index) } noexcept -> std::same_as<bool>;
    { registers.take_interrupts() } noexcept -> std::same_as<std::uint32_t>;
    { registers.config_size() } noexcept -> std::same_as<std::uint32_t>;
    { registers.read_config(value, width) } noexcept -> std::same_as<std::uint32_t>;
};

/// What can be a field of a device's configuration: a number, or an array of bytes.
template <typename T>
concept ConfigField = std::unsigned_integral<T> || std::same_as<typename T::value_type, std::uint8_t>;

/// A device behind its registers, of virtio 1 or older ("legacy"). A handle: it owns nothing.
/// Context of everything: one thread; bells and `take_interrupts` any. Source: VIRTIO 1.2, 4.1 and 4.2.
template <RegisterFile Registers>
class RegisterDevice {
public:
    using Bell = std::remove_reference_t<decltype(*std::declval<const Registers&>().bell(0))>;

    RegisterDevice(Registers registers, DeviceId id, bool legacy) noexcept
        : registers_(registers), id_(id), legacy_(legacy) {}

    DeviceId device_id() const noexcept { return id_; }
    /// Whether it is older than virtio 1: without feature bits from 32 on, and with FEATURES_OK unknown. [4.2.4]
    bool legacy() const noexcept { return legacy_; }

    /// Where its registers begin, and the PCI function that it is, as bus::pci::Address has it: for
    /// bus.virtio.interrupts.
    std::uintptr_t base() const noexcept { return registers_.base(); }
    std::optional<std::uint16_t> pci_function() const noexcept { return registers_.pci_function(); }

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
    std::uint32_t queue_limit(std::uint16_t index) const noexcept {
        registers_.write(Register::queue_select, index);
        return registers_.read(Register::queue_num_max);
    }

    /// Gives the device queue `index`, between `negotiate` and `go`, and returns what tells the device to look into it.
    /// From success on until a reset its memory is the device's too; an error gives it nothing. `message` is what the
    /// device sends for this queue, if it sends messages; several queues may have the same.
    /// Errors: unsupported when the device has no such queue, or none as large, or cannot address it, or has no room
    /// for messages; busy when it has one already; device_error when it names no place for the bell.
    /// [4.1.5.1.2, 4.1.5.1.3, 4.2.3.2, 4.2.4]
    Result<Bell> use(std::uint16_t index, const Queue& queue,
                     std::optional<std::uint16_t> message = std::nullopt) const noexcept {
        if (queue_limit(index) < queue.size()) return unexpected(Error::unsupported);
        if (registers_.read(legacy_ ? Register::queue_pfn : Register::queue_ready) != 0) return unexpected(Error::busy);
        const Bell bell = UNICORE_TRY(registers_.bell(index));
        if (message && !registers_.set_message(Register::queue_vector, *message)) return unexpected(Error::unsupported);
        const Queue::Layout layout = queue.layout();
        arch::Barriers::full();  // what is in the queue is there when the device looks
        if (legacy_) {
            const std::uint64_t frame = layout.descriptors / page_size;
            if (frame > UINT32_MAX) return unexpected(Error::unsupported);
            registers_.write(Register::guest_page_size, page_size);
            registers_.write(Register::queue_num, queue.size());
            registers_.write(Register::queue_align, page_size);
            registers_.write(Register::queue_pfn, static_cast<std::uint32_t>(frame));
            return bell;
        }
        registers_.write(Register::queue_num, queue.size());
        write_address(Register::queue_descriptor_low, Register::queue_descriptor_high, layout.descriptors);
        write_address(Register::queue_driver_low, Register::queue_driver_high, layout.available);
        write_address(Register::queue_device_low, Register::queue_device_high, layout.used);
        registers_.write(Register::queue_ready, 1);
        return bell;
    }

    /// The device sends this message when its configuration changes. After `negotiate`. Errors: unsupported when it has
    /// no room for messages. [4.1.5.1.2]
    Result<void> send_on_change(std::uint16_t message) const noexcept {
        if (!registers_.set_message(Register::config_vector, message)) return unexpected(Error::unsupported);
        return {};
    }

    /// Why the device interrupts, and that it was noticed: bit 0, a used request; bit 1, its configuration.
    /// Of devices that have a line; what sends messages need not be asked. [4.1.4.5, 4.2.2]
    std::uint32_t take_interrupts() const noexcept { return registers_.take_interrupts(); }

    /// A field of the device's own configuration, at `offset`, as it was at one time: what changes meanwhile is read
    /// again. Errors: out_of_range when the configuration is not as large; device_error when it does not stop changing.
    /// [2.5.1, 2.5.3, 4.1.3.1, 4.2.2.2]
    template <ConfigField Field>
    Result<Field> config(std::uint32_t offset) const noexcept {
        constexpr unsigned patience = 100;
        const std::uint32_t size = registers_.config_size();
        if (offset > size || sizeof(Field) > size - offset) return unexpected(Error::out_of_range);
        if constexpr (std::unsigned_integral<Field> && sizeof(Field) <= 4) {
            UNICORE_ASSERT(offset % sizeof(Field) == 0);
            return static_cast<Field>(registers_.read_config(offset, sizeof(Field)));
        } else {
            for (unsigned left = patience; left != 0; --left) {
                const std::uint32_t before = generation();
                const Field field = read_parts<Field>(offset);
                // Legacy devices count no generations: what is the same twice has to do. [2.5.3]
                if (legacy_ ? read_parts<Field>(offset) == field : generation() == before) return field;
            }
            return unexpected(Error::device_error);
        }
    }

private:
    std::uint32_t generation() const noexcept { return legacy_ ? 0 : registers_.read(Register::config_generation); }

    template <typename Field>
    Field read_parts(std::uint32_t offset) const noexcept {
        if constexpr (std::unsigned_integral<Field>) {
            UNICORE_ASSERT(offset % 4 == 0);
            return registers_.read_config(offset, 4) | Field{registers_.read_config(offset + 4, 4)} << 32;
        } else {
            Field field;
            for (std::uint8_t& byte : field) byte = static_cast<std::uint8_t>(registers_.read_config(offset++, 1));
            return field;
        }
    }

    void write_address(Register low, Register high, std::uint64_t address) const noexcept {
        registers_.write(low, static_cast<std::uint32_t>(address));
        registers_.write(high, static_cast<std::uint32_t>(address >> 32));
    }

    Registers registers_;
    DeviceId id_;
    bool legacy_;
};

}  // namespace unicore::bus::virtio
