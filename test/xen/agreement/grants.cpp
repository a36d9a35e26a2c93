// SPDX-License-Identifier: BSD-3-Clause
// Grants: who may map and copy what, and what the granter sees of it.
#include "raw.hpp"
#include "scenarios.hpp"
#include "table.hpp"

#include <unicore/xen/grants.hpp>
#include <unicore/xen/grants/mapping.hpp>

#include <array>
#include <cstring>
#include <optional>
#include <string_view>
#include <utility>

namespace unicore::test {

using xen::grants::Access;
using xen::grants::Grant;
using xen::grants::SharedPage;
using Kind = Recorder::Kind;

namespace {

constexpr grant_ref_t bad_reference = 4'000'000;

SharedPage share(domid_t with, Access access = Access::read_write) noexcept {
    auto page = SharedPage::create(with, access);
    say("shared: ", outcome(page));
    return page ? std::move(*page) : SharedPage();
}

/// What is in an entry of our table.
void say_entry(const char* what, grant_ref_t reference) noexcept {
    const grant_entry_v1& entry = xen::grants::table->entry(reference);
    const unsigned flags = __atomic_load_n(&entry.flags, __ATOMIC_SEQ_CST);
    say(what, " type=", flags & GTF_type_mask, " readonly=", (flags & GTF_readonly) != 0,
        " reading=", (flags & GTF_reading) != 0, " writing=", (flags & GTF_writing) != 0);
}

std::string_view text_in(const std::byte* page) noexcept {
    const std::string_view text(reinterpret_cast<const char*>(page), 32);
    return text.substr(0, text.find('\0'));
}
void put(std::byte* page, const char* text) noexcept { std::memcpy(page, text, std::strlen(text) + 1); }

template <typename T>
std::int64_t grant_op(unsigned command, T* operations, std::uintptr_t count = 1) noexcept {
    return hypercall::call(__HYPERVISOR_grant_table_op, command, operations, count);
}

gnttab_map_grant_ref mapping(domid_t granter, grant_ref_t reference, const std::byte* where, unsigned flags) noexcept {
    gnttab_map_grant_ref operation{};
    operation.host_addr = reinterpret_cast<std::uintptr_t>(where);
    operation.flags = flags;
    operation.ref = reference;
    operation.dom = granter;
    return operation;
}
/// A handle, when it could be mapped.
std::optional<grant_handle_t> map(domid_t granter, grant_ref_t reference, const std::byte* where,
                                  unsigned flags = GNTMAP_host_map) noexcept {
    gnttab_map_grant_ref operation = mapping(granter, reference, where, flags);
    grant_op(GNTTABOP_map_grant_ref, &operation);
    if (operation.status != GNTST_okay) return {};
    void* const page[] = {const_cast<std::byte*>(where)};
    guest::protect_foreign(page);
    return operation.handle;
}
void unmap(std::optional<grant_handle_t> handle, const std::byte* where) noexcept {
    gnttab_unmap_grant_ref operation{};
    operation.host_addr = reinterpret_cast<std::uintptr_t>(where);
    operation.handle = handle.value_or(bad_reference);
    grant_op(GNTTABOP_unmap_grant_ref, &operation);
}

/// A side of a copy: a page of ours, or a grant.
gnttab_copy::gnttab_copy_ptr side(const std::byte* page, std::uint16_t offset, domid_t domain = DOMID_SELF) noexcept {
    gnttab_copy::gnttab_copy_ptr result{};
    result.u.gmfn = guest::frame_of(page);
    result.domid = domain;
    result.offset = offset;
    return result;
}
gnttab_copy::gnttab_copy_ptr side(domid_t domain, grant_ref_t reference, std::uint16_t offset) noexcept {
    gnttab_copy::gnttab_copy_ptr result{};
    result.u.ref = reference;
    result.domid = domain;
    result.offset = offset;
    return result;
}

}  // namespace

void scenario::grants(Stage& stage) noexcept {
    SharedPage shared, read_only, not_theirs, broken;
    std::optional<Holes> holes;
    std::optional<grant_handle_t> first, second, third;
    grant_ref_t reference = 0;
    stage.turn(Role::front, [&] {
        shared = share(stage.peer);
        read_only = share(stage.peer, Access::read_only);
        not_theirs = share(0);
        broken = share(stage.peer);
        if (!shared.reference() || !broken.reference()) return;
        xen::grants::table->entry(broken.reference()).frame = 0xffff'f000;  // nobody's frame
        put(shared.bytes().data(), "from the front");
        put(read_only.bytes().data(), "to be read");
        say_entry("new", shared.reference());
        say_entry("read-only", read_only.reference());
        stage.tell("shared", shared.reference());
        stage.tell("read-only", read_only.reference());
        stage.tell("not-theirs", not_theirs.reference());
        stage.tell("broken", broken.reference());
    });
    stage.turn(Role::back, [&] {
        reference = static_cast<grant_ref_t>(stage.hear("shared", Kind::reference));
        const auto other = static_cast<grant_ref_t>(stage.hear("read-only", Kind::reference));
        holes.emplace(3);
        if (holes->count() != 3) return say("no holes");
        first = map(stage.peer, reference, holes->at(0));
        if (!first) return;
        say("there: ", text_in(holes->at(0)));
        put(holes->at(0), "from the back");
        map(stage.peer, other, holes->at(1));  // writable
        second = map(stage.peer, other, holes->at(1), GNTMAP_host_map | GNTMAP_readonly);
        if (second) say("there: ", text_in(holes->at(1)));
        const std::byte* const spare = holes->at(2);
        map(stage.peer, static_cast<grant_ref_t>(stage.hear("not-theirs", Kind::reference)), spare);
        map(stage.peer, static_cast<grant_ref_t>(stage.hear("broken", Kind::reference)), spare);
        map(stage.peer, 500, spare);  // never used
        map(stage.peer, bad_reference, spare);
        map(stage.peer, 0, spare);
        map(nobody, reference, spare);
        map(DOMID_SELF, reference, spare);
        map(stage.peer, reference, spare, 0);
        map(stage.peer, reference, spare, GNTMAP_readonly);
    });
    stage.turn(Role::front, [&] {
        say("there: ", text_in(shared.bytes().data()));
        say_entry("mapped", shared.reference());
        say_entry("mapped read-only", read_only.reference());
        say_entry("refused", not_theirs.reference());
        say_entry("broken", broken.reference());
    });
    stage.turn(Role::back, [&] {
        if (!first || !second) return;
        unmap(first, holes->at(1));  // the other one's address
        unmap(first, nullptr);
        unmap(bad_reference, holes->at(0));
        unmap(first, holes->at(0));
        unmap(first, holes->at(0));
        // Two in one hypercall, the second of which cannot be.
        gnttab_map_grant_ref both[] = {mapping(stage.peer, reference, holes->at(0), GNTMAP_host_map | GNTMAP_readonly),
                                       mapping(nobody, reference, holes->at(2), GNTMAP_host_map)};
        grant_op(GNTTABOP_map_grant_ref, both, 2);
        first = both[0].handle;
    });
    stage.turn(Role::front, [&] {
        say_entry("mapped read-only", shared.reference());
        Grant again;
        if (auto grant = Grant::offer(stage.peer, shared.bytes().data(), Access::read_write)) again = std::move(*grant);
        say("end of one that is not used: ", outcome(again.end()));
        say_entry("ended", shared.reference() + 3);
    });
    stage.turn(Role::back, [&] {
        if (!first || !second) return;
        unmap(first, holes->at(0));
        unmap(second, holes->at(1));
        third = map(stage.peer, reference, holes->at(0));
    });
    stage.turn(Role::front, [&] {
        say_entry("in use", shared.reference());
        // In use: put aside until the peer has let go.
        reference = shared.reference();
        shared = SharedPage();
        say("waiting: ", xen::grants::reclaim());
        read_only = SharedPage();
        not_theirs = SharedPage();
        broken = SharedPage();
        say("waiting: ", xen::grants::reclaim());
    });
    stage.turn(Role::back, [&] {
        if (third) unmap(third, holes->at(0));
    });
    stage.turn(Role::front, [&] {
        say_entry("unmapped", reference);
        say("waiting: ", xen::grants::reclaim());
        say_entry("ended", reference);
    });
    stage.turn(Role::back, [&] {
        map(stage.peer, static_cast<grant_ref_t>(stage.hear("shared", Kind::reference)), holes->at(0));  // no more
        holes.reset();
    });
}

void scenario::copies(Stage& stage) noexcept {
    SharedPage shared, read_only, ours;
    stage.turn(Role::front, [&] {
        shared = share(stage.peer);
        read_only = share(stage.peer, Access::read_only);
        put(shared.bytes().data(), "0123456789");
        put(read_only.bytes().data(), "abcdefghij");
        stage.tell("shared", shared.reference());
        stage.tell("read-only", read_only.reference());
    });
    stage.turn(Role::back, [&] {
        const auto rw = static_cast<grant_ref_t>(stage.hear("shared", Kind::reference));
        const auto ro = static_cast<grant_ref_t>(stage.hear("read-only", Kind::reference));
        const domid_t peer = stage.peer;
        auto taken = memory::pages::Pages::create(PageCount{1});
        if (!taken) return;
        std::byte* const page = taken->bytes().data();
        put(page, "----------------");
        const auto copy = [](gnttab_copy::gnttab_copy_ptr from, gnttab_copy::gnttab_copy_ptr to, unsigned length,
                             unsigned flags) {
            gnttab_copy operation{};
            operation.source = from;
            operation.dest = to;
            operation.len = static_cast<std::uint16_t>(length);
            operation.flags = static_cast<std::uint16_t>(flags);
            grant_op(GNTTABOP_copy, &operation);
        };
        constexpr unsigned from_grant = GNTCOPY_source_gref, to_grant = GNTCOPY_dest_gref, both = from_grant | to_grant;
        copy(side(peer, rw, 2), side(page, 1), 4, from_grant);
        say("here: ", text_in(page));
        copy(side(page, 0), side(peer, rw, 5), 3, to_grant);
        copy(side(peer, ro, 0), side(peer, rw, 20), 5, both);
        copy(side(peer, rw, 0), side(peer, ro, 0), 5, both);
        copy(side(peer, rw, 4000), side(page, 0), 96, from_grant);
        copy(side(peer, rw, 4000), side(page, 0), 97, from_grant);
        copy(side(peer, rw, 0), side(page, 4000), 97, from_grant);
        copy(side(peer, rw, 4096), side(page, 0), 0, from_grant);
        copy(side(peer, rw, 5000), side(page, 0), 1, from_grant);
        copy(side(peer, rw, 0), side(page, 0), 0, from_grant);
        copy(side(peer, bad_reference, 0), side(page, 0), 1, from_grant);
        copy(side(peer, 500, 0), side(page, 0), 1, from_grant);
        copy(side(nobody, rw, 0), side(page, 0), 1, from_grant);
        copy(side(page, 0, peer), side(page, 0), 1, 0);
        copy(side(page, 0), side(page, 64), 10, 0);
        say("here: ", text_in(page + 64));
        copy(side(peer, bad_reference, 0), side(nobody, rw, 0), 1, both);
        copy(side(peer, bad_reference, 5000), side(page, 0, peer), 1, from_grant);
        copy(side(peer, rw, 0), side(page, 0, peer), 1, from_grant);
        copy(side(page, 0, peer), side(nobody, rw, 0), 1, to_grant);
        copy(side(page, 0, peer), side(peer, bad_reference, 0), 1, to_grant);
        copy(side(page, 0, stage.self), side(peer, rw, 0), 1, to_grant);
        copy(side(peer, rw, 5000), side(peer, bad_reference, 0), 1, both);
        gnttab_copy frames{};
        frames.source.u.gmfn = ~xen_pfn_t{0} >> 12;
        frames.source.domid = frames.dest.domid = DOMID_SELF;
        frames.dest.u.gmfn = guest::frame_of(page);
        frames.len = 1;
        grant_op(GNTTABOP_copy, &frames);
        std::swap(frames.source, frames.dest);
        grant_op(GNTTABOP_copy, &frames);
        grant_op(GNTTABOP_copy, &frames, 0);
    });
    stage.turn(Role::front, [&] {
        say("there: ", text_in(shared.bytes().data()));
        say("there: ", text_in(shared.bytes().data() + 20));
        say("there: ", text_in(read_only.bytes().data()));
        say_entry("shared", shared.reference());
        say_entry("read-only", read_only.reference());
    });
}

void scenario::mappings(Stage& stage) noexcept {
    SharedPage shared;
    stage.turn(Role::front, [&] {
        gnttab_query_size size{};
        size.dom = DOMID_SELF;
        grant_op(GNTTABOP_query_size, &size);
        grant_op(GNTTABOP_query_size, &size, 2);
        grant_op(GNTTABOP_query_size, &size, 0);
        size.dom = stage.peer;
        grant_op(GNTTABOP_query_size, &size);
        size.dom = nobody;
        grant_op(GNTTABOP_query_size, &size);
        gnttab_setup_table setup{};
        setup.dom = stage.peer;
        grant_op(GNTTABOP_setup_table, &setup);
        setup.dom = nobody;
        grant_op(GNTTABOP_setup_table, &setup);
        setup.dom = DOMID_SELF;
        grant_op(GNTTABOP_setup_table, &setup);
        grant_op(GNTTABOP_setup_table, &setup, 2);
        setup.nr_frames = 1000;
        grant_op(GNTTABOP_setup_table, &setup);
        for (const unsigned version : {0, 1, 3}) {
            gnttab_set_version operation{version};
            grant_op(GNTTABOP_set_version, &operation);
        }
        gnttab_get_version version{};
        version.dom = DOMID_SELF;
        grant_op(GNTTABOP_get_version, &version);
        version.dom = stage.peer;
        grant_op(GNTTABOP_get_version, &version);
        version.dom = nobody;
        grant_op(GNTTABOP_get_version, &version);
        shared = share(stage.peer);
        stage.tell("shared", shared.reference());
    });
    stage.turn(Role::back, [&] {
        // How often one grant can be mapped.
        const auto reference = static_cast<grant_ref_t>(stage.hear("shared", Kind::reference));
        for (const unsigned flags : {unsigned{GNTMAP_host_map | GNTMAP_readonly}, unsigned{GNTMAP_host_map}}) {
            unsigned count = 0;
            std::int16_t status = 0;
            {
                const Quiet quiet;
                Holes many(Holes::most);
                std::array<grant_handle_t, Holes::most> handles{};
                for (; count != many.count() && status == GNTST_okay; ++count) {
                    gnttab_map_grant_ref operation = mapping(stage.peer, reference, many.at(count), flags);
                    grant_op(GNTTABOP_map_grant_ref, &operation);
                    status = operation.status;
                    if (status != GNTST_okay) break;
                    handles[count] = operation.handle;
                }
                for (unsigned i = 0; i != count; ++i) unmap(handles[i], many.at(i));
            }
            say("mapped ", count, " times, then ", status);
        }
        Holes hole(1);
        unmap(map(stage.peer, reference, hole.at(0)), hole.at(0));
    });
    stage.turn(Role::front, [&] { say_entry("shared", shared.reference()); });
    // With what drivers use.
    xen::grants::Mapping mapped;
    stage.turn(Role::back, [&] {
        const auto reference = static_cast<grant_ref_t>(stage.hear("shared"));
        auto page = xen::grants::Mapping::map(stage.peer, reference, Access::read_write);
        say("a mapping: ", outcome(page));
        if (page) mapped = std::move(*page);
        say("not there: ", outcome(xen::grants::Mapping::map(stage.peer, bad_reference, Access::read_only)));
        say("nobody's: ", outcome(xen::grants::Mapping::map(nobody, reference, Access::read_only)));
        mapped = xen::grants::Mapping();
        say("waiting: ", xen::grants::reclaim(), ", lost: ", xen::grants::lost());
    });
    stage.turn(Role::front, [&] {
        shared = SharedPage();
        say("waiting: ", xen::grants::reclaim());
    });
}

}  // namespace unicore::test
