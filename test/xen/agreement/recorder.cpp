// SPDX-License-Identifier: BSD-3-Clause
#include "recorder.hpp"

#include <unicore/platform/per_image.hpp>
#include <unicore/xen/guest.hpp>

#include <xen/event_channel.h>
#include <xen/sched.h>
#include <xen/xen.h>

#include <cstring>
#include <utility>

namespace unicore::test {
namespace {

platform::PerImage<Recorder> here;

constexpr char letters[] = {'d', 'p', 'q', 'r', 'h', '#', 'n'};

}  // namespace

Recorder& recorder() noexcept { return *here; }

void Recorder::begin(std::uint16_t self, std::uint16_t peer) noexcept {
    size_ = lines_ = operations_ = 0;
    names_references = false;
    for (Names& names : names_) names.count = 0;
    self_ = self;
    peer_ = peer;
}

bool Recorder::wants(unsigned number, const std::uintptr_t (&arguments)[5]) const noexcept {
    if (!on) return false;
    if (number == __HYPERVISOR_sched_op) return arguments[0] == SCHEDOP_shutdown;
    if (number == __HYPERVISOR_event_channel_op && arguments[0] == EVTCHNOP_send && arguments[1] != 0) {
        const evtchn_port_t port = reinterpret_cast<const evtchn_send*>(arguments[1])->port;
        return port != xen::guest::store().port && port != xen::guest::console().port;
    }
    static constexpr unsigned left_out[] = {
        __HYPERVISOR_set_timer_op, __HYPERVISOR_console_io,  __HYPERVISOR_mmu_update, __HYPERVISOR_update_va_mapping,
        __HYPERVISOR_mmuext_op,    __HYPERVISOR_callback_op, __HYPERVISOR_hvm_op};
    for (const unsigned one : left_out)  // the library's search would want wmemchr
        if (one == number) return false;
    return true;
}

void Recorder::add(std::string_view line, bool operation) noexcept {
    if (!on || size_ + line.size() + 3 > text_.size()) return;
    const auto put = [&](std::string_view part) {
        std::memcpy(text_.data() + size_, part.data(), part.size());
        size_ += part.size();
    };
    put("| ");
    put(line);
    put("\n");
    ++lines_;
    operations_ += operation;
}

std::size_t Recorder::name_of(Kind kind, std::uint64_t number) const noexcept {
    const Names& names = names_[std::to_underlying(kind)];
    for (std::size_t i = names.count; i != 0; --i)
        if (names.numbers[i - 1] == number) return i;
    return 0;
}

void Recorder::learn(Kind kind, std::uint64_t number) noexcept {
    Names& names = names_[std::to_underlying(kind)];
    if (names.count != names.numbers.size()) names.numbers[names.count++] = number;
}

bool Recorder::read(void* to, std::uintptr_t from, std::size_t size) noexcept {
    if (from == 0) return false;  // all that is wrong in a scenario
    std::memcpy(to, reinterpret_cast<const void*>(from), size);
    return true;
}

void Recorder::show_domain(text::Line& line, std::uint64_t number) const noexcept {
    if (number == DOMID_SELF) line << "self";
    else if (number == self_) line << "me";
    else if (number == peer_) line << "peer";
    else if (number == 0) line << "dom0";
    else line << number;
}

void Recorder::show(text::Line& line, Kind kind, std::uint64_t number, bool fresh) noexcept {
    if (kind == Kind::domain) return show_domain(line, number);
    if (kind == Kind::pages) {
        line << "pages";
        return;
    }
    // What is handed out is another thing, even when its number was used before. But a frame is named by
    // whoever names it, and a remote port that a status tells may be known.
    const bool found = name_of(kind, number) != 0;
    if (kind == Kind::frame) fresh = !found;
    if (kind == Kind::remote_port || kind == Kind::reference) fresh = !found && (fresh || names_references);
    if (fresh) learn(kind, number);
    if (const std::size_t name = name_of(kind, number); name != 0) line << letters[std::to_underlying(kind)] << name;
    else line << number;
}

void Recorder::forget(Kind kind, std::uint64_t number) noexcept {
    // In a PVH domain it is the place's number, which stays.
    if (!xen::guest::paravirtual()) return;
    if (const std::size_t name = name_of(kind, number); name != 0)
        names_[std::to_underlying(kind)].numbers[name - 1] = forgotten;
}

}  // namespace unicore::test

// The linker puts this in the gate's place (--wrap).
extern "C" std::int64_t __real_unicore_xen_hypercall(std::uintptr_t first, std::uintptr_t second, std::uintptr_t third,
                                                     std::uintptr_t fourth, std::uintptr_t fifth,
                                                     unsigned number) noexcept;

extern "C" std::int64_t __wrap_unicore_xen_hypercall(std::uintptr_t first, std::uintptr_t second, std::uintptr_t third,
                                                     std::uintptr_t fourth, std::uintptr_t fifth,
                                                     unsigned number) noexcept {
    using namespace unicore;
    test::Recorder& recorder = test::recorder();
    if (!recorder.wants(number, {first, second, third, fourth, fifth}))
        return __real_unicore_xen_hypercall(first, second, third, fourth, fifth, number);
    xen::trace::Hypercall call(recorder, number, {first, second, third, fourth, fifth});
    const std::int64_t result = __real_unicore_xen_hypercall(first, second, third, fourth, fifth, number);
    recorder.add(call.finish(result), true);
    return result;
}
