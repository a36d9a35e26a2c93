// SPDX-License-Identifier: BSD-3-Clause
/// Registers of the 82574 and the 82540EM, as far as this driver has them.
/// [Intel 82574 GbE Controller Family Datasheet 3.4, 10; PCI/PCI-X Family of Gigabit Ethernet Controllers Software
/// Developer's Manual, 13]
#pragma once

#include <cstdint>

namespace unicore::net::e1000 {

/// Offsets in the memory of base address register 0.
enum class Register : std::uint32_t {
    ctrl = 0x0000,      // device control [10.2.2.1]
    status = 0x0008,    // device status
    eecd = 0x0010,      // EEPROM control and data
    ctrl_ext = 0x0018,  // extended device control
    icr = 0x00c0,       // interrupt cause, cleared by reading, and by ones that are written [10.2.4]
    itr = 0x00c4,       // interrupt throttling
    ims = 0x00d0,       // interrupt mask, set
    imc = 0x00d8,       // interrupt mask, clear
    ivar = 0x00e4,      // which message is sent for what
    eitr = 0x00e8,      // throttling of each message, one register of 32 bits each
    rctl = 0x0100,      // receive control [10.2.5]
    tctl = 0x0400,      // transmit control [10.2.6]
    tipg = 0x0410,      // gaps between packets
    rdbal = 0x2800,     // receive descriptors: base, low and high
    rdbah = 0x2804,
    rdlen = 0x2808,     // bytes of them
    rdh = 0x2810,       // head
    rdt = 0x2818,       // tail
    rdtr = 0x2820,      // delay of the interrupt
    radv = 0x282c,      // the most of that
    tdbal = 0x3800,     // transmit descriptors
    tdbah = 0x3804,
    tdlen = 0x3808,
    tdh = 0x3810,
    tdt = 0x3818,
    txdctl = 0x3828,    // when descriptors are written back [10.2.6.11]
    crcerrs = 0x4000,   // statistics, cleared by reading [10.2.7]: wrong check sequences
    rxerrc = 0x400c,    // errors of the PHY
    mpc = 0x4010,       // missed: there was no room
    rxcsum = 0x5000,    // receive checksums
    rfctl = 0x5008,     // receive filters
    ral = 0x5400,       // the station's address [10.2.5.22]
    rah = 0x5404,
    mrqc = 0x5818,      // several receive queues
};

namespace ctrl {
inline constexpr std::uint32_t gio_master_disable = 1 << 2, asde = 1 << 5, slu = 1 << 6, frcspd = 1 << 11,
                               frcdplx = 1 << 12, rst = 1 << 26;
}
namespace status {
inline constexpr std::uint32_t lu = 1 << 1, speed = 3 << 6, gio_master_enable = 1 << 19;
inline constexpr unsigned speed_shift = 6;
}  // namespace status
namespace eecd {
inline constexpr std::uint32_t auto_rd = 1 << 9;
}
namespace ctrl_ext {
inline constexpr std::uint32_t pba_support = std::uint32_t{1} << 31;
}

/// Of ICR, IMS and IMC. [10.2.4.1]
namespace cause {
inline constexpr std::uint32_t txdw = 1 << 0, lsc = 1 << 2, rxt0 = 1 << 7, rxq0 = 1 << 20, txq0 = 1 << 22,
                               other = 1 << 24, all = ~std::uint32_t{0};
}

/// Which message a cause has: a field for each, of 3 bits, behind it whether it is valid. [10.2.4.9]
namespace ivar {
inline constexpr unsigned rxq0 = 0, txq0 = 8, other = 16;
constexpr std::uint32_t entry(unsigned field, unsigned message) noexcept { return (8 | (message & 7)) << field; }
}  // namespace ivar

namespace rctl {
inline constexpr std::uint32_t en = 1 << 1, upe = 1 << 3, mpe = 1 << 4, bam = 1 << 15, secrc = 1 << 26;
}
namespace tctl {
inline constexpr std::uint32_t en = 1 << 1, psp = 1 << 3, ct = 0xff << 4, cold = 0x3ff << 12, rtlc = 1 << 24;
inline constexpr std::uint32_t ct_usual = 0x0f << 4, cold_full_duplex = 0x40 << 12;
}  // namespace tctl
namespace tipg {
inline constexpr std::uint32_t usual = 8 | 8 << 10 | 6 << 20;  // IPGT, IPGR1, IPGR2 of copper [10.2.6.2]
}
namespace txdctl {
inline constexpr std::uint32_t thresholds = 0x3f | 0x3f << 8 | 0x3f << 16, count_desc = 1 << 22, gran = 1 << 24;
}
namespace rxcsum {
inline constexpr std::uint32_t ipofl = 1 << 8, tuofl = 1 << 9;
}
namespace rfctl {
inline constexpr std::uint32_t ack_dis = 1 << 12;  // no cause of its own for what acknowledges only
}
namespace rah {
inline constexpr std::uint32_t av = std::uint32_t{1} << 31;
}

}  // namespace unicore::net::e1000
