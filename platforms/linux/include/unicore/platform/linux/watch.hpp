// SPDX-License-Identifier: BSD-3-Clause
#pragma once

namespace unicore::platform::linux {

/// What is waited for at a descriptor.
enum class Until : bool {
    readable,          ///< a read would not block: there is something, or an end, or an error
    readable_or_room,  ///< or a write would not
};

/// Whether that is so now. Context: any.
bool ready(int descriptor, Until until) noexcept;

/// A descriptor to be looked at while the image idles, by nobody else. Its owner's, and there while it is armed.
struct Watch {
    int descriptor;
    void (*arrived)(Watch& watch) noexcept;  ///< called masked, as an interrupt handler is, and not armed any more
    Until until = Until::readable;

    bool armed = false;     ///< in the list of those that are looked at, guarded by masked interrupts
    Watch* next = nullptr;  ///< in it
};

/// How many can be armed at a time.
inline constexpr unsigned most_watches = 32;

/// Has `arrived` called when the image idles and the descriptor is ready: once. Armed already, it waits for `until`
/// from now on. Context: any.
void watch(Watch& watch, Until until = Until::readable) noexcept;

/// Has it not called. Does nothing when it is not armed. Context: any.
void unwatch(Watch& watch) noexcept;

}  // namespace unicore::platform::linux
