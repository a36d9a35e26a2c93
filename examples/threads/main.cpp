// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/base/text.hpp>
#include <unicore/console.hpp>
#include <unicore/sched.hpp>
#include <unicore/sched/mutex.hpp>
#include <unicore/sched/thread.hpp>
#include <unicore/time/clock.hpp>

#include <chrono>
#include <string_view>

using namespace std::chrono_literals;
using namespace unicore;

namespace {

struct Game {
    std::uint64_t turns = 1000;  ///< of each
    bool over = false;
    sched::WaitQueue end;
};

/// The other thread: a turn for each of main's, then it sleeps before it says that it is over.
void pong(void* context) noexcept {
    auto& game = *static_cast<Game*>(context);
    for (std::uint64_t left = game.turns; left != 0; --left) sched::yield();
    static_cast<void>(sched::sleep_for(5ms));
    game.over = true;
    game.end.wake_all();
}

/// Does `turn` as often, and says how long it took.
template <typename Turn>
int repeat(std::string_view what, std::uint64_t turns, Turn turn) noexcept {
    const auto begin = time::Monotonic::now();
    for (std::uint64_t left = turns; left != 0; --left) turn();
    const auto taken = time::Monotonic::now() - begin;
    text::Line line;
    line << what << ", " << turns << " times: " << taken.count() << " ns";
    console::write_line(line.view());
    return 0;
}

/// A mutex that nobody else wants is locked and unlocked.
int lock(std::uint64_t turns) noexcept {
    constinit static sched::Mutex mutex;
    return repeat("lock and unlock", turns, [] {
        mutex.lock();
        mutex.unlock();
    });
}

/// What is to be taken off that: the loop alone.
int nothing(std::uint64_t turns) noexcept {
    return repeat("nothing", turns, [] { asm volatile(""); });
}

}  // namespace

/// Two threads take turns, as often as the first argument says, and one waits for the other. Or, with "lock" behind it, a
/// thread and a mutex; with "nothing", nobody.
int main(int argc, char** argv) {
    Game game;
    if (argc > 1) {
        const auto turns = text::parse_decimal(argv[1]);
        if (!turns) return 2;
        game.turns = *turns;
        if (argc > 2 && argv[2] == std::string_view("lock")) return lock(*turns);
        if (argc > 2 && argv[2] == std::string_view("nothing")) return nothing(*turns);
    }
    auto thread = sched::Thread::create(pong, &game, {.name = "pong"});
    if (!thread) {
        console::write("no memory for a thread\n");
        return 1;
    }
    const auto begin = time::Monotonic::now();
    for (std::uint64_t left = game.turns; left != 0; --left) sched::yield();
    const auto taken = time::Monotonic::now() - begin;
    if (!game.end.wait([&] { return game.over; }, begin + 60s)) return 3;
    text::Line line;
    line << "ping pong, " << game.turns << " times: " << taken.count() << " ns";
    console::write_line(line.view());
    return 0;
}
