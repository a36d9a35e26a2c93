// SPDX-License-Identifier: BSD-3-Clause
// What drivers do: a ring between two domains, and the life of a device.
#include "echo.hpp"
#include "raw.hpp"
#include "scenarios.hpp"

#include <unicore/base/chrono.hpp>
#include <unicore/base/late.hpp>
#include <unicore/platform/per_image.hpp>
#include <unicore/xen/ring.hpp>

#include <optional>
#include <utility>

namespace unicore::test {

using namespace std::chrono_literals;
using xen::grants::Access;
using xen::grants::Mapping;
using xen::grants::SharedPage;
using Kind = Recorder::Kind;

namespace {

using Front = xen::ring::FrontRing<EchoRequest, EchoResponse>;
using Back = xen::ring::BackRing<EchoRequest, EchoResponse>;

std::string_view taken(const Result<bool>& result) noexcept {
    return result ? *result ? "one" : "none" : to_string(result.error());
}

/// The states of both ends, as the store has them.
void say_states(const bus::Device& device) noexcept {
    const auto state = [](const store::Path& end) { return store::read_number(store::Path{end, "state"}); };
    const auto ours = state(device.path()), theirs = state(device.other_path());
    say("states: ", ours.value_or(0), ' ', theirs.value_or(0), device.attached() ? " attached" : "",
        device.gone() ? " gone" : "");
}

/// Waits until the back-end, too, shows that it is through.
void await_closed(const bus::Device& device) noexcept {
    soon([&] { return store::read_number(store::Path{device.other_path(), "state"}) == 6u; });
}

/// Serves until the other domain is through with the step.
void serve(Stage& stage, EchoService& service) noexcept {
    const time::Instant end = time::Monotonic::now() + patience;
    while (!stage.other_arrived() && time::Monotonic::now() < end)
        static_cast<void>(service.serve(time::Monotonic::now() + 5ms));
}

void ask_square(EchoFront& front, std::uint32_t number) noexcept {
    const auto square = front.square(number, time::Monotonic::now() + patience);
    say("square of ", number, ": ", outcome(square), ' ', square.value_or(0));
}

/// Front-end and back-end work until `condition` holds at the front-end.
void until(bool (*condition)(EchoFront&), EchoFront& front) noexcept {
    const auto waited =
        front.device().changes().wait([&] { return condition(front); }, time::Monotonic::now() + patience);
    if (!waited) say("waited for nothing: ", outcome(waited));
}

/// What stays when a scenario ends: the next one begins with the back-end's death.
struct Last {
    Late<EchoFront> front;
    Late<EchoService> service;
};
platform::PerImage<Last> last;

constexpr auto attached = [](EchoFront& front) { return front.device().attached(); };
constexpr auto detached = [](EchoFront& front) { return !front.device().attached(); };
constexpr auto gone = [](EchoFront& front) { return front.device().gone(); };

}  // namespace

void scenario::ring(Stage& stage) noexcept {
    SharedPage shared;
    Mapping mapped;
    Front front;
    Back back;
    EchoRequest request{};
    EchoResponse response{};
    const auto header = [](std::span<std::byte> page) -> xen::ring::Header& {
        return *reinterpret_cast<xen::ring::Header*>(page.data());
    };
    const auto fresh = [&] {
        stage.turn(Role::front, [&] {
            if (auto page = SharedPage::create(stage.peer)) shared = std::move(*page);
            front = Front(shared.bytes());
            stage.tell("shared", shared.reference());
        });
        stage.turn(Role::back, [&] {
            const auto reference = static_cast<grant_ref_t>(stage.hear("shared", Kind::reference));
            if (auto page = Mapping::map(stage.peer, reference, Access::read_write)) mapped = std::move(*page);
            back = Back(mapped.bytes());
            say("nothing there: ", taken(back.take(request)));
        });
    };
    fresh();
    stage.turn(Role::front, [&] {
        say("size ", front.size());
        for (std::uint32_t i = 1; i <= 3; ++i) say("put: ", outcome(front.put({i, 10 * i})));
        say("notify: ", front.publish());
        say("again: ", front.publish());
    });
    stage.turn(Role::back, [&] {
        while (back.take(request) == true) {
            say("request ", request.id, " number ", request.number);
            say("answer: ", outcome(back.put({request.id, std::uint64_t{request.number} * request.number})));
        }
        say("notify: ", back.publish());
        say("more: ", taken(back.more()));
    });
    stage.turn(Role::front, [&] {
        while (front.take(response) == true) say("response ", response.id, " square ", response.square);
        say("more: ", taken(front.more()));
        // As many as there is room for.
        std::uint32_t count = 0;
        while (front.put({count, count})) ++count;
        say("room for ", count, ", then ", outcome(front.put({})));
        say("notify: ", front.publish());
    });
    stage.turn(Role::back, [&] {
        std::uint32_t count = 0;
        while (back.take(request) == true) ++count;
        say("took ", count);
        // A hostile back-end: responses to what nobody asked.
        header(mapped.bytes()).responses.producer = front.size() + 1000;
    });
    stage.turn(Role::front, [&] {
        say("take: ", taken(front.take(response)));
        say("more: ", taken(front.more()));
        say("put: ", outcome(front.put({})), ", broken: ", front.broken());
    });
    stage.turn(Role::back, [&] { mapped = Mapping(); });
    fresh();
    stage.turn(Role::front, [&] {
        // A hostile front-end: more requests than there are places.
        static_cast<void>(front.put({1, 2}));
        static_cast<void>(front.publish());
        header(shared.bytes()).requests.producer = front.size() + 1;
    });
    stage.turn(Role::back, [&] {
        say("take: ", taken(back.take(request)));
        say("put: ", outcome(back.put({})), ", broken: ", back.broken());
        mapped = Mapping();
    });
    fresh();
    stage.turn(Role::front, [&] {
        // An index that goes back after it was right.
        static_cast<void>(front.put({1, 2}));
        static_cast<void>(front.put({2, 3}));
        static_cast<void>(front.publish());
    });
    stage.turn(Role::back, [&] {
        say("take: ", taken(back.take(request)));
        say("take: ", taken(back.take(request)));
    });
    stage.turn(Role::front, [&] { header(shared.bytes()).requests.producer = 1; });
    stage.turn(Role::back, [&] {
        say("take: ", taken(back.take(request)));
        mapped = Mapping();
        say("waiting: ", xen::grants::reclaim());
    });
    stage.turn(Role::front, [&] {
        shared = SharedPage();
        say("waiting: ", xen::grants::reclaim());
    });
}

void scenario::bus(Stage& stage) noexcept {
    recorder().names_references = true;
    EchoFront* front = nullptr;
    std::optional<EchoService> first_service;
    EchoService* service = nullptr;
    const auto serving = [&] { serve(stage, *service); };
    const auto connects = [&] {
        until(attached, *front);
        say_states(front->device());
    };
    // How far the two ends come while `start` waits for the store is a matter of time: it is told afterwards.
    Result<void> started;
    const auto starts = [&] {
        connects();
        say("start: ", outcome(started));
    };
    stage.turn(Role::back, [&] {
        service = &first_service.emplace();
        say("service: ", outcome(service->start()));
    });
    stage.turn(Role::front, [&] {
        front = &last->front.construct(0u);
        say("before it is there: ", outcome(front->start()));
        stage.ask_toolstack("plug");
        started = front->start();
    });
    stage.both(starts, serving);
    for (const std::uint32_t number : {3, 5, 100000}) stage.both([&] { ask_square(*front, number); }, serving);
    // Closed by the front-end, and opened again.
    stage.both(
        [&] {
            front->close();
            await_closed(front->device());
        },
        serving);
    stage.turn(Role::front, [&] {
        say_states(front->device());
        started = front->start();
    });
    stage.both(starts, serving);
    stage.both([&] { ask_square(*front, 7); }, serving);
    // By the back-end.
    stage.both([&] { until(detached, *front); }, [&] { first_service.reset(); });
    stage.turn(Role::front, [&] { say_states(front->device()); });
    stage.both(connects, [&] {
        service = &last->service.construct();
        say("service: ", outcome(service->start()));
        serving();
    });
    stage.both([&] { ask_square(*front, 9); }, serving);
    // By the toolstack.
    stage.both(
        [&] {
            stage.ask_toolstack("unplug");
            until(gone, *front);
            say_states(front->device());
            say("start: ", outcome(front->start()));
        },
        [&] {
            while (service->attached() && service->serve(time::Monotonic::now() + patience)) {
            }
        });
    stage.turn(Role::back, [&] { say("attached: ", service->attached()); });
    stage.turn(Role::front, [&] {
        // Who saw first that the device is gone is a matter of time: with the back-end through with it, too, the
        // page's reference is free in both cases.
        say("waiting: ", xen::grants::reclaim());
        stage.ask_toolstack("plug");
    });
    stage.both(connects, serving);
    stage.both([&] { ask_square(*front, 11); }, serving);
    say("lost: ", xen::grants::lost());
}

/// The back-end's domain has died with the device in use, and another one takes its place.
void scenario::takeover(Stage& stage) noexcept {
    recorder().names_references = true;
    std::optional<EchoService> service;
    const auto serving = [&] { serve(stage, *service); };
    stage.turn(Role::back, [&] { say("service: ", outcome(service.emplace().start())); });
    stage.both(
        [&] {
            EchoFront& front = *last->front;
            until(detached, front);
            say_states(front.device());
            stage.ask_toolstack("plug");
            until(attached, front);
            say_states(front.device());
            say("other domain: ", front.device().other_domain() == stage.peer ? "peer" : "another");
        },
        serving);
    stage.both([&] { ask_square(*last->front, 13); }, serving);
    stage.both(
        [&] {
            last->front->close();
            await_closed(last->front->device());
        },
        serving);
    stage.turn(Role::front, [&] { say_states(last->front->device()); });
    stage.turn(Role::front, [&] { say("waiting: ", xen::grants::reclaim(), ", lost: ", xen::grants::lost()); });
}

}  // namespace unicore::test
