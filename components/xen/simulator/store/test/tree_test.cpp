// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/xen/simulator/store/tree.hpp>

#include <catch2/catch.hpp>

using namespace unicore::xen::simulator;

namespace {

const std::string null(1, '\0');
const std::string ok = "OK" + null;

struct Client {
    StoreTree& tree;
    StoreTree::Domain domain;

    StoreMessage ask(std::uint32_t type, const std::string& payload, std::uint32_t transaction = 0) {
        return tree.handle(domain, {type, 7, transaction, payload});
    }
    std::string read(const std::string& path, std::uint32_t transaction = 0) {
        return shown(ask(XS_READ, path + null, transaction));
    }
    std::string write(const std::string& path, const std::string& value, std::uint32_t transaction = 0) {
        return shown(ask(XS_WRITE, path + null + value, transaction));
    }
    std::uint32_t start() { return static_cast<std::uint32_t>(std::stoul(ask(XS_TRANSACTION_START, null).payload)); }
    std::string end(std::uint32_t transaction, const char* how = "T") {
        return shown(ask(XS_TRANSACTION_END, how + null, transaction));
    }
    /// The events so far: "path|token ".
    std::string events() {
        std::string text;
        for (const StoreMessage& event : tree.events(domain)) text += shown(event) + ' ';
        tree.events(domain).clear();
        return text;
    }
    static std::string shown(const StoreMessage& message) {
        std::string text = message.payload;
        if (text.ends_with('\0')) text.pop_back();
        for (char& byte : text)
            if (byte == '\0') byte = '|';
        return text;
    }
};

struct Fixture {
    StoreTree tree;
    Client zero{tree, 0};
    Client one{tree, 1};
    Client two{tree, 2};
    Fixture() { tree.introduce(1), tree.introduce(2); }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "values are written and read, relative and absolute") {
    CHECK(one.write("a/b", "5") == "OK");
    CHECK(one.read("a/b") == "5");
    CHECK(one.read("/local/domain/1/a/b") == "5");
    CHECK(one.read("a") == "");
    CHECK(one.read("c") == "ENOENT");
    CHECK(one.ask(XS_READ, "c" + null).type == XS_ERROR);
    CHECK(one.ask(XS_READ, "a/b" + null).request == 7);
    CHECK(Client::shown(one.ask(XS_DIRECTORY, "a" + null)) == "b");
    CHECK(Client::shown(one.ask(XS_MKDIR, "a/b" + null)) == "OK");
    CHECK(one.read("a/b") == "5");
    CHECK(Client::shown(one.ask(XS_RM, "a" + null)) == "OK");
    CHECK(Client::shown(one.ask(XS_RM, "a" + null)) == "OK");
    CHECK(Client::shown(one.ask(XS_RM, "x/y" + null)) == "ENOENT");
    CHECK(one.read("a/b") == "ENOENT");
    CHECK(one.write("with\x01", "") == "EINVAL");
    CHECK(one.write("a//b", "") == "EINVAL");
    CHECK(one.write("a/", "") == "EINVAL");
    CHECK(Client::shown(one.ask(999, "")) == "ENOSYS");
    CHECK(Client::shown(one.ask(XS_READ, "")) == "EINVAL");
}

TEST_CASE_METHOD(Fixture, "permissions keep domains apart") {
    CHECK(one.write("/local/domain/2/a", "") == "EACCES");
    CHECK(one.write("mine", "x") == "OK");
    CHECK(two.read("/local/domain/1/mine") == "EACCES");
    CHECK(Client::shown(one.ask(XS_SET_PERMS, "mine" + null + "n1" + null + "r2" + null)) == "OK");
    CHECK(two.read("/local/domain/1/mine") == "x");
    CHECK(two.write("/local/domain/1/mine", "y") == "EACCES");
    CHECK(Client::shown(two.ask(XS_SET_PERMS, "/local/domain/1/mine" + null + "b2" + null)) == "EACCES");
    CHECK(Client::shown(one.ask(XS_GET_PERMS, "mine" + null)) == "n1|r2");
    CHECK(zero.write("/local/domain/1/mine", "z") == "OK");
    CHECK(Client::shown(one.ask(XS_SET_PERMS, "mine" + null + "q1" + null)) == "EINVAL");
    CHECK(Client::shown(one.ask(XS_INTRODUCE, "5" + null)) == "EACCES");
}

TEST_CASE_METHOD(Fixture, "watches fire at once, for what is below, and not for what may not be read") {
    CHECK(one.ask(XS_WATCH, "a" + null + "token" + null).payload == ok);
    CHECK(one.events() == "a|token ");
    CHECK(Client::shown(one.ask(XS_WATCH, "a" + null + "token" + null)) == "EEXIST");
    CHECK(two.ask(XS_WATCH, "/local/domain/1/a" + null + "t" + null).payload == ok);
    two.events();
    CHECK(one.write("a/b/c", "") == "OK");
    CHECK(one.write("ab", "") == "OK");
    CHECK(one.events() == "a/b/c|token ");
    CHECK(two.events() == "");
    CHECK(one.ask(XS_WATCH, "/local/domain/1/a/b" + null + "deep" + null).payload == ok);
    one.events();
    CHECK(Client::shown(one.ask(XS_RM, "a" + null)) == "OK");
    CHECK(one.events() == "a|token /local/domain/1/a/b|deep ");
    CHECK(one.ask(XS_UNWATCH, "a" + null + "token" + null).payload == ok);
    CHECK(Client::shown(one.ask(XS_UNWATCH, "a" + null + "token" + null)) == "ENOENT");
    one.write("a", "");
    CHECK(one.events() == "");
    CHECK(two.ask(XS_WATCH, "@releaseDomain" + null + "gone" + null).payload == ok);
    two.events();
    tree.release(1);
    CHECK(two.events() == "@releaseDomain|gone ");
    CHECK(tree.watches(1) == 0);
}

TEST_CASE_METHOD(Fixture, "a transaction is seen as a whole, or not at all") {
    one.write("a", "1");
    const auto id = one.start();
    CHECK(one.write("a", "2", id) == "OK");
    CHECK(one.write("new", "3", id) == "OK");
    CHECK(one.read("a", id) == "2");
    CHECK(one.read("a") == "1");
    CHECK(one.read("new") == "ENOENT");
    CHECK(one.end(id) == "OK");
    CHECK(one.read("a") == "2");
    CHECK(one.read("new") == "3");
    CHECK(one.end(id) == "ENOENT");

    const auto undone = one.start();
    CHECK(one.write("a", "4", undone) == "OK");
    CHECK(one.end(undone, "F") == "OK");
    CHECK(one.read("a") == "2");
    CHECK(tree.transactions(1) == 0);
    CHECK(two.read("x", id) == "ENOENT");
}

TEST_CASE_METHOD(Fixture, "transactions conflict where they touched the same") {
    one.write("a", "1");
    auto id = one.start();
    CHECK(one.read("a", id) == "1");
    one.write("a", "2");
    CHECK(one.write("b", "", id) == "OK");
    CHECK(one.end(id) == "EAGAIN");
    CHECK(one.read("b") == "ENOENT");

    one.write("c", "1");
    id = one.start();
    CHECK(one.read("a", id) == "2");
    one.write("c", "2");
    CHECK(one.write("b", "", id) == "OK");
    CHECK(one.end(id) == "OK");

    // A new node changes the list of its parent's children, and so does another one.
    id = one.start();
    CHECK(one.write("e", "", id) == "OK");
    one.write("f", "");
    CHECK(one.end(id) == "EAGAIN");

    id = one.start();
    CHECK(Client::shown(one.ask(XS_DIRECTORY, "d" + null, id)) == "ENOENT");
    one.write("d/e", "");
    CHECK(one.end(id) == "EAGAIN");
    tree.refuse_transactions(1);
    CHECK(one.end(one.start()) == "EAGAIN");
    CHECK(one.end(one.start()) == "OK");
}

TEST_CASE("quotas hold domains without privilege back") {
    StoreTree tree({.nodes = 5, .watches = 2, .transactions = 1, .node = 43, .permissions = 2});
    tree.introduce(1);
    Client one{tree, 1};
    for (const char* name : {"a", "b", "c", "d"}) CHECK(one.write(name, "") == "OK");
    CHECK(one.write("e", "") == "ENOSPC");
    CHECK(one.write("a", "0123456789") == "OK");
    CHECK(one.write("a", "0123456789x") == "ENOSPC");
    CHECK(Client::shown(one.ask(XS_SET_PERMS, "b" + null + "n1" + null + "r2" + null)) == "OK");
    CHECK(Client::shown(one.ask(XS_SET_PERMS, "b" + null + "n1" + null + "r2" + null + "r3" + null)) == "ENOSPC");
    CHECK(one.start() != 0);
    CHECK(one.start() != 0);  // one more than the quota says
    CHECK(Client::shown(one.ask(XS_TRANSACTION_START, null)) == "ENOSPC");
    CHECK(one.ask(XS_WATCH, "a" + null + "1" + null).payload == ok);
    CHECK(one.ask(XS_WATCH, "a" + null + "2" + null).payload == ok);
    CHECK(Client::shown(one.ask(XS_WATCH, "a" + null + "3" + null)) == "E2BIG");
}

TEST_CASE_METHOD(Fixture, "what is missing is only told to who might see it") {
    tree.write("/secret/a", "");
    CHECK(one.read("/secret/missing") == "EACCES");
    CHECK(one.read("missing") == "ENOENT");
    CHECK(one.read("missing/too") == "ENOENT");
    CHECK(Client::shown(one.ask(XS_RM, "/secret/missing" + null)) == "EACCES");
    CHECK(Client::shown(one.ask(XS_SET_PERMS, "/secret/missing" + null + "n1" + null)) == "EACCES");
}

TEST_CASE_METHOD(Fixture, "a domain gives away neither a node nor what its message lacks") {
    one.write("a", "");
    CHECK(Client::shown(one.ask(XS_SET_PERMS, "a" + null + "n2" + null)) == "EPERM");
    CHECK(Client::shown(one.ask(XS_SET_PERMS, "a" + null + "n1")) == "EINVAL");  // no null behind it
    CHECK(Client::shown(one.ask(XS_READ, "a")) == "EINVAL");
    for (const char* name : {"@a", "@releaseDomain", "a:b"}) CHECK(one.write(name, "") == "EINVAL");
    const auto id = one.start();
    CHECK(one.end(id, "X") == "EINVAL");
    CHECK(one.end(id) == "OK");
}

TEST_CASE_METHOD(Fixture, "a transaction fires once for each node, in the order of their first use") {
    CHECK(one.ask(XS_WATCH, "a" + null + "token" + null).payload == ok);
    one.events();
    const auto id = one.start();
    one.read("a/y", id);
    one.write("a/x", "1", id);
    one.write("a/y", "1", id);
    one.write("a/x", "2", id);
    one.write("a/gone", "", id);
    one.ask(XS_RM, "a/gone" + null, id);
    CHECK(one.end(id) == "OK");
    CHECK(one.events() == "a/y|token a/x|token ");
}
