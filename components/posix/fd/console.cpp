// SPDX-License-Identifier: BSD-3-Clause
// The console as a description: its input is 0, its output 1 and 2.
#include "table.hpp"

#include <unicore/console.hpp>
#include <unicore/console/input.hpp>
#include <unicore/console/source.hpp>
#include <unicore/platform/per_image.hpp>

#include <fcntl.h>
#include <poll.h>

namespace unicore::posix::fd {
namespace {

class Output final : public Description {
public:
    constexpr Output() noexcept : Description(O_WRONLY) {}

    Outcome<std::size_t> read(Buffers&) noexcept override { return std::unexpected(EBADF); }
    Outcome<std::size_t> write(Buffers& from) noexcept override {
        std::size_t written = 0;
        while (from.left() != 0) {
            const auto piece = from.piece();
            console::write({reinterpret_cast<const char*>(piece.data()), piece.size()});
            from.skip(piece.size());
            written += piece.size();
        }
        return written;
    }
    short state() noexcept override { return POLLOUT; }
    void describe(struct stat& out) noexcept override {
        out.st_mode = S_IFCHR | S_IWUSR;
        out.st_nlink = 1;
    }
    bool terminal() noexcept override { return true; }

private:
    void destroy() noexcept override {}
};

/// Told of what arrives, besides those who read.
class Input final : public Description, public console::ArrivalHook {
public:
    constexpr Input() noexcept
        : Description(O_RDONLY), ArrivalHook{[](ArrivalHook& self) noexcept { static_cast<Input&>(self).changed(); }} {}

    Outcome<std::size_t> read(Buffers& into) noexcept override {
        const auto piece = into.piece();
        const auto taken = console::input::read_until({reinterpret_cast<char*>(piece.data()), piece.size()},
                                                      console::input::at_once);
        if (!taken) return std::unexpected(EAGAIN);
        into.skip(*taken);
        return *taken;
    }
    Outcome<std::size_t> write(Buffers&) noexcept override { return std::unexpected(EBADF); }
    short state() noexcept override { return console::input::ready() ? POLLIN : 0; }
    time::Instant look_at() noexcept override {
        const time::Duration pause = console::input::look_every();
        return pause == console::Source::never_looks ? time::never : time::Monotonic::now() + pause;
    }
    Outcome<int> unread() noexcept override { return static_cast<int>(console::input::available()); }
    void describe(struct stat& out) noexcept override {
        out.st_mode = S_IFCHR | S_IRUSR;
        out.st_nlink = 1;
    }
    bool terminal() noexcept override { return true; }

private:
    void destroy() noexcept override {}
};

struct Console {
    Input input;
    Output output;
};
platform::PerImage<Console> console_own;

}  // namespace

void open_console() noexcept {
    console::add(console_own->input);
    for (Description* description : {static_cast<Description*>(&console_own->input),
                                     static_cast<Description*>(&console_own->output),
                                     static_cast<Description*>(&console_own->output)})
        static_cast<void>(open(Reference(*description)));
}

}  // namespace unicore::posix::fd
