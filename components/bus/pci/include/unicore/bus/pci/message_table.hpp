// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/result.hpp>
#include <unicore/bus/pci.hpp>

#include <cstdint>
#include <utility>

namespace unicore::bus::pci {

/// The table of a function's message-signalled interrupts (MSI-X), which it has instead of a line from creation to the
/// end of this one's life. Context: thread. Source: PCI Local Bus Specification 3.0, 6.8.2.
class MessageTable {
public:
    /// For a function that is enabled; all of its messages are masked then.
    /// Errors: not_found when it has no such table; device_error when that is not within its register; of bar and map.
    static Result<MessageTable> create(const Function& function) noexcept;

    MessageTable(MessageTable&& other) noexcept
        : function_(other.function_), entries_(std::exchange(other.entries_, 0)), size_(other.size_), at_(other.at_) {}
    MessageTable& operator=(MessageTable&& other) noexcept {
        std::swap(function_, other.function_);
        std::swap(entries_, other.entries_);
        std::swap(size_, other.size_);
        std::swap(at_, other.at_);
        return *this;
    }
    ~MessageTable() noexcept {
        if (entries_ != 0) control(0);
    }

    /// How many messages there are, 1 to 2,048.
    std::uint16_t size() const noexcept { return size_; }

    /// From now on message `index`, below size, is to write `data` to `address`.
    void set(std::uint16_t index, std::uint64_t address, std::uint32_t data) const noexcept;
    /// Keeps it back; it is pending meanwhile.
    void mask(std::uint16_t index) const noexcept;

private:
    MessageTable(const Function& function, std::uintptr_t entries, std::uint16_t size, std::uint8_t at) noexcept
        : function_(function), entries_(entries), size_(size), at_(at) {}

    void control(std::uint32_t bits) const noexcept;

    Function function_;
    std::uintptr_t entries_;  ///< 0: moved from
    std::uint16_t size_;
    std::uint8_t at_;  ///< the capability's offset
};

}  // namespace unicore::bus::pci
