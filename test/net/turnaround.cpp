// SPDX-License-Identifier: BSD-3-Clause
/// A web server without the server, and without a stack: each frame of a connection is turned round where it lies, with an
/// answer behind it that is always the same. It knows no connections, so it works only over a network that loses nothing and
/// asks in one segment each. To be measured: what is left of a rate when the guest takes next to nothing.
#include <unicore/console.hpp>
#include <unicore/net/checksum.hpp>
#include <unicore/net/device.hpp>
#include <unicore/sched.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <utility>

namespace {

using namespace unicore;
using net::Device;
using net::Packet;

/// As much as http-server says.
constexpr char answer[] =
    "HTTP/1.1 200 OK\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\nServer: turnaround, which has no server in it\r\n"
    "Content-Type: text/plain\r\nContent-Length: 131\r\n\r\n"
    "A hundred and thirty-one bytes of text, as many as the small page has that is asked for when requests are counted: it is "
    "in here.\n\n";

struct Woken final : net::Listener {
    void ready(unsigned) noexcept override {
        woken = true;
        queue.wake_all();
    }
    void link_changed() noexcept override { ready(0); }

    sched::WaitQueue queue;
    bool woken = false;
};

using Frame = std::byte*;

std::uint32_t number(const std::byte* at, int bytes) noexcept {
    std::uint32_t number = 0;
    for (int i = 0; i != bytes; ++i) number = number << 8 | std::to_integer<std::uint32_t>(at[i]);
    return number;
}
void put(std::byte* at, int bytes, std::uint32_t number) noexcept {
    for (int i = bytes; i != 0; number >>= 8) at[--i] = std::byte(number & 0xff);
}
/// A sum is as it lies in memory.
void put_sum(std::byte* at, net::Checksum sum) noexcept {
    const std::uint16_t result = sum.result();
    std::memcpy(at, &result, sizeof result);
}
void swap(Frame frame, std::size_t one, std::size_t other, std::size_t size) noexcept {
    std::swap_ranges(frame + one, frame + one + size, frame + other);
}

constexpr std::size_t ip = 14, tcp = ip + 20, smallest = tcp + 20;

/// Who has that address: we have, whichever it is. [RFC 826]
bool answer_arp(Frame frame, std::size_t size, const net::MacAddress& own) noexcept {
    constexpr std::size_t operation = 20, sender = 22, target = 32;
    if (size < target + 10 || number(frame + operation, 2) != 1) return false;
    put(frame + operation, 2, 2);
    swap(frame, sender, target, 10);
    std::memcpy(frame + sender, own.bytes.data(), own.bytes.size());
    std::memcpy(frame, frame + target, 6);
    std::memcpy(frame + 6, own.bytes.data(), own.bytes.size());
    return true;
}

/// The other end's next segment, from where we are in its eyes. Bytes of the frame; 0: there is nothing to say. [RFC 9293]
std::size_t answer_segment(Frame frame, std::size_t size, std::size_t room) noexcept {
    constexpr std::uint32_t fin = 1, syn = 2, reset = 4, push = 8, acknowledges = 16;
    if (size < smallest) return 0;
    const std::size_t whole = number(frame + ip + 2, 2), header = number(frame + tcp + 12, 1) / 16 * 4;
    if (number(frame + ip, 1) != 0x45 || number(frame + ip + 9, 1) != 6 || ip + whole > size) return 0;
    if (header < 20 || whole < 20 + header || room < smallest + sizeof answer - 1) return 0;
    const std::size_t payload = whole - 20 - header;
    const std::uint32_t flags = number(frame + tcp + 13, 1), ends = flags & (syn | fin);
    if ((flags & reset) != 0 || (payload == 0 && ends == 0)) return 0;
    const std::size_t said = payload != 0 ? sizeof answer - 1 : 0;
    const std::uint32_t next = number(frame + tcp + 4, 4) + static_cast<std::uint32_t>(payload) + (ends != 0);
    swap(frame, 0, 6, 6);
    swap(frame, ip + 12, ip + 16, 4);
    swap(frame, tcp, tcp + 2, 2);
    put(frame + ip + 2, 2, static_cast<std::uint32_t>(40 + said));
    put(frame + ip + 10, 2, 0);
    std::memcpy(frame + tcp + 4, frame + tcp + 8, 4);
    put(frame + tcp + 8, 4, next);
    put(frame + tcp + 12, 2, 0x5000 | acknowledges | ends | (said != 0 ? push : 0));
    put(frame + tcp + 14, 4, 0xffff0000);  // a window, and no sum yet
    std::memcpy(frame + smallest, answer, said);
    net::Checksum of_ip, of_tcp;
    of_ip.add({frame + ip, 20});
    put_sum(frame + ip + 10, of_ip);
    std::byte pseudo[4];
    put(pseudo, 4, 6 << 16 | static_cast<std::uint32_t>(20 + said));
    of_tcp.add({frame + ip + 12, 8});
    of_tcp.add(pseudo);
    of_tcp.add({frame + tcp, 20 + said});
    put_sum(frame + tcp + 16, of_tcp);
    return smallest + said;
}

/// Makes its answer of a frame; false where there is none.
bool turn(Packet& packet, const net::MacAddress& own) noexcept {
    net::Buffer& part = packet.first();
    const std::uint32_t type = number(part.data + 12, 2);
    packet.offload() = {};
    if (type == 0x806) return answer_arp(part.data, part.size, own);
    if (type != 0x800 || part.next != nullptr) return false;
    const std::size_t size = answer_segment(part.data, part.size, part.size + part.room_behind());
    part.size = static_cast<std::uint32_t>(size);
    return size != 0;
}

}  // namespace

int main() {
    Woken listener;
    Device* const device = net::first_device();
    if (device == nullptr || !device->open(listener)) return 1;
    console::write_line("turnaround: port 80");
    std::array<Packet, 32> burst;
    for (;;) {
        const std::size_t count = device->receive(0, burst);
        std::size_t answers = 0;
        for (std::size_t i = 0; i != count; ++i) {
            Packet packet = std::move(burst[i]);
            if (turn(packet, device->properties().address)) burst[answers++] = std::move(packet);
        }
        if (answers != 0) device->send(0, std::span(burst).first(answers));
        if (count != 0) continue;
        listener.woken = false;
        device->reclaim(0);
        if (device->await(0, Device::Event::received) && !listener.queue.wait([&] { return listener.woken; })) break;
    }
    device->close();
    return 0;
}
