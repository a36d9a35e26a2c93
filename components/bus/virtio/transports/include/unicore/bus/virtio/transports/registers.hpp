// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/arch/device_access.hpp>
#include <unicore/base/result.hpp>

#include <concepts>
#include <cstdint>
#include <optional>

namespace unicore::bus::virtio {

/// A register by where both transports have it: behind MMIO, of 32 bits; in PCI's common configuration structure, of
/// `bytes`. 0 bytes: only the other one has it.
constexpr std::uint32_t place(std::uint32_t mmio, std::uint32_t common = 0, std::uint32_t bytes = 0) noexcept {
    return mmio | common << 16 | bytes << 24;
}

/// [VIRTIO 1.2, table 4.1 and 4.1.4.3; 4.2.4 for those of legacy devices]
enum class Register : std::uint32_t {
    magic_value = place(0x000),
    version = place(0x004),
    device_id = place(0x008),
    device_features = place(0x010, 0x04, 4),
    device_features_select = place(0x014, 0x00, 4),
    driver_features = place(0x020, 0x0c, 4),
    driver_features_select = place(0x024, 0x08, 4),
    guest_page_size = place(0x028),  // legacy
    queue_select = place(0x030, 0x16, 2),
    queue_num_max = place(0x034, 0x18, 2),  // PCI: the same as queue_num, until that is written
    queue_num = place(0x038, 0x18, 2),
    queue_align = place(0x03c),  // legacy
    queue_pfn = place(0x040),    // legacy
    queue_ready = place(0x044, 0x1c, 2),
    queue_notify = place(0x050),
    interrupt_status = place(0x060),
    interrupt_acknowledge = place(0x064),
    status = place(0x070, 0x14, 1),
    queue_descriptor_low = place(0x080, 0x20, 4),
    queue_descriptor_high = place(0x084, 0x24, 4),
    queue_driver_low = place(0x090, 0x28, 4),
    queue_driver_high = place(0x094, 0x2c, 4),
    queue_device_low = place(0x0a0, 0x30, 4),
    queue_device_high = place(0x0a4, 0x34, 4),
    config_generation = place(0x0fc, 0x15, 1),
    // PCI's own
    config_vector = place(0, 0x10, 2),
    queue_vector = place(0, 0x1a, 2),
    queue_notify_off = place(0, 0x1e, 2),
};

/// Tells the device to look into a queue. Small, to be kept and copied.
class Bell {
public:
    constexpr Bell() noexcept = default;
    Bell(std::uintptr_t address, std::uint16_t queue, bool narrow) noexcept
        : address_(address), queue_(queue), narrow_(narrow) {}

    /// Context: any.
    void ring() const noexcept {
        if (narrow_) arch::DeviceAccess::write16(address_, 0, queue_);
        else arch::DeviceAccess::write32(address_, 0, queue_);
    }

private:
    std::uintptr_t address_ = 0;
    std::uint16_t queue_ = 0;
    bool narrow_ = false;
};

/// A device's registers in memory, which is mapped, whatever its transport is.
/// Context: one thread, unless said otherwise.
class Registers {
public:
    struct Area {
        std::uintptr_t base;
        std::uint32_t size;
    };

    static constexpr std::uint32_t mmio_size = 0x100;    ///< without the configuration
    static constexpr std::uint32_t common_size = 0x38;  ///< what of PCI's structure is used

    /// `config_size` bytes of configuration are behind the registers at `base`.
    static Registers mmio(std::uintptr_t base, std::uint32_t config_size) noexcept {
        return {base, {base, 0}, {base + mmio_size, config_size}, 0, 0, 0};
    }
    /// PCI's structures, each aligned as it has to be; `multiplier` is what makes offsets of bells bytes. [4.1.4.4]
    /// `function`: whose they are, as bus::pci::Address has it.
    static Registers pci(std::uint16_t function, std::uintptr_t common, Area notify, std::uint32_t multiplier,
                         std::uintptr_t isr, Area config) noexcept {
        return {common, notify, config, isr, multiplier, function};
    }

    /// A register that the transport has.
    std::uint32_t read(Register which) const noexcept;
    void write(Register which, std::uint32_t value) const noexcept;

    /// The bell of queue `index`, which is selected. Errors: device_error when it is not where bells are.
    Result<Bell> bell(std::uint16_t index) const noexcept;

    /// Where the registers begin: those of MMIO, or PCI's common structure.
    std::uintptr_t base() const noexcept { return base_; }
    /// The PCI function that the device is.
    std::optional<std::uint16_t> pci_function() const noexcept {
        return is_pci() ? std::optional(function_) : std::nullopt;
    }
    /// Has the message `message` sent: for the selected queue (queue_vector), or changes of the configuration
    /// (config_vector). False where there are no messages, or the device has no room. [4.1.5.1.2]
    bool set_message(Register which, std::uint16_t message) const noexcept;

    /// Bits of the interrupt status, and that they were seen. Context: any. [4.1.4.5, 4.2.2]
    std::uint32_t take_interrupts() const noexcept;

    /// How much configuration of its own the device has at most, in bytes; and what it is, in `width` bytes (1, 2, 4)
    /// at `offset`, which is a multiple of that and within. [4.1.4.6, 4.2.2.2]
    std::uint32_t config_size() const noexcept { return config_.size; }
    std::uint32_t read_config(std::uint32_t offset, unsigned width) const noexcept {
        return read(config_.base + offset, width);
    }

private:
    Registers(std::uintptr_t base, Area notify, Area config, std::uintptr_t isr, std::uint32_t multiplier,
              std::uint16_t function) noexcept
        : base_(base), isr_(isr), notify_(notify), config_(config), multiplier_(multiplier), function_(function) {}

    static std::uint32_t read(std::uintptr_t address, unsigned width) noexcept;
    bool is_pci() const noexcept { return isr_ != 0; }

    std::uintptr_t base_;
    std::uintptr_t isr_;  ///< 0: it is no PCI device
    Area notify_, config_;
    std::uint32_t multiplier_;
    std::uint16_t function_;
};

}  // namespace unicore::bus::virtio
