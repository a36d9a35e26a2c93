// SPDX-License-Identifier: BSD-3-Clause
// Xenstore: nodes, who may use them, transactions, watches.
#include "ask.hpp"
#include "raw.hpp"
#include "scenarios.hpp"

#include <unicore/base/text.hpp>
#include <unicore/xen/store.hpp>

#include <xen/io/xs_wire.h>

#include <array>
#include <cstring>
#include <optional>
#include <string_view>

namespace unicore::test {

using text::Line;
using xen::store::Path;

namespace {

/// As many characters, any of them fine in a path.
std::string_view many(std::size_t count, char character = 'x') noexcept {
    static std::array<char, 4096> text;
    std::memset(text.data(), character, count);
    return {text.data(), count};
}

void read(std::string_view path, std::uint32_t transaction = 0) noexcept {
    ask({.type = XS_READ, .first = path, .transaction = transaction});
}
void write(std::string_view path, std::string_view value, std::uint32_t transaction = 0) noexcept {
    ask({.type = XS_WRITE, .first = path, .second = value, .transaction = transaction});
}
void list(std::string_view path, std::uint32_t transaction = 0) noexcept {
    ask({.type = XS_DIRECTORY, .first = path, .transaction = transaction});
}
void make(std::string_view path, std::uint32_t transaction = 0) noexcept {
    ask({.type = XS_MKDIR, .first = path, .transaction = transaction});
}
void remove(std::string_view path, std::uint32_t transaction = 0) noexcept {
    ask({.type = XS_RM, .first = path, .transaction = transaction});
}
/// 0 when there is none.
std::uint32_t start() noexcept {
    char reply[16];
    const std::string_view text = ask({.type = XS_TRANSACTION_START, .first = ""}, reply);
    return static_cast<std::uint32_t>(text::parse_decimal(text.substr(0, text.find('\0'))).value_or(0));
}
void end(std::uint32_t transaction, std::string_view how = "T") noexcept {
    ask({.type = XS_TRANSACTION_END, .first = how, .transaction = transaction});
}

}  // namespace

void scenario::store(Stage&) noexcept {
    write("data/a", "1");
    read("data/a");
    write("data/a", "");
    read("data/a");
    write("data/a", "with space and = and more");
    read("data/a");
    read("data/missing");
    list("data/missing");
    list("data/a");
    make("data/d");
    write("data/d/one", "1");
    make("data/d");
    read("data/d");
    write("data/d/e/f/g", "deep");
    list("data/d");
    list("data/d/e");
    read("data/d/e");
    remove("data/d/missing");
    remove("data/missing/missing");
    remove("data/d/e");
    list("data/d");
    remove("data/d");
    remove("data/d");
    list("data/d");

    // Names.
    read("data//a");
    read("data/a/");
    read("/");
    read("data/a b");
    read("data/a.b");
    read("data/-_@");
    read("data/a:b");
    write("data/a#", "1");
    make("data/a,b");
    write("@special", "1");
    read("@releaseDomain");
    read(many(2048));
    read(many(2049));
    write("/local/domain/x", "1");
    read("./a");
    remove("data/");

    // Values.
    write("data/a", many(2015, 'v'));
    write("data/a", many(2016, 'v'));
    write("data/a", many(2048, 'v'));
    write("data/a", many(4000, 'v'));
    write("data/a", many(4089, 'v'));
    write("data/a", many(4090, 'v'));
    read("data/a");

    // Operations that are none, or not ours.
    ask({.type = static_cast<xsd_sockmsg_type>(99), .first = "x"});
    ask({.type = XS_WATCH_EVENT, .first = "x"});
    ask({.type = XS_ERROR, .first = "x"});
    ask({.type = XS_INTRODUCE, .first = "1", .second = "1", .terminated = true});
    ask({.type = XS_RELEASE, .first = "1"});
    ask({.type = XS_RESUME, .first = "1"});
    ask({.type = XS_GET_DOMAIN_PATH, .first = "77"});
    ask({.type = XS_GET_DOMAIN_PATH, .first = "x"});
    ask({.type = XS_IS_DOMAIN_INTRODUCED, .first = "0"});
    ask({.type = XS_IS_DOMAIN_INTRODUCED, .first = "30000"});
    ask({.type = XS_WRITE, .first = "data/a", .transaction = 77});
    ask({.type = XS_SET_PERMS, .first = "data/a"});
    ask({.type = XS_SET_PERMS, .first = "data/a", .second = "x1", .terminated = true});
    ask({.type = XS_SET_PERMS, .first = "data/a", .second = "n", .terminated = true});
    ask({.type = XS_SET_PERMS, .first = "data/a", .second = "nx", .terminated = true});
    ask({.type = XS_SET_PERMS, .first = "data/missing", .second = "n1", .terminated = true});
    remove("data/a");

    // The toolstack's nodes: how they are, not what is in them.
    for (const char* const node : {"domid", "name", "memory/target", "vm", "control/shutdown", "device", "data",
                                   "console/port", "store/port", "control/platform-feature-xs_reset_watches"})
        ask({.type = XS_READ, .first = node, .shown = node});
    list("control");
    list("store");
}

void scenario::permissions(Stage& stage) noexcept {
    const Path ours{"data", "p"}, theirs{"/local/domain", stage.peer, "data/p"};
    const auto on_theirs = [&](xsd_sockmsg_type type, std::string_view below, const char* shown,
                               std::string_view value = {}) {
        ask({.type = type, .first = Path{"/local/domain", stage.peer, below}, .second = value, .shown = shown});
    };
    const auto set = [&](std::string_view path, std::string_view text, std::string_view shown) {
        Line line;
        line << path << " to " << shown;
        ask({.type = XS_SET_PERMS, .first = path, .second = text, .terminated = true, .shown = line.view()});
    };
    const auto set_to = [&](std::string_view path, std::string_view letters) {  // ours, then the peer's
        Line text, shown;
        for (std::size_t i = 0; i != letters.size(); ++i) {
            if (i != 0) text << '\0';
            text << letters[i] << (i == 0 ? stage.self : stage.peer);
            shown << letters[i] << (i == 0 ? "me" : "peer");
        }
        set(path, text.view(), shown.view());
    };
    const auto permissions_of = [](std::string_view path) {
        char reply[64];
        const std::string_view text = ask({.type = XS_GET_PERMS, .first = path, .shown = path}, reply);
        // Numbers of domains as the trace has them.
        Line line;
        for (std::string_view left = text; !left.empty(); left.remove_prefix(left.find('\0') + 1)) {
            line << ' ' << left[0];
            const auto domain = text::parse_decimal(left.substr(1, left.find('\0') - 1));
            recorder().show(line, Recorder::Kind::domain, domain.value_or(99999), false);
        }
        say("permissions:", line.view());
    };
    stage.turn(Role::front, [&] {
        for (const char* const node : {"domid", "data", "device", "control", "control/shutdown", "error", "name"})
            permissions_of(node);
        write("data/p", "secret");
        write("data/p/below", "deeper");
        permissions_of("data/p");
        write("name", "another");
        write("domid", "0");
        write("anything", "x");
        write("device/x", "x");
        write("control/shutdown", "");
        write("error/x", "x");
        remove("error/x");
        remove("name");
        remove("device");
        make("/anything");
        write("/anything", "x");
        list("/");
        list("/local");
        list("/local/domain");
        read("/tool/xenstored");
        read("/missing");
        read("/vm");
        ask({.type = XS_SET_PERMS, .first = "name", .second = "b0", .terminated = true});
        set("data/p", "n0", "n0");
    });
    stage.turn(Role::back, [&] {
        on_theirs(XS_READ, "data/p", "their data/p");
        on_theirs(XS_READ, "data/p/below", "their data/p/below");
        on_theirs(XS_READ, "data/missing", "their data/missing");
        on_theirs(XS_DIRECTORY, "data", "their data");
        on_theirs(XS_WRITE, "data/p", "their data/p", "mine");
        on_theirs(XS_WRITE, "data/new", "their data/new", "mine");
        on_theirs(XS_RM, "data/p", "their data/p");
        on_theirs(XS_GET_PERMS, "data/p", "their data/p");
        on_theirs(XS_READ, "domid", "their domid");
        on_theirs(XS_DIRECTORY, "", "their home");
        on_theirs(XS_SET_PERMS, "data/p", "their data/p", "b0");  // without the last null
    });
    stage.turn(Role::front, [&] {
        set_to("data/p", "nr");
        permissions_of("data/p");
        permissions_of("data/p/below");
    });
    stage.turn(Role::back, [&] {
        on_theirs(XS_READ, "data/p", "their data/p");
        on_theirs(XS_READ, "data/p/below", "their data/p/below");
        on_theirs(XS_READ, "data/p/missing", "their data/p/missing");
        on_theirs(XS_DIRECTORY, "data/p", "their data/p");
        on_theirs(XS_GET_PERMS, "data/p", "their data/p");
        on_theirs(XS_WRITE, "data/p", "their data/p", "mine");
        on_theirs(XS_MKDIR, "data/p/below", "their data/p/below");
        on_theirs(XS_MKDIR, "data/p/new", "their data/p/new");
        on_theirs(XS_RM, "data/p/missing", "their data/p/missing");
        on_theirs(XS_RM, "data/p/below", "their data/p/below");
    });
    stage.turn(Role::front, [&] { set_to("data/p", "nw"); });
    stage.turn(Role::back, [&] {
        on_theirs(XS_READ, "data/p", "their data/p");
        on_theirs(XS_WRITE, "data/p", "their data/p", "mine");
        on_theirs(XS_WRITE, "data/p/new", "their data/p/new", "mine");
        on_theirs(XS_RM, "data/p/below", "their data/p/below");
    });
    stage.turn(Role::front, [&] {
        permissions_of("data/p/new");
        read("data/p/new");
        read("data/p");
        set_to("data/p", "nb");
        set_to("data/p/new", "nb");
    });
    stage.turn(Role::back, [&] {
        on_theirs(XS_READ, "data/p", "their data/p");
        on_theirs(XS_WRITE, "data/p/third/fourth", "their data/p/third/fourth", "mine");
        on_theirs(XS_RM, "data/p/new", "their data/p/new");
        on_theirs(XS_RM, "data/p", "their data/p");
    });
    stage.turn(Role::front, [&] {
        list("data/p");
        write("data/p", "anew");
        write("data/p/below", "");
        set_to("data/p", "rn");
        set_to("data/p", "bnnnn");
        set_to("data/p", "bnnnnn");
        set_to("data/p", "w");
        permissions_of("data/p");
        permissions_of("data/p/third");
        Line other;
        other << 'n' << stage.peer;
        set("data/p", other.view(), "npeer");
        permissions_of("data/p");
        remove("data/p");
    });
}

void scenario::transactions(Stage&) noexcept {
    make("data/k");
    write("data/k/t", "0");
    std::uint32_t one = start();
    write("data/k/t", "1", one);
    read("data/k/t", one);
    read("data/k/t");
    end(one);
    read("data/k/t");
    end(one);
    read("data/k/t", one);

    one = start();
    write("data/k/t", "2", one);
    make("data/k/u", one);
    list("data/k/u", one);
    end(one, "F");
    read("data/k/t");
    list("data/k/u");

    // What was read has changed meanwhile.
    one = start();
    read("data/k/t", one);
    write("data/k/t", "3");
    read("data/k/t", one);
    write("data/k/v", "x", one);
    end(one);
    read("data/k/v");

    // What was written has changed meanwhile.
    one = start();
    write("data/k/t", "4", one);
    write("data/k/t", "5");
    end(one);
    read("data/k/t");

    // Nodes that come and go in one.
    one = start();
    write("data/k/new/deep", "1", one);
    list("data/k/new", one);
    remove("data/k/new", one);
    read("data/k/new", one);
    write("data/k/new", "2", one);
    end(one);
    read("data/k/new");
    remove("data/k/new");

    // Two transactions.
    one = start();
    std::uint32_t two = start();
    write("data/k/t", "6", one);
    read("data/k/t", two);
    end(one);
    end(two);
    one = start();
    two = start();
    write("data/k/x", "1", one);
    write("data/k/y", "2", two);
    end(one);
    end(two);
    list("data/k");
    one = start();
    read("data/k/t", one);
    two = start();
    write("data/k/x", "2", two);
    end(two);
    end(one);

    // A node comes, or goes, beside those that were looked at.
    one = start();
    list("data/k", one);
    write("data/k/z", "1");
    end(one);
    one = start();
    read("data/k/missing", one);
    write("data/k/missing", "1");
    end(one);
    one = start();
    read("data/k/missing", one);
    remove("data/k/missing");
    write("data/k/z", "2", one);
    end(one);
    read("data/k/z");
    // The same value again is a change, too.
    one = start();
    read("data/k/t", one);
    write("data/k/t", "6");
    write("data/k/z", "3", one);
    end(one);
    // Nothing was written.
    one = start();
    read("data/k/t", one);
    write("data/k/t", "7");
    end(one);
    one = start();
    end(one);

    // What is wrong.
    end(0);
    end(77);
    read("data/k/t", 77);
    one = start();
    end(one, "X");
    end(one);
    ask({.type = XS_TRANSACTION_START, .first = "", .transaction = one == 0 ? 1 : one});
    one = start();
    ask({.type = XS_WATCH, .first = "data/k/t", .second = "token", .terminated = true, .transaction = one});
    ask({.type = XS_UNWATCH, .first = "data/k/t", .second = "token", .terminated = true, .transaction = one});
    ask({.type = XS_TRANSACTION_START, .first = "", .transaction = one});
    end(one, "F");
    std::array<std::uint32_t, 12> open{};
    for (std::uint32_t& id : open) id = start();
    for (const std::uint32_t id : open)
        if (id != 0) end(id, "F");
    remove("data/k");
}

namespace {

/// Events of a watch, in the order in which they come.
struct Events {
    std::array<std::array<char, 48>, 24> paths{};
    volatile std::size_t count = 0;
    xen::store::Watch watch;

    void begin(std::string_view path, std::string_view shown) noexcept {
        auto made = xen::store::Watch::create(
            path,
            [](void* object, std::string_view changed) noexcept {
                Events& self = *static_cast<Events*>(object);
                if (self.count == self.paths.size()) return;
                auto& place = self.paths[self.count];
                place = {};
                changed.copy(place.data(), place.size() - 1);
                self.count = self.count + 1;
            },
            this);
        say("watch ", shown, ": ", outcome(made));
        if (made) watch = std::move(*made);
    }
    /// All that came. What was to come has come: xenstored answers in order. `hidden` is cut off in front.
    void tell(std::string_view hidden = {}) noexcept {
        static_cast<void>(xen::store::read_number("domid"));
        for (std::size_t i = 0; i != count; ++i) {
            std::string_view path = paths[i].data();
            if (!hidden.empty() && path.starts_with(hidden)) {
                path.remove_prefix(hidden.size());
                say("fired: …", path);
            } else {
                say("fired: ", path);
            }
        }
        say("events: ", static_cast<std::size_t>(count));
        count = 0;
    }
};

}  // namespace

void scenario::watches(Stage& stage) noexcept {
    const Path home{"/local/domain", stage.peer}, own_home{"/local/domain", stage.self};
    Events relative, absolute, removed, foreign;
    stage.turn(Role::front, [&] {
        relative.begin("data/w", "data/w");
        relative.tell();
        write("data/w", "1");
        write("data/w", "1");
        write("data/w/below/deeper", "1");
        make("data/w/below");
        make("data/w/new");
        write("data/wx", "1");
        read("data/w");
        relative.tell();
        absolute.begin(Path{own_home, "data/w/below"}, "/local/domain/me/data/w/below");
        absolute.tell(own_home);
        write("data/w/below/deeper", "2");
        absolute.tell(own_home);
        relative.tell();
        remove("data/w/new");
        remove("data/w/missing");
        relative.tell();
        remove("data/w");
        absolute.tell(own_home);
        relative.tell();
        write("data/w", "again");
        relative.tell();
        absolute.tell(own_home);
        // In a transaction: nothing before its end, and nothing of one that is given up.
        std::uint32_t transaction = start();
        write("data/w", "2", transaction);
        write("data/w", "3", transaction);
        write("data/w/below", "3", transaction);
        relative.tell();
        end(transaction);
        relative.tell();
        absolute.tell(own_home);
        transaction = start();
        read("data/w/below", transaction);
        write("data/w/one", "1", transaction);
        write("data/w", "1", transaction);
        write("data/w/below", "1", transaction);
        remove("data/w/one", transaction);
        make("data/w/two", transaction);
        end(transaction);
        relative.tell();
        absolute.tell(own_home);
        transaction = start();
        write("data/w", "4", transaction);
        end(transaction, "F");
        relative.tell();
        ask({.type = XS_SET_PERMS, .first = "data/w", .second = "", .terminated = true});
        // What is wrong.
        const auto watch = [](xsd_sockmsg_type type, std::string_view path, std::string_view token) {
            ask({.type = type, .first = path, .second = token, .terminated = true});
        };
        watch(XS_WATCH, "data/w", "mine");
        watch(XS_WATCH, "data/w", "mine");
        watch(XS_WATCH, "data/w", "other");
        watch(XS_UNWATCH, "data/w", "wrong");
        watch(XS_UNWATCH, "data/missing", "mine");
        watch(XS_UNWATCH, "data/w", "mine");
        watch(XS_UNWATCH, "data/w", "mine");
        watch(XS_UNWATCH, "data/w", "other");
        watch(XS_WATCH, "data//w", "mine");
        watch(XS_WATCH, "data/w/", "mine");
        watch(XS_WATCH, "@nonsense", "mine");
        watch(XS_UNWATCH, "@nonsense", "mine");
        watch(XS_WATCH, "@releaseDomain", "mine");
        watch(XS_UNWATCH, "@releaseDomain", "mine");
        watch(XS_WATCH, many(2049), "mine");
        ask({.type = XS_WATCH, .first = "data/w"});
        ask({.type = XS_UNWATCH, .first = "data/w"});
        relative.tell();
        // What is gone fires no more.
        relative.watch = xen::store::Watch();
        write("data/w", "5");
        relative.tell();
        removed.begin("data/never", "data/never");
        removed.tell();
        remove("data/never");
        removed.tell();
    });
    stage.turn(Role::back, [&] {
        // What may not be read does not fire.
        foreign.begin(Path{home, "data/f"}, "their data/f");
        foreign.tell(home);
    });
    stage.turn(Role::front, [&] { write("data/f", "1"); });
    stage.turn(Role::back, [&] { foreign.tell(home); });
    stage.turn(Role::front, [&] {
        Line permissions;
        permissions << 'n' << stage.self << '\0' << 'r' << stage.peer;
        ask({.type = XS_SET_PERMS,
             .first = "data/f",
             .second = permissions.view(),
             .terminated = true,
             .shown = "data/f to nme rpeer"});
    });
    // In turns: of events that are the same, xenstored keeps one until it is read. [Xen, XSA-326]
    stage.turn(Role::back, [&] { foreign.tell(home); });
    stage.turn(Role::front, [&] {
        write("data/f", "2");
        write("data/f/below", "3");
    });
    stage.turn(Role::back, [&] { foreign.tell(home); });
    stage.turn(Role::front, [&] { remove("data/f"); });
    stage.turn(Role::back, [&] {
        foreign.tell(home);
        foreign.watch = xen::store::Watch();
    });
    stage.turn(Role::front, [&] {
        absolute.watch = xen::store::Watch();
        removed.watch = xen::store::Watch();
        remove("data/w");
        remove("data/wx");
        // How many there may be.
        unsigned made = 0;
        {
            const Quiet quiet;
            char reply[8];
            for (unsigned i = 0; i != 200; ++i) {
                const auto before = made;
                const xen::store::Path token{i};
                made += !ask({.type = XS_WATCH, .first = "data/q", .second = token, .terminated = true}, reply).empty();
                if (made == before) break;
            }
            recorder().on = true;
            ask({.type = XS_WATCH, .first = "data/q", .second = "one more", .terminated = true}, reply);
            recorder().on = false;
            for (unsigned i = 0; i != made; ++i)
                ask({.type = XS_UNWATCH, .first = "data/q", .second = xen::store::Path{i}, .terminated = true}, reply);
        }
        say("watches besides the stage's and those of the image: ", made > 100);
    });
}

}  // namespace unicore::test
