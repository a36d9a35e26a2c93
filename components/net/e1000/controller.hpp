// SPDX-License-Identifier: BSD-3-Clause
/// What is done with the registers. [Intel 82574 GbE Controller Family Datasheet 3.4, 4 (initialization), 7.4
/// (interrupts), 10]
#pragma once

#include "registers.hpp"
#include "ring.hpp"

#include <unicore/arch/barriers.hpp>
#include <unicore/base/result.hpp>
#include <unicore/net/device.hpp>

#include <cstdint>
#include <optional>

namespace unicore::net::e1000 {

enum class Model : bool {
    i82540em,
    i82574,  ///< of PCI Express, with messages
};

/// How it interrupts: by a line, by messages, or not at all.
struct Signals {
    bool line = false;
    std::optional<std::uint16_t> queues{}, changes{};  ///< messages

    constexpr bool any() const noexcept { return line || queues; }
    constexpr std::uint32_t of_received() const noexcept { return line ? cause::rxt0 : cause::rxq0; }
    constexpr std::uint32_t of_sent() const noexcept { return line ? cause::txdw : cause::txq0; }
    constexpr std::uint32_t of_changes() const noexcept {
        return line ? cause::lsc : changes ? cause::lsc | cause::other : 0;
    }
};

/// What `status` says, of the bits that Controller::link_status leaves.
constexpr Link link_of(std::uint32_t status) noexcept {
    if ((status & status::lu) == 0) return {.up = false, .megabits = 0};
    constexpr std::uint32_t megabits[] = {10, 100, 1000, 1000};
    return {.up = true, .megabits = megabits[(status & status::speed) >> status::speed_shift]};
}

/// The device's registers. Context: thread, and handlers where that is said.
template <typename Registers>
class Controller {
public:
    constexpr Controller(Registers registers, Model model) noexcept
        : registers_(registers), express_(model == Model::i82574) {}

    /// From success on the device uses no memory, and is silent. QEMU 7.2 resets little, so what matters is undone by
    /// hand. Errors: device_error when it does not say that it has ended. [3.1.3.10; 10.2.2.1]
    Result<void> reset() const noexcept {
        write(Register::imc, cause::all);
        write(Register::rctl, 0);
        write(Register::tctl, 0);
        if (express_) {
            write(Register::ctrl, read(Register::ctrl) | ctrl::gio_master_disable);
            UNICORE_TRY(wait_for(Register::status, status::gio_master_enable, 0));
        }
        write(Register::ctrl, read(Register::ctrl) | ctrl::rst);
        UNICORE_TRY(wait_for(Register::ctrl, ctrl::rst, 0));
        if (express_) UNICORE_TRY(wait_for(Register::eecd, eecd::auto_rd, eecd::auto_rd));  // its address is there
        write(Register::imc, cause::all);
        take_causes();
        if ((read(Register::rctl) & rctl::en) != 0 || (read(Register::tctl) & tctl::en) != 0)
            return unexpected(Error::device_error);
        return {};
    }

    /// Its own. Errors: device_error when it has none, or one that no station has. [10.2.5.22, 10.2.5.23]
    Result<MacAddress> address() const noexcept {
        const std::uint32_t low = read(Register::ral), high = read(Register::rah);
        if ((high & rah::av) == 0) return unexpected(Error::device_error);
        MacAddress address;
        for (unsigned i = 0; i != 6; ++i)
            address.bytes[i] = static_cast<std::uint8_t>(i < 4 ? low >> 8 * i : high >> 8 * (i - 4));
        if (!address.station()) return unexpected(Error::device_error);
        return address;
    }

    /// After a reset: it sends what it is told of, and receives as soon as it is given buffers; all that there is,
    /// whomever it is for. [4]
    void start(const Ring& received, const Ring& sent, const Signals& signals) const noexcept {
        // The link by what both ends agree on.
        constexpr std::uint32_t undone = ctrl::asde | ctrl::frcspd | ctrl::frcdplx | ctrl::gio_master_disable;
        write(Register::ctrl, (read(Register::ctrl) | ctrl::slu) & ~undone);
        if (express_) {
            write(Register::rfctl, rfctl::ack_dis);  // no extended descriptors
            write(Register::mrqc, 0);                // one queue
            write(Register::txdctl, (read(Register::txdctl) & ~txdctl::thresholds) | txdctl::count_desc | txdctl::gran);
        }
        write(Register::itr, 0);
        if (signals.queues) set_messages(signals);
        count_anew();

        for (const Register delay : {Register::rdtr, Register::radv}) write(delay, 0);  // sending has none unless asked
        set_ring(Register::rdbal, received);
        set_ring(Register::tdbal, sent);
        write(Register::rxcsum, rxcsum::ipofl | rxcsum::tuofl);
        write(Register::tipg, tipg::usual);
        write(Register::tctl, (read(Register::tctl) & ~(tctl::ct | tctl::cold)) | tctl::ct_usual |
                                  tctl::cold_full_duplex | tctl::en | tctl::psp | tctl::rtlc);
        write(Register::rctl, rctl::en | rctl::upe | rctl::mpe | rctl::bam | rctl::secrc);  // buffers of 2 KiB
    }

    /// A tail is another one now. What it stands behind is in memory.
    void tell(Register tail, std::uint16_t index) const noexcept {
        arch::Barriers::full();
        write(tail, index);
    }

    /// Of interrupts. Context: any.
    void unmask(std::uint32_t causes) const noexcept { write(Register::ims, causes); }
    void mask(std::uint32_t causes) const noexcept { write(Register::imc, causes); }
    void acknowledge(std::uint32_t causes) const noexcept { write(Register::icr, causes); }
    std::uint32_t take_causes() const noexcept { return read(Register::icr); }

    /// For link_of. A device that is gone reads as ones. Context: any.
    std::uint32_t link_status() const noexcept {
        const std::uint32_t now = read(Register::status);
        return now == ~std::uint32_t{0} ? 0 : now & (status::lu | status::speed);
    }

    /// Adds what it has counted since it was asked last.
    void count(Statistics::Direction& received) const noexcept {
        received.dropped += read(Register::mpc);
        received.errors += std::uint64_t{read(Register::crcerrs)} + read(Register::rxerrc);
    }

private:
    std::uint32_t read(Register which) const noexcept { return registers_.read(which); }
    void write(Register which, std::uint32_t value) const noexcept { registers_.write(which, value); }

    /// Reads so often at most; each takes about a microsecond.
    static constexpr unsigned patience = 1'000'000;

    Result<void> wait_for(Register which, std::uint32_t bits, std::uint32_t value) const noexcept {
        for (unsigned left = patience; left != 0; --left) {
            const std::uint32_t now = read(which);
            if (now == ~std::uint32_t{0}) break;
            if ((now & bits) == value) return {};
            arch::Barriers::relax();
        }
        return unexpected(Error::device_error);
    }

    void count_anew() const noexcept {
        Statistics::Direction old{};
        count(old);
    }

    void set_messages(const Signals& signals) const noexcept {
        write(Register::ctrl_ext, read(Register::ctrl_ext) | ctrl_ext::pba_support);
        std::uint32_t vectors = ivar::entry(ivar::rxq0, *signals.queues) | ivar::entry(ivar::txq0, *signals.queues);
        // Others beside the link's changes come often.
        constexpr std::uint32_t at_once = 0, each_millisecond = 1'000'000 / 256;
        write(eitr(*signals.queues), at_once);
        if (signals.changes) {
            vectors |= ivar::entry(ivar::other, *signals.changes);
            write(eitr(*signals.changes), each_millisecond);
        }
        write(Register::ivar, vectors);
    }
    static constexpr Register eitr(std::uint16_t message) noexcept {
        return static_cast<Register>(static_cast<std::uint32_t>(Register::eitr) + 4U * message);
    }

    /// Base, length, head and tail are in a row, from `base` on.
    void set_ring(Register base, const Ring& ring) const noexcept {
        const auto at = [base](Register of_receive) {
            const std::uint32_t from_first =
                static_cast<std::uint32_t>(of_receive) - static_cast<std::uint32_t>(Register::rdbal);
            return static_cast<Register>(static_cast<std::uint32_t>(base) + from_first);
        };
        const std::uint64_t address = ring.address();
        write(at(Register::rdbal), static_cast<std::uint32_t>(address));
        write(at(Register::rdbah), static_cast<std::uint32_t>(address >> 32));
        write(at(Register::rdlen), static_cast<std::uint32_t>(ring.size() * descriptor_size));
        write(at(Register::rdh), 0);
        write(at(Register::rdt), 0);
    }

    Registers registers_;
    bool express_;
};

}  // namespace unicore::net::e1000
