// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/console/xen.hpp>

#include <unicore/arch/barriers.hpp>
#include <unicore/base/late.hpp>
#include <unicore/console/sink.hpp>
#include <unicore/platform/per_image.hpp>
#include <unicore/xen/guest.hpp>
#include <unicore/xen/hypercall.hpp>

#include <xen/io/console.h>

#include <algorithm>
#include <atomic>
#include <cstdint>

namespace unicore::console::xen {
namespace {

namespace guest = unicore::xen::guest;
namespace hypercall = unicore::xen::hypercall;

/// The ring to the console service, as far as we write to it. What the other side says of its index is
/// believed only as far as it makes sense. [Xen, xen/include/public/io/console.h]
class Output {
public:
    explicit Output(guest::Connection connection) noexcept
        : ring_(*static_cast<xencons_interface*>(connection.page)), port_(connection.port) {}

    /// How many bytes nobody has read yet; nonsense counts as full.
    std::uint32_t unread() const noexcept {
        const std::uint32_t read = const_cast<volatile std::uint32_t&>(ring_.out_cons);
        arch::Barriers::full();  // what was read makes room only after that
        return ring_.out_prod - read;
    }
    std::uint32_t room() const noexcept {
        const std::uint32_t used = unread();
        return used < size ? size - used : 0;
    }
    /// There is room for it.
    void put(char character) noexcept { ring_.out[next_++ % size] = character; }
    void publish() noexcept {
        arch::Barriers::write();
        const_cast<volatile std::uint32_t&>(ring_.out_prod) = next_;
        notify();
    }
    void notify() noexcept {
        evtchn_send send{port_};
        static_cast<void>(hypercall::perform(send));
    }

private:
    static constexpr std::uint32_t size = sizeof(xencons_interface::out);

    xencons_interface& ring_;
    evtchn_port_t port_;
    std::uint32_t next_ = ring_.out_prod;
};

constexpr std::uint64_t step = 1'000'000;  // ns between two looks
constexpr int patience = 2000;             // looks: a second or two

struct State {
    /// Looks that the next wait may take: one after the service took nothing for too long.
    int looks = patience;
    std::uint64_t awake = 0;  ///< system time, ns: the end of the last pause
};
platform::PerImage<State> state;

/// Sleeps for one step. The time in the shared page is that of this vCPU's last start, which may be long
/// ago: then the first pauses are none, and each next one ends a step later.
void pause() noexcept {
    vcpu_time_info& time = guest::shared().vcpu_info[0].time;
    const std::uint64_t started = std::atomic_ref(time.system_time).load(std::memory_order_relaxed);
    state->awake = std::max<std::uint64_t>(state->awake, started) + step;
    sched_poll poll{};
    poll.timeout = state->awake;
    static_cast<void>(hypercall::perform(poll));
}

/// Whether `done` came true in time.
template <typename Condition>
bool wait(Output& output, Condition done) noexcept {
    for (int left = state->looks;; --left) {
        if (done()) {
            state->looks = patience;
            return true;
        }
        if (left == 0) break;
        output.notify();
        pause();
    }
    state->looks = 1;
    return false;
}

class Ring final : public Sink {
    void write(std::string_view text) noexcept override { xen::write(text); }
};

platform::PerImage<Late<Ring>> sink;

}  // namespace

void write(std::string_view text) noexcept {
    const guest::Connection connection = guest::console();
    // The initial domain has none; nor has anybody before the start parameters are read.
    if (connection.page == nullptr) return hypercall::console_write(text);
    Output output(connection);
    for (const char* next = text.data(), * const end = next + text.size(); next != end;) {
        if (!wait(output, [&] { return output.room() >= 2; })) return;
        for (std::uint32_t room = output.room(); room >= 2 && next != end; --room, ++next) {
            if (*next == '\n') output.put('\r'), --room;
            output.put(*next);
        }
        output.publish();
    }
}

void drain() noexcept {
    const guest::Connection connection = guest::console();
    if (connection.page == nullptr) return;
    Output output(connection);
    wait(output, [&] { return output.unread() == 0; });
}

Result<void> start() noexcept {
    add(sink->construct());
    return {};
}

}  // namespace unicore::console::xen
