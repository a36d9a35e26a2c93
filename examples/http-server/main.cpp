// SPDX-License-Identifier: BSD-3-Clause
// A web server of files that are part of the program. Plain POSIX and epoll: linux/build.py makes a Linux program of it.
#include "machine.hpp"
#include "server.hpp"
#include "stream.hpp"

#include <charconv>
#include <cstdlib>
#include <new>

#include <unistd.h>

namespace {

void say(const http::Text& text) noexcept {
    if (write(1, text.view().data(), text.size()) < 0) return;  // nobody hears it
}

/// Arguments: port=, connections=, and how many milliseconds it waits for what: idle=, reading=, writing=, lingering=.
bool understand(std::string_view argument, std::uint16_t& port, http::Limits& limits) noexcept {
    const std::size_t equals = argument.find('=');
    if (equals == argument.npos) return false;
    const std::string_view name = argument.substr(0, equals), value = argument.substr(equals + 1);
    std::uint32_t number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (error != std::errc() || end != value.data() + value.size() || number == 0) return false;
    if (name == "port" && number <= 65'535) return port = static_cast<std::uint16_t>(number), true;
    if (name == "connections") return limits.connections = number, true;
    constexpr std::string_view names[] = {"idle", "reading", "writing", "lingering"};
    for (std::size_t i = 0; i != http::waits; ++i)
        if (name == names[i]) return limits.patience[i] = number, true;
    return false;
}

}  // namespace

int main(int count, char** arguments) {
    machine::started();
    static char buffer[256];
    http::Text text(buffer, sizeof buffer);
    std::uint16_t port = http::transport.port;
    http::Limits limits;
    for (int i = 1; i < count; ++i) {
        if (understand(arguments[i], port, limits)) continue;
        say(text << http::transport.program << ": what is " << arguments[i] << "? port=, connections=, idle=, reading=, writing=, lingering= are known\n");
        return 2;
    }
    if (const char* const failed = http::Stream::prepare()) {
        say(text << http::transport.program << ": " << failed << "\n");
        return 1;
    }
    // Of a size that does not belong on a stack, and for as long as the program.
    alignas(http::Server) static char place[sizeof(http::Server)];
    auto& server = *new (place) http::Server(limits);
    if (const char* const failed = server.open(port)) {
        say(text << http::transport.program << ": " << failed << "\n");
        return 1;
    }
    say(text << http::transport.program << ": port " << std::uint64_t{port} << "\n");
    server.run();
    text.clear();
    say(text << http::transport.program << ": " << server.counters().requests << " requests, " << server.counters().accepted << " connections, "
             << server.counters().open << " open\n");
    return 0;
}
