// SPDX-License-Identifier: BSD-3-Clause
// Values of threads by key, which libc++ uses one of: what is told at the end of a thread. [ISO C++23, futures.promise,
// thread.condition.nonmember]
#include <unicore/sched/locals.hpp>

#include <cerrno>
#include <mutex>

namespace {

using unicore::sched::locals::AtEnd;

constexpr int most_keys = 4;

struct Values {
    AtEnd at_end{};  ///< registered once the thread has set a value
    void* of[most_keys]{};
};

constinit int keys = 0;
constinit void (*ends[most_keys])(void*){};
constinit thread_local Values values{};

void end(AtEnd&) noexcept {
    for (int key = 0; key < keys; ++key) {
        void* const value = values.of[key];
        values.of[key] = nullptr;
        if (value != nullptr && ends[key] != nullptr) ends[key](value);
    }
}

}  // namespace

extern "C" {

int unicore_libcxx_key(int* key, void (*at_end)(void*)) noexcept {
    if (keys == most_keys) return EAGAIN;
    ends[keys] = at_end;
    *key = keys++;
    return 0;
}

void* unicore_libcxx_value(int key) noexcept { return values.of[key]; }

void unicore_libcxx_set_value(int key, void* value) noexcept {
    if (values.at_end.run == nullptr) {
        values.at_end.run = end;
        unicore::sched::locals::at_end(values.at_end);
    }
    values.of[key] = value;
}

}  // extern "C"
