// SPDX-License-Identifier: BSD-3-Clause
// What the C library keeps for each thread: errno, strtok's place, buffers that functions return.
// [newlib, libc/reent/getreent.c, libc/reent/reent.c]
#include <unicore/sched/locals.hpp>

#include <utility>

#include <reent.h>
#include <stdlib.h>
#include <string.h>

using namespace unicore;

namespace {

/// Of a thread other than the first. Made when it first asks, given back when it ends.
struct State : sched::locals::AtEnd {
    bool in_use = false;
    _reent reent;
};
thread_local constinit State state{};

void give_back(sched::locals::AtEnd& entry) noexcept {
    auto& self = static_cast<State&>(entry);
    // The powers of five that conversions keep, which newlib forgets here. [newlib, libc/stdlib/mprec.c, pow5mult]
    for (_Bigint* next = _REENT_MP_P5S(&self.reent); next != nullptr;)
        _free_r(&self.reent, std::exchange(next, next->_next));
    _reclaim_reent(&self.reent);
    self.in_use = false;
}

_reent* make(State& self) noexcept {
    _REENT_INIT_PTR(&self.reent);
    // Handlers of signals are the image's. [POSIX.1-2017, XSH 2.4.1]
    self.reent._sig_func = _impure_ptr->_sig_func;
    self.run = give_back;
    self.in_use = true;
    sched::locals::at_end(self);
    return &self.reent;
}

}  // namespace

/// Context: thread.
extern "C" _reent* __getreent() {
    if (sched::in_first_thread()) [[likely]] return _impure_ptr;
    State& self = state;
    return self.in_use ? &self.reent : make(self);
}
