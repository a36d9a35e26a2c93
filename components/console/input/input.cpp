// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/console/input.hpp>

#include "editor.hpp"

#include <unicore/console.hpp>
#include <unicore/console/input/config.hpp>
#include <unicore/console/source.hpp>
#include <unicore/platform/interrupts.hpp>
#include <unicore/platform/per_image.hpp>
#include <unicore/sched/mutex.hpp>

#include <algorithm>
#include <optional>
#include <string_view>

namespace unicore::console {
namespace input {
namespace {

struct State {
    sched::Mutex mutex;  ///< of the rest, and of taking from sources
    bool opened = false;
    bool listening = false;  ///< there is a source to read from
    Editor<config::line> editor;
};
platform::PerImage<State> state;

/// Opens the sources. Where none can be read from, input is at its end.
bool listening() noexcept {
    if (!state->opened) {
        state->opened = true;
        for (Source* source = first_source(); source != nullptr; source = source->next)
            state->listening |= source->listens = source->open().has_value();
    }
    return state->listening;
}

bool pending(Source& source) noexcept {
    const platform::MaskGuard masked;
    return source.listens && source.pending();
}

/// One character at a time: what follows the end of a line stays where it is.
void type_what_is_there() noexcept {
    for (Source* source = first_source(); source != nullptr; source = source->next) {
        if (!source->listens || source->kind != Source::Kind::line) continue;
        char character;
        while (!state->editor.finished() && source->take({&character, 1}).size != 0)
            state->editor.type(character, [](std::string_view text) { console::write(text); });
    }
}

Source* text_source() noexcept {
    for (Source* source = first_source(); source != nullptr; source = source->next)
        if (source->kind == Source::Kind::text && pending(*source)) return source;
    return nullptr;
}

/// What is there; nothing where that is nothing.
std::optional<std::size_t> take(std::span<char> into) noexcept {
    if (!listening()) return 0;
    type_what_is_there();
    if (state->editor.finished()) return state->editor.take(into);
    if (Source* const source = text_source()) {
        const Source::Taken taken = source->take(into);
        if (taken.size != 0 || taken.ended) return taken.size;
    }
    return std::nullopt;
}

/// Masked.
bool any_pending() noexcept {
    for (Source* source = first_source(); source != nullptr; source = source->next)
        if (source->listens && source->pending()) return true;
    return false;
}

}  // namespace

/// Nothing to do: refers to this source, so that its console::read takes the place of the console's own.
Result<void> start() noexcept { return {}; }

time::Duration look_every() noexcept {
    const sched::Guard guard(state->mutex);
    auto shortest = Source::never_looks;
    if (listening())
        for (Source* source = first_source(); source != nullptr; source = source->next)
            if (source->listens) shortest = std::min(shortest, source->look_every);
    return shortest;
}

Result<std::size_t> read_until(std::span<char> into, time::Instant deadline) noexcept {
    if (into.empty()) return 0;
    for (;;) {
        {
            const sched::Guard guard(state->mutex);
            if (const auto taken = take(into)) return *taken;
        }
        if (deadline == at_once) return unexpected(Error::timed_out);
        const time::Duration pause = look_every();
        time::Instant look = deadline;
        if (pause != Source::never_looks) look = std::min(deadline, time::Monotonic::now() + pause);
        const auto waited = wait_for_arrival([] { return any_pending(); }, look);
        if (!waited && (waited.error() != Error::timed_out || look == deadline)) return unexpected(waited.error());
    }
}

bool ready() noexcept {
    const sched::Guard guard(state->mutex);
    if (!listening()) return true;
    type_what_is_there();
    return state->editor.finished() || text_source() != nullptr;
}

std::size_t available() noexcept {
    const sched::Guard guard(state->mutex);
    if (!listening()) return 0;
    type_what_is_there();
    return state->editor.left();
}

}  // namespace input

Result<std::size_t> read(std::span<char> into) noexcept { return input::read_until(into, time::never); }

}  // namespace unicore::console
