// SPDX-License-Identifier: BSD-3-Clause
#include "stage.hpp"

#include <unicore/base/chrono.hpp>
#include <unicore/base/text.hpp>

namespace unicore::test {

using namespace std::chrono_literals;
namespace store = xen::store;

namespace {

constexpr std::uint64_t steps_of_a_scenario = 1000;

}  // namespace

bool soon(sched::Predicate condition) noexcept {
    const time::Instant end = time::Monotonic::now() + patience;
    while (!condition()) {
        if (time::Monotonic::now() >= end || !sched::sleep_for(1ms)) return false;
    }
    return true;
}

store::Path Stage::theirs(const char* what) const noexcept {
    return store::Path{"/local/domain", peer, "data", self, what};
}

void Stage::begin(unsigned number, std::uint16_t the_peer) noexcept {
    step_ = number * steps_of_a_scenario;
    others_ = 0;
    failed_ = false;
    if (peer == the_peer) return;
    peer = the_peer;
    const store::Path folder{"data", peer};
    text::Line permissions;
    permissions << 'n' << self << '\0' << 'r' << peer;
    const bool done = store::make_directory(folder) && store::set_permissions(folder, permissions.view());
    watch_ = store::Watch();
    auto watch = store::Watch::create(
        theirs("step"),
        [](void* object, std::string_view) noexcept {
            Stage& stage = *static_cast<Stage*>(object);
            stage.moved_ = true;
            stage.queue_.wake_all();
        },
        this);
    if (!watch || !done) return give_up("no place in the store");
    watch_ = std::move(*watch);
}

void Stage::give_up(const char* why) noexcept {
    say("gave up at step ", step_ % steps_of_a_scenario, ": ", why);
    failed_ = true;
}

void Stage::arrive() noexcept {
    if (!store::write_number(store::Path{"data", peer, "step"}, step_)) give_up("the store refused a step");
}

bool Stage::other_arrived() noexcept {
    if (others_ >= step_) return true;
    const bool moved = moved_;
    moved_ = false;
    if (moved) others_ = store::read_number(theirs("step")).value_or(0);  // one that is not there yet
    return others_ >= step_;
}

void Stage::wait() noexcept {
    const time::Instant end = time::Monotonic::now() + patience;
    while (!other_arrived()) {
        static_cast<void>(queue_.wait([&] { return moved_; }, end));
        if (time::Monotonic::now() >= end) return give_up("the other domain does not come");
    }
}

void Stage::tell(const char* what, std::uint64_t number) noexcept {
    static_cast<void>(store::write_number(store::Path{"data", peer, what}, number));
}

std::uint64_t Stage::hear(const char* what) noexcept { return store::read_number(theirs(what)).value_or(0); }

std::uint64_t Stage::hear(const char* what, Recorder::Kind kind) noexcept {
    const std::uint64_t number = hear(what);
    recorder().learn(kind, number);
    return number;
}

void Stage::ask_toolstack(std::string_view order) noexcept {
    text::Line line;
    line << ++orders_ << ' ' << order;
    static_cast<void>(store::write("data/order", line.view()));
    wake_toolstack();
    const time::Instant end = time::Monotonic::now() + patience;
    while (store::read_number("data/done").value_or(0) != orders_) {
        if (time::Monotonic::now() >= end) return give_up("the toolstack does not answer");
        static_cast<void>(sched::sleep_for(20ms));
    }
}

}  // namespace unicore::test
