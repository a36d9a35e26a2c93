// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/entropy/csprng.hpp>

#include <unicore/entropy/generator.hpp>

#include <unicore/base/log.hpp>
#include <unicore/base/panic.hpp>
#include <unicore/base/preemption.hpp>
#include <unicore/entropy/csprng/config.hpp>
#include <unicore/entropy/source.hpp>
#include <unicore/time/clock.hpp>

#include <algorithm>

namespace unicore::entropy::csprng {

namespace {

constexpr log::Logger<"entropy.csprng"> log;

constinit Generator generator;
constinit bool seeded = false;
constinit std::size_t given_out = 0;  ///< bytes since the sources were read

/// When the sources were read; `never` until the first request, since a boot reads no clock.
constinit time::Instant seeded_at = time::never;

/// Mixes 32 bytes of every source that answers. Returns whether there was one.
bool read_sources() noexcept {
    bool any = false;
    for (Source& source : sources()) {
        std::array<std::byte, Generator::seed_size> seed;
        if (const auto outcome = source.read(seed)) {
            const PreemptionGuard alone;
            generator.mix(seed);
            any = true;
        } else {
            log.warning([&](auto& line) { line << source.name() << " failed: " << to_string(outcome.error()); });
        }
        erase(seed);
    }
    return any;
}

bool is_due() noexcept {
    if (given_out >= std::size_t{config::reseed_bytes}) return true;
    if constexpr (config::reseed_seconds != 0) {
        const time::Instant now = time::Monotonic::now();
        if (seeded_at == time::never) seeded_at = now;
        return now - seeded_at >= std::chrono::seconds(config::reseed_seconds);
    }
    return false;
}

/// Whether the sources are to be read now, by the thread that asks and no other.
bool is_mine_to_read() noexcept {
    const PreemptionGuard alone;
    if (!is_due()) return false;
    given_out = 0;
    seeded_at = time::never;
    return true;
}

/// What other threads are kept from at a time.
constexpr std::size_t most_at_once = 1024;

}  // namespace

Result<void> start() noexcept {
    seeded = read_sources();
    if (seeded) return {};
    log.error(
        "no source of entropy answers; entropy.cpu needs a CPU with RDSEED, RDRAND or RNDR (QEMU: -cpu max, or host "
        "under KVM), entropy.virtio a virtio-rng device, entropy.linux a kernel with getrandom");
    return unexpected(Error::not_found);
}

Result<void> fill(std::span<std::byte> bytes) noexcept {
    if (!seeded) return unexpected(Error::not_found);
    // Sources that fail leave the state as unknown to others as it is; the next time will do.
    if (is_mine_to_read()) read_sources();
    while (!bytes.empty()) {
        const auto part = bytes.first(std::min(bytes.size(), most_at_once));
        const PreemptionGuard alone;
        generator.fill(part);
        given_out += part.size();
        bytes = bytes.subspan(part.size());
    }
    return {};
}

std::uint64_t next() noexcept {
    std::uint64_t number;
    if (!fill(std::as_writable_bytes(std::span(&number, 1)))) panic("entropy.csprng: asked before its boot step");
    return number;
}

}  // namespace unicore::entropy::csprng
