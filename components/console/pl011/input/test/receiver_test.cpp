// SPDX-License-Identifier: BSD-3-Clause
#include "../receiver.hpp"

#include <catch2/catch.hpp>

#include <deque>
#include <string>

using namespace unicore::console::pl011::input;

namespace {

/// The receiving half of a PL011: each character with the errors that it came with.
struct Device {
    std::deque<std::uint32_t> fifo;
    std::uint32_t control = 0x4000, mask = 0, cleared = 0;
    unsigned reads = 0;
    bool endless = false;
    std::uint32_t damaged = 0;

    struct Registers {
        Device* device;
        std::uint32_t read(Register which) const {
            ++device->reads;
            if (which == Register::control) return device->control;
            if (which == Register::flags) return device->endless || !device->fifo.empty() ? 0x80 : 0x90;
            REQUIRE(which == Register::data);
            if (device->endless) return 'x' | device->damaged;
            REQUIRE(!device->fifo.empty());
            const std::uint32_t value = device->fifo.front();
            device->fifo.pop_front();
            return value;
        }
        void write(Register which, std::uint32_t value) const {
            if (which == Register::control) {
                device->control = value;
            } else if (which == Register::interrupt_mask) {
                device->mask = value;
            } else {
                REQUIRE(which == Register::interrupt_clear);
                device->cleared = value;
            }
        }
    };
    Receiver<Registers> receiver{Registers{this}};

    std::string taken() {
        char text[1024];
        return {text, receiver.take(text)};
    }
};

}  // namespace

TEST_CASE("characters come as they are") {
    Device device;
    device.receiver.drain();
    CHECK(device.receiver.empty());
    device.fifo = {'a', '\r', 0, 0xff};
    device.receiver.drain();
    CHECK(device.taken() == std::string("a\r\0\xff", 4));
    CHECK(device.cleared == 0);
}

TEST_CASE("reception is enabled, and nothing else is changed") {
    Device device;
    device.receiver.enable();
    CHECK(device.control == 0x4201);
    CHECK(device.mask == 0);
    device.receiver.enable_interrupts();
    CHECK(device.mask == 0x50);
    device.receiver.drain();
    CHECK(device.cleared == 0x50);
}

TEST_CASE("what came damaged is none") {
    Device device;
    device.fifo = {'a', 'b' | 0x100, 'c' | 0x200, 0x500, 'd' | 0x800, 'e'};
    device.receiver.drain();
    CHECK(device.taken() == "ade");
    CHECK(device.receiver.lost() == 4);
}

TEST_CASE("what there is no room for stays where it is, and does not interrupt") {
    Device device;
    device.receiver.enable_interrupts();
    device.fifo.assign(400, 'a');
    device.receiver.drain();
    CHECK(device.fifo.size() == 144);
    device.receiver.drain();
    CHECK(device.mask == 0);
    CHECK(device.taken() == std::string(256, 'a'));
    CHECK(device.mask == 0x50);
    CHECK(device.fifo.empty());
    CHECK(device.taken() == std::string(144, 'a'));
    CHECK(device.receiver.lost() == 0);
}

TEST_CASE("a UART without end is left") {
    Device device;
    device.endless = true;
    device.damaged = 0x100;
    device.receiver.drain();
    CHECK(device.reads <= 2 * 256);
    CHECK(device.receiver.empty());
}
