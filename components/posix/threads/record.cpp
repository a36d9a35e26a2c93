// SPDX-License-Identifier: BSD-3-Clause
#include "record.hpp"

#include <unicore/base/late.hpp>
#include <unicore/memory/heap.hpp>

#include <algorithm>
#include <memory>
#include <string_view>

namespace unicore::posix::threads {

namespace {

constinit Late<Records> here;

thread_local constinit Record* current = nullptr;
thread_local constinit Late<Record> unmade;  ///< of a thread that pthread_create did not make

void forget(sched::locals::AtEnd&) noexcept {
    Record& self = own();
    destroy_values(self.values);
    const sched::Guard guard(records().mutex);
    records().remove(self);
}

/// The first thread becomes known in the boot step, others when they first ask.
Record& adopt(Record::Kind kind) noexcept {
    Record& self = unmade.construct(kind);
    const std::string_view name = sched::thread_name();
    name.copy(self.name.data(), self.name.size() - 1);
    self.sched_number = sched::current_thread();
    self.detached = kind == Record::Kind::foreign;
    if (self.detached) {
        self.end.run = forget;
        sched::locals::at_end(self.end);
    }
    const sched::Guard guard(records().mutex);
    records().add(self);
    current = &self;
    return self;
}

}  // namespace

void start_records() noexcept {
    here.construct();
    adopt(Record::Kind::first);
}

Records& records() noexcept { return *here; }

void Records::add(Record& record) noexcept {
    do record.number = ++last_;
    while (record.number == 0 || !all_.insert(record).second);  // where a word has 32 bits, they come round
}

Record* Records::find(pthread_t number) noexcept {
    const auto found = all_.find(number);
    return found != all_.end() ? &*found : nullptr;
}

Record& own() noexcept {
    Record* const known = current;
    return known != nullptr ? *known : adopt(Record::Kind::foreign);
}

void set_own(Record& record) noexcept { current = &record; }

Record* make_record() noexcept {
    const auto block = memory::heap::allocate(sizeof(Record), alignof(Record));
    return block ? std::construct_at(static_cast<Record*>(*block), Record::Kind::created) : nullptr;
}

void release_record(Record& record) noexcept {
    std::destroy_at(&record);
    memory::heap::release(&record);
}

}  // namespace unicore::posix::threads
