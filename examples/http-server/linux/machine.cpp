// SPDX-License-Identifier: BSD-3-Clause
// The same for a Linux process, or for the one of a Linux guest. build.py makes the table of files.
#include "../machine.hpp"

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <csignal>
#include <fcntl.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

namespace machine {

struct Embedded {
    const char* name;
    const char* contents;
    std::size_t size;
};
extern const Embedded embedded[];
extern const std::size_t embedded_count;

namespace {

int signals = -1;
std::uint64_t begin = 0;

std::uint64_t microseconds(clockid_t clock) noexcept {
    timespec now;
    clock_gettime(clock, &now);
    return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000 + static_cast<std::uint64_t>(now.tv_nsec) / 1000;
}

/// The number behind `label` in a file of /proc; 0 when there is none.
std::uint64_t number_in(const char* path, const char* label) noexcept {
    static char text[16'384];
    const int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return 0;
    const ssize_t size = read(descriptor, text, sizeof text - 1);
    close(descriptor);
    if (size <= 0) return 0;
    text[size] = '\0';
    const char* const found = std::strstr(text, label);
    return found == nullptr ? 0 : std::strtoull(found + std::strlen(label), nullptr, 10);
}

}  // namespace

std::size_t file_count() noexcept { return embedded_count; }
File file(std::size_t index) noexcept { return {embedded[index].name, {embedded[index].contents, embedded[index].size}}; }

void started() noexcept {
    begin = microseconds(CLOCK_BOOTTIME);
    sigset_t ours;
    sigemptyset(&ours);
    sigaddset(&ours, SIGTERM);
    sigaddset(&ours, SIGINT);
    signals = signalfd(-1, &ours, SFD_CLOEXEC | SFD_NONBLOCK);
    if (signals >= 0) sigprocmask(SIG_BLOCK, &ours, nullptr);
}

int end_descriptor() noexcept { return signals; }

std::size_t facts(Fact* into, std::size_t room) noexcept {
    std::size_t count = 0;
    const auto tell = [&](std::string_view name, std::uint64_t value) {
        if (count != room) into[count++] = {name, value};
    };
    tell("boot_us", begin);
    tell("uptime_ms", microseconds(CLOCK_BOOTTIME) / 1000);
    const std::uint64_t all = number_in("/proc/meminfo", "MemTotal:");
    tell("memory_kib", all);
    tell("memory_taken_kib", all - number_in("/proc/meminfo", "MemAvailable:"));
    tell("heap_bytes", number_in("/proc/self/status", "VmData:") * 1024);
    tell("threads", number_in("/proc/self/status", "Threads:"));
    // Of all interfaces but the loop: two columns of many in a table.
    std::uint64_t received = 0, sent = 0;
    if (FILE* const table = std::fopen("/proc/net/dev", "re")) {
        char line[512], name[64];
        unsigned long long packets_in, packets_out;
        while (std::fgets(line, sizeof line, table) != nullptr)
            if (std::sscanf(line, " %63[^:]: %*u %llu %*u %*u %*u %*u %*u %*u %*u %llu", name, &packets_in, &packets_out) == 3 &&
                std::strcmp(name, "lo") != 0)
                received += packets_in, sent += packets_out;
        std::fclose(table);
    }
    tell("packets_received", received);
    tell("packets_sent", sent);
    return count;
}

}  // namespace machine
