// SPDX-License-Identifier: BSD-3-Clause
#include "../receiver.hpp"

#include <catch2/catch.hpp>

#include <deque>
#include <string>

using namespace unicore::console::ns16550::input;

namespace {

/// The receiving half of a 16550A: each character has the status that it came with.
struct Uart {
    struct Character {
        char value;
        unsigned status = 0;
    };
    std::deque<Character> fifo;
    unsigned modem_control = 0, interrupt_enable = 0, enabled = 0;
    unsigned reads = 0;
    bool endless = false, damaged = false, absent = false;

    static Uart* here;
    static std::uint8_t read(Register which) {
        Uart& uart = *here;
        ++uart.reads;
        if (uart.absent) return 0xff;
        if (which == Register::line_status) {
            if (uart.endless) return uart.damaged ? 0x69 : 0x61;
            return static_cast<std::uint8_t>(uart.fifo.empty() ? 0x60 : 0x61 | uart.fifo.front().status);
        }
        REQUIRE(which == Register::receiver_buffer);
        if (uart.endless) return 'x';
        REQUIRE(!uart.fifo.empty());
        const char value = uart.fifo.front().value;
        uart.fifo.pop_front();
        return static_cast<std::uint8_t>(value);
    }
    static void write(Register which, std::uint8_t value) {
        if (which == Register::modem_control) {
            here->modem_control = value;
            return;
        }
        REQUIRE(which == Register::interrupt_enable);
        if ((here->interrupt_enable & 1) == 0 && (value & 1) != 0) ++here->enabled;
        here->interrupt_enable = value;
    }

    Uart() { here = this; }
    Receiver<Uart> receiver;
    std::string taken() {
        char text[1024];
        return {text, receiver.take(text)};
    }
};
Uart* Uart::here = nullptr;

constexpr unsigned overrun = 0x02, parity = 0x04, framing = 0x08, break_condition = 0x10, error_in_fifo = 0x80;

}  // namespace

TEST_CASE("characters come as they are") {
    Uart uart;
    uart.receiver.drain();
    CHECK(uart.receiver.empty());
    for (const char character : std::string("a\r\0\xff", 4)) uart.fifo.push_back({character});
    uart.receiver.drain();
    CHECK(!uart.receiver.empty());
    CHECK(uart.taken() == std::string("a\r\0\xff", 4));
    CHECK(uart.receiver.lost() == 0);
}

TEST_CASE("it interrupts when it is told to, through a PC's gate") {
    Uart uart;
    uart.receiver.enable_interrupt();
    CHECK(uart.modem_control == 0x0b);
    CHECK(uart.interrupt_enable == 0x01);
}

TEST_CASE("what came damaged is none, what stood behind it is") {
    Uart uart;
    uart.fifo = {{'a'}, {'b', framing | error_in_fifo}, {'c', parity}, {'\0', framing | break_condition},
                 {'d', overrun}};
    uart.receiver.drain();
    CHECK(uart.taken() == "ad");
    CHECK(uart.receiver.lost() == 4);  // and one of which nothing is known but that it was lost
}

TEST_CASE("what there is no room for stays where it is") {
    Uart uart;
    for (unsigned i = 0; i != 200; ++i) uart.fifo.push_back({'a'});
    uart.receiver.drain();
    for (unsigned i = 0; i != 400; ++i) uart.fifo.push_back({'b'});
    uart.receiver.drain();
    CHECK(uart.fifo.size() == 344);
    CHECK(uart.taken() == std::string(200, 'a') + std::string(56, 'b'));
    CHECK(uart.fifo.size() == 88);  // without another interrupt
    CHECK(uart.taken() == std::string(256, 'b'));
    CHECK(uart.taken() == std::string(88, 'b'));
    CHECK(uart.fifo.empty());
    CHECK(uart.receiver.lost() == 0);
}

TEST_CASE("a UART without end, and none at all") {
    Uart uart;
    uart.endless = true;
    uart.damaged = true;
    uart.receiver.drain();
    CHECK(uart.reads <= 512);
    CHECK(uart.enabled == 0);  // looked at again anyway
    uart.receiver.set_interrupts();
    uart.receiver.enable_interrupt();
    uart.receiver.drain();
    CHECK(uart.reads <= 1024);
    CHECK(uart.enabled == 2);  // it interrupts again, though its line never went down
    uart.absent = true;
    uart.receiver.drain();
    CHECK(uart.receiver.empty());
}
