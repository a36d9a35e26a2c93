// SPDX-License-Identifier: BSD-3-Clause
#include "connection.hpp"
#include "receiver.hpp"

#include <unicore/arch/ports.hpp>
#include <unicore/base/chrono.hpp>
#include <unicore/base/result.hpp>
#include <unicore/console/ns16550.hpp>
#include <unicore/console/source.hpp>
#include <unicore/platform/interrupts.hpp>

namespace unicore::console::ns16550::input {
namespace {

constexpr std::uint16_t com1 = 0x3f8;

struct Com1 {
    static std::uint8_t read(Register which) noexcept { return arch::ports::read8(port(which)); }
    static void write(Register which, std::uint8_t value) noexcept { arch::ports::write8(port(which), value); }
    static std::uint16_t port(Register which) noexcept {
        return static_cast<std::uint16_t>(com1 + static_cast<unsigned>(which));
    }
};

/// 16 characters at 115,200 Bd take 1.4 ms, but nobody types as fast.
constexpr std::chrono::milliseconds look_for_characters{10};

constinit Receiver<Com1> receiver;

class Input final : public Source {
public:
    constexpr Input() noexcept : Source(Kind::line) {}

    Result<void> open() noexcept override {
        write({});  // sets the UART up, if nothing was written yet
        const auto connected = connect([] noexcept {
            receiver.drain();
            if (!receiver.empty()) arrived();
        });
        const platform::MaskGuard masked;
        if (connected) {
            receiver.set_interrupts();
            receiver.enable_interrupt();
        } else {
            look_every = look_for_characters;
        }
        return {};
    }

    bool pending() noexcept override {
        if (!receiver.interrupts()) receiver.drain();
        return !receiver.empty();
    }

    Taken take(std::span<char> into) noexcept override {
        const platform::MaskGuard masked;
        if (!receiver.interrupts()) receiver.drain();
        return {.size = receiver.take(into)};
    }
};

constinit Input com1_input;

}  // namespace

Result<void> start() noexcept {
    add(com1_input);
    return {};
}

}  // namespace unicore::console::ns16550::input
