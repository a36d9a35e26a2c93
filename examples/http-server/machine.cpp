// SPDX-License-Identifier: BSD-3-Clause
#include "machine.hpp"

#include <unicore/embed.hpp>
#include <unicore/memory/heap.hpp>
#include <unicore/memory/pages.hpp>
#include <unicore/net/device.hpp>
#include <unicore/time/clock.hpp>

#include <chrono>

namespace machine {
namespace {

using namespace unicore;
using time::Monotonic;

constexpr std::string_view folder = "site/";

constinit time::Instant begin{};

std::uint64_t microseconds(time::Duration duration) noexcept {
    return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(duration).count());
}

}  // namespace

/// Only what is in the folder: an image may have other files, which are nobody's, such as keys. They come behind it in the
/// order of names; with one that comes before it there would be no pages.
std::size_t file_count() noexcept {
    std::size_t count = 0;
    while (count != embed::count() && embed::at(count).name.starts_with(folder)) ++count;
    return count;
}

File file(std::size_t index) noexcept {
    const embed::File file = embed::at(index);
    return {file.name.substr(folder.size()), file.text()};
}

void started() noexcept { begin = Monotonic::now(); }

/// A request to stop interrupts waits, that one which begins later, too. Nothing else does.
int end_descriptor() noexcept { return -1; }

std::size_t facts(Fact* into, std::size_t room) noexcept {
    std::size_t count = 0;
    const auto tell = [&](std::string_view name, std::uint64_t value) {
        if (count != room) into[count++] = {name, value};
    };
    // The clock begins with the image.
    tell("boot_us", microseconds(begin.time_since_epoch()));
    tell("uptime_ms", microseconds(Monotonic::now().time_since_epoch()) / 1000);
    const auto pages = memory::pages::usage();
    tell("memory_kib", pages.total.bytes() / 1024);
    tell("memory_taken_kib", pages.taken.bytes() / 1024);
    tell("heap_bytes", memory::heap::usage().allocated);
    tell("threads", 1);  // main: everything else runs while it waits
    net::Statistics sum{};
    for (const net::Device* device = net::first_device(); device != nullptr; device = device->next) {
        const net::Statistics own = device->statistics();
        sum.received.packets += own.received.packets, sum.received.bytes += own.received.bytes;
        sum.received.dropped += own.received.dropped, sum.sent.packets += own.sent.packets;
        sum.sent.bytes += own.sent.bytes, sum.sent.dropped += own.sent.dropped, sum.interrupts += own.interrupts;
    }
    tell("packets_received", sum.received.packets);
    tell("bytes_received", sum.received.bytes);
    tell("packets_sent", sum.sent.packets);
    tell("bytes_sent", sum.sent.bytes);
    tell("packets_dropped", sum.received.dropped + sum.sent.dropped);
    tell("interrupts", sum.interrupts);
    return count;
}

}  // namespace machine
