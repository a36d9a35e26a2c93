// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/posix/fd.hpp>
#include <unicore/posix/fd/config.hpp>
#include <unicore/sched/mutex.hpp>

#include <array>
#include <cstddef>
#include <span>

namespace unicore::posix::fd {

/// Which descriptions the numbers refer to: eight of them at first, then as many as are wanted and allowed. Those that
/// lose their number go to the caller, who lets go of them without the lock.
class Table {
public:
    static constexpr std::size_t most = config::most;

    /// Context of all: thread. Errors as fd::open and fd::find have them.
    Outcome<int> open(Reference description, bool close_on_exec, int least) noexcept;
    /// Gives it this number, whatever had it, and returns that. Errors: EBADF for a number that cannot be; ENOMEM.
    Outcome<Reference> replace(int descriptor, Reference description, bool close_on_exec) noexcept;
    Outcome<Reference> find(int descriptor) noexcept;
    Outcome<Reference> close(int descriptor) noexcept;
    Outcome<bool> close_on_exec(int descriptor) noexcept;
    Outcome<void> set_close_on_exec(int descriptor, bool yes) noexcept;

private:
    struct Entry {
        Reference description;
        bool close_on_exec = false;
    };

    Entry* entry(int descriptor) noexcept;
    Outcome<void> grow(std::size_t size) noexcept;

    sched::Mutex mutex_;  ///< of all of it
    std::array<Entry, 8> first_{};
    std::span<Entry> more_{};  ///< the entries, once there are more than those
    bool grown_ = false;
    std::span<Entry> entries() noexcept { return grown_ ? more_ : std::span<Entry>(first_); }
};

/// The image's.
Table& table() noexcept;

/// Makes the console 0, 1 and 2.
void open_console() noexcept;

}  // namespace unicore::posix::fd
