// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/arch/ports.hpp>
#include <unicore/base/result.hpp>
#include <unicore/console/ns16550.hpp>
#include <unicore/console/sink.hpp>

#include <catch2/catch.hpp>

#include <array>
#include <cstdint>
#include <string>

namespace unicore::console::ns16550 {
Result<void> start() noexcept;
}

namespace {

/// A 16550A as its data sheet has it: eight registers, a divisor behind one bit, 16 characters of
/// FIFO that drain while somebody looks at the line status.
struct Uart {
    unsigned line_control = 0, fifo_control = 0, modem_control = 0, interrupt_enable = 0xff;
    unsigned divisor = 0xffff;
    std::string sent;
    unsigned in_fifo = 0;
    unsigned looks = 0;          ///< reads of the line status
    unsigned looks_to_send = 3;  ///< until the FIFO is empty
    unsigned countdown = 0;
    bool dead = false;
    std::string wrong;  ///< what a real one would not have liked

    bool divisor_access() const { return (line_control & 0x80) != 0; }

    void write(unsigned where, unsigned value) {
        switch (where) {
            case 0:
                if (divisor_access()) {
                    divisor = (divisor & 0xff00) | value;
                    return;
                }
                if (line_control != 0x03 || divisor != 1) wrong += "sent before the line was set up; ";
                if (dead) return;
                if (++in_fifo > ((fifo_control & 1) != 0 ? 16u : 1u)) wrong += "overrun; ";
                countdown = looks_to_send;
                sent += static_cast<char>(value);
                return;
            case 1:
                if (divisor_access()) divisor = (divisor & 0x00ff) | value << 8;
                else interrupt_enable = value;
                return;
            case 2: fifo_control = value; return;
            case 3: line_control = value; return;
            case 4: modem_control = value; return;
            default: wrong += "wrote a register that is none; ";
        }
    }
    unsigned read(unsigned where) {
        if (where != 5) {
            wrong += "read a register that is not the line status; ";
            return 0;
        }
        ++looks;
        if (dead) return 0;
        if (countdown > 0 && --countdown == 0) in_fifo = 0;
        return in_fifo == 0 ? 0x60 : 0x00;
    }
};

Uart uart;

constexpr unicore::arch::ports::Model model{[](std::uint16_t port, unsigned width) noexcept -> std::uint32_t {
                                                if (port < 0x3f8 || port > 0x3ff || width != 8)
                                                    uart.wrong += "another port or width; ";
                                                return uart.read(port - 0x3f8u);
                                            },
                                            [](std::uint16_t port, std::uint32_t value, unsigned width) noexcept {
                                                if (port < 0x3f8 || port > 0x3ff || width != 8)
                                                    uart.wrong += "another port or width; ";
                                                uart.write(port - 0x3f8u, value);
                                            }};

std::string sent_for(std::string_view text) {
    uart.sent.clear();
    unicore::console::ns16550::write(text);
    return uart.sent;
}

}  // namespace

// One case: the driver sets its UART up once in the life of an image, so the order matters.
TEST_CASE("the UART through an image's life") {
    unicore::arch::ports::model = model;

    // The first write sets up: 115,200 Bd, 8 bits, no parity, 1 stop bit, FIFO, no interrupts, DTR and RTS.
    CHECK(sent_for("Hello\n") == "Hello\r\n");
    CHECK(uart.divisor == 1);
    CHECK(uart.line_control == 0x03);
    CHECK(uart.fifo_control == 0x07);
    CHECK(uart.modem_control == 0x03);
    CHECK(uart.interrupt_enable == 0);
    CHECK(uart.looks == 1);

    // Later ones do not touch it again.
    uart.fifo_control = 0x01;
    CHECK(sent_for("again") == "again");
    CHECK(uart.fifo_control == 0x01);
    CHECK(sent_for("") == "");

    // Lengths and line ends around the FIFO's size, with no character lost or sent into a full FIFO.
    for (std::size_t length = 1; length < 70; ++length) {
        for (std::size_t end = 0; end < length; ++end) {
            std::string text(length, 'x'), expected(length, 'x');
            text[end] = '\n';
            expected.replace(end, 1, "\r\n");
            REQUIRE(sent_for(text) == expected);
        }
        REQUIRE(sent_for(std::string(length, '\n')).size() == 2 * length);
    }

    // A burst costs one look when there is room.
    uart.looks_to_send = 1;
    uart.looks = 0;
    CHECK(sent_for(std::string(150, 'x')) == std::string(150, 'x'));
    CHECK(uart.looks <= 10 + 2);  // and what the text before left to send

    // Bytes above 127 and NUL pass.
    const std::string_view bytes("\0\xff\xc3\xa4", 4);
    CHECK(sent_for(bytes) == bytes);

    // Dead: a bounded wait, once; then one look each.
    uart.dead = true;
    uart.looks = 0;
    CHECK(sent_for("lost\n") == "");
    CHECK(uart.looks > 10'000);
    CHECK(uart.looks <= 100'000);
    uart.looks = 0;
    CHECK(sent_for(std::string(1000, 'x')) == "");
    CHECK(sent_for("lost") == "");
    CHECK(uart.looks == 2);

    // Alive again, and as patient as before.
    uart.dead = false;
    uart.in_fifo = uart.countdown = 0;
    CHECK(sent_for("back") == "back");
    uart.looks_to_send = 5'000;
    CHECK(sent_for(std::string(40, 'x')) == std::string(40, 'x'));
    uart.looks_to_send = 3;

    // As a sink.
    REQUIRE(unicore::console::ns16550::start().has_value());
    uart.sent.clear();
    unicore::console::write_to_sinks("sink\n");
    CHECK(uart.sent == "sink\r\n");
    CHECK(uart.wrong == "");

    // Nothing behind the ports: the line status floats high, text vanishes at once.
    unicore::arch::ports::model = unicore::arch::ports::empty_bus;
    CHECK(sent_for("nobody") == "");
}
