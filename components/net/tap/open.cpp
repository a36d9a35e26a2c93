// SPDX-License-Identifier: BSD-3-Clause
#include "open.hpp"

#include <unicore/base/text.hpp>
#include <unicore/net/virtio/header.hpp>
#include <unicore/platform/linux/system_call.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace unicore::net::tap {

namespace linux = platform::linux;
using linux::Call;
using linux::Descriptor;

namespace {

constexpr const char* device_path = "/dev/net/tun";
constexpr int working_directory = -100;  // AT_FDCWD
constexpr int read_write = 2;            // O_RDWR
constexpr int close_on_execute = 0x8'0000;  // O_CLOEXEC, SOCK_CLOEXEC

// [Linux, include/uapi/linux/if_tun.h, if.h, sockios.h]
constexpr unsigned long set_interface = linux::request('T', 202, 4);       // TUNSETIFF
constexpr unsigned long set_offloads = linux::request('T', 208, 4);        // TUNSETOFFLOAD
constexpr unsigned long set_header_size = linux::request('T', 216, 4);     // TUNSETVNETHDRSZ
constexpr unsigned long set_little_endian = linux::request('T', 220, 4);   // TUNSETVNETLE
constexpr unsigned long ask_mtu = 0x8921;                                  // SIOCGIFMTU
constexpr short tap = 0x0002, no_information = 0x1000, with_header = 0x4000;  // IFF_TAP, IFF_NO_PI, IFF_VNET_HDR
constexpr unsigned checksums = 1, segments_tcp4 = 2, segments_tcp6 = 4;    // TUN_F_CSUM, TUN_F_TSO4, TUN_F_TSO6

constexpr int unix_family = 1, internet_family = 2;  // AF_UNIX, AF_INET

/// The kernel's struct ifreq.
struct InterfaceRequest {
    explicit InterfaceRequest(std::string_view text) noexcept {
        text.copy(name, sizeof name - 1);
    }
    char name[16]{};
    union {
        short flags;
        int mtu;
        char size[24]{};
    };
};

/// Says what could not be done. `advice` names what would be right.
template <typename... Advice>
void refuse(const char* what, std::string_view name, long error, Advice... advice) noexcept {
    text::Report line("net.tap: ");
    line << what << name << " (error " << -error << "): ";
    (line << ... << advice);
    line.print();
}

/// The interface's own, since the host takes longer frames from nobody; the usual one where the host does not tell.
std::uint16_t mtu_of(const InterfaceRequest& interface) noexcept {
    constexpr int least = 68, most = 65'535 - 14;
    InterfaceRequest request = interface;
    constexpr int type = linux::datagram_socket | close_on_execute;
    const Descriptor socket(linux::system_call(Call::socket, internet_family, type, 0));
    if (!socket || linux::failed(linux::system_call(Call::ioctl, socket.number(), ask_mtu, &request))) return 1500;
    return static_cast<std::uint16_t>(std::clamp(request.mtu, least, most));
}

}  // namespace

Result<OpenInterface> open_interface(std::string_view name) noexcept {
    constexpr int flags = read_write | linux::non_blocking | close_on_execute;
    const long opened = linux::system_call(Call::openat, working_directory, device_path, flags, 0);
    if (linux::failed(opened)) {
        refuse("no TAP interfaces here: cannot open ", device_path, opened,
               "the host's kernel needs its module tun, and who runs the image the right to read and write that file; "
               "without it there is net.tap=unix:PATH, for the socket of passt");
        return unexpected(Error::not_found);
    }
    Descriptor descriptor(opened);
    InterfaceRequest request(name);
    request.flags = tap | no_information | with_header;
    const long attached = linux::system_call(Call::ioctl, descriptor.number(), set_interface, &request);
    if (linux::failed(attached)) {
        refuse("cannot attach to the interface ", name, attached,
               "it must be a TAP interface of who runs the image, in use by nobody else: ip tuntap add dev ", name,
               " mode tap user USER");
        return unexpected(Error::unsupported);
    }
    const int header_size = sizeof(virtio::Header), yes = 1;
    for (const auto& [number, value] : {std::pair{set_header_size, &header_size}, {set_little_endian, &yes}}) {
        const long result = linux::system_call(Call::ioctl, descriptor.number(), number, value);
        if (!linux::failed(result)) continue;
        refuse("the host does not do what is needed at the interface ", name, result, "Linux 4.0 or newer does");
        return unexpected(Error::unsupported);
    }
    // What the host may leave to us. What we leave to it needs nobody's consent.
    const bool offloads = !linux::failed(linux::system_call(Call::ioctl, descriptor.number(), set_offloads,
                                                            checksums | segments_tcp4 | segments_tcp6));
    Properties properties;
    properties.mtu = mtu_of(request);
    properties.completes_checksums = properties.segments_tcp4 = properties.segments_tcp6 = true;
    properties.verifies_checksums = properties.merges_tcp = offloads;
    return OpenInterface{std::move(descriptor), properties};
}

Result<Descriptor> connect(std::string_view path) noexcept {
    struct Address {
        std::uint16_t family = unix_family;
        char path[108]{};
    } address;
    path.copy(address.path, sizeof address.path - 1);
    constexpr int type = linux::stream_socket | linux::non_blocking | close_on_execute;
    Descriptor descriptor(linux::system_call(Call::socket, unix_family, type, 0));
    long result = -static_cast<long>(linux::ErrorNumber::no_memory);
    for (int tries = 100; descriptor && tries != 0; --tries) {
        result = linux::system_call(Call::connect, descriptor.number(), &address, sizeof address);
        if (!linux::failed(result)) return descriptor;
        // Too many want to connect to it at this moment. [connect(2), EAGAIN]
        if (!linux::is(result, linux::ErrorNumber::again) && !linux::is(result, linux::ErrorNumber::interrupted)) break;
        linux::TimeSpec pause{0, 10'000'000};
        linux::system_call(Call::clock_nanosleep, 1, 0, &pause, nullptr);
    }
    refuse("cannot connect to the socket ", path, result,
           "passt --socket PATH must listen there, or QEMU: -netdev stream,server=on,addr.type=unix,addr.path=PATH");
    return unexpected(Error::not_found);
}

}  // namespace unicore::net::tap
