// SPDX-License-Identifier: BSD-3-Clause
#include "../date.hpp"
#include "../request.hpp"

#include <catch2/catch.hpp>

#include <cstring>
#include <memory>
#include <random>
#include <string>
#include <vector>

using namespace http;
using namespace std::literals;

namespace {

/// Bytes with nothing readable behind them, as the sanitizer sees it.
struct Exact {
    std::unique_ptr<char[]> bytes;
    std::size_t size;
    explicit Exact(std::string_view text) : bytes(new char[text.size()]), size(text.size()) {
        std::memcpy(bytes.get(), text.data(), size);
    }
};

struct Outcome {
    Parsed parsed;
    Request request;
    Exact memory;
    explicit Outcome(std::string_view text) : parsed{}, memory(text) {
        parsed = parse(memory.bytes.get(), memory.bytes.get() + memory.size, request);
    }
};

int status_of(std::string_view text) { return Outcome(text).parsed.status; }
std::string with(std::string_view fields) { return "GET / HTTP/1.1\r\nHost: a\r\n" + std::string(fields) + "\r\n"; }
std::string path_of(std::string_view target) {
    const Outcome outcome("GET " + std::string(target) + " HTTP/1.1\r\nHost: a\r\n\r\n");
    return outcome.parsed.status == 0 ? std::string(outcome.request.path) : std::to_string(outcome.parsed.status);
}

}  // namespace

TEST_CASE("a request is taken apart") {
    const Outcome outcome("HEAD /a%20b/c?d=e HTTP/1.1\r\nHost: x:80\r\nRange:  bytes=1-2 \t\r\nIF-NONE-MATCH: \"a\"\r\nIf-Range: \"b\"\r\n"
                          "if-match: *\r\nAccept: */*\r\n\r\nrest");
    REQUIRE(outcome.parsed.status == 0);
    CHECK(outcome.parsed.size == outcome.memory.size - 4);
    const Request& request = outcome.request;
    CHECK(request.method == Method::head);
    CHECK(request.path == "/a b/c");
    CHECK(request.range == "bytes=1-2");
    CHECK(request.if_none_match == "\"a\"");
    CHECK(request.if_range == "\"b\"");
    CHECK(request.if_match == "*");
    CHECK((request.keep_alive && !request.says_keep_alive && !request.has_body() && !request.expects));
}

TEST_CASE("every front of a request is incomplete, and nothing behind it is read") {
    const std::string whole = "\r\nGET /hello.txt HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nX:\t y z \r\n\r\n";
    for (std::size_t size = 0; size != whole.size(); ++size) {
        CAPTURE(size);
        const Outcome outcome(whole.substr(0, size));
        CHECK(outcome.parsed.status == incomplete);
        CHECK(outcome.parsed.size == (size < 2 ? 0 : 2));  // the empty line
    }
    CHECK(status_of(whole) == 0);
    CHECK(status_of("GET / HTTP/1.1\nHost: a\n\n") == 0);  // of lines that end by themselves
}

TEST_CASE("methods") {
    CHECK(Outcome("GET / HTTP/1.0\r\n\r\n").request.method == Method::get);
    for (const auto name : {"POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"})
        CHECK(Outcome(std::string(name) + " * HTTP/1.0\r\n\r\n").request.method == Method::other);
    for (const auto name : {"get", "GETS", "BREW", "G", "HEADX"})
        CHECK(Outcome(std::string(name) + " / HTTP/1.0\r\n\r\n").request.method == Method::unknown);
    CHECK(status_of(std::string(100, 'A')) == 501);
    for (const auto line : {" / HTTP/1.0\r\n\r\n"sv, "G\0T / HTTP/1.0\r\n\r\n"sv, "GET\t/ HTTP/1.0\r\n\r\n"sv, "\rGET / HTTP/1.0\r\n\r\n"sv,
                            "{ / HTTP/1.0\r\n\r\n"sv})
        CHECK(status_of(line) == 400);
}

TEST_CASE("targets") {
    CHECK(path_of("/") == "/");
    CHECK(path_of("/?") == "/");
    CHECK(path_of("/a/../b") == "/a/../b");  // the name of no file
    CHECK(path_of("/%61%2e%2F%c3%A4") == "/a./\xc3\xa4");
    CHECK(path_of("http://host/a?b") == "/a");
    CHECK(path_of("HTTPS://host:443") == "/");
    CHECK(path_of("http://host?a") == "/");
    for (const auto wrong : {"a", "*", "/%", "/%4", "/%4g", "/%00", "/#a", "/\x7f", "/\xc3\xa4", "http:///a", "ftp://a/", "http://", ""})
        CHECK(path_of(wrong) == "400");
    CHECK(path_of("/?%zz") == "/");  // a query is nobody's
    CHECK(path_of("/" + std::string(most_target - 1, 'a')).size() == most_target);
    CHECK(path_of("/" + std::string(most_target, 'a')) == "414");
    CHECK(status_of("GET /" + std::string(most_target, 'a')) == 414);
}

TEST_CASE("versions") {
    CHECK(status_of("GET / HTTP/1.9\r\nHost: a\r\n\r\n") == 0);
    CHECK(status_of("GET / HTTP/2.0\r\n") == 505);
    CHECK(status_of("GET / HTTP/0.9\r\n") == 505);
    for (const auto line : {"GET /\r\n\r\n", "GET / \r\n\r\n", "GET / http/1.1\r\n\r\n", "GET / HTTP/1.1 \r\n", "GET / HTTP/1,1\r\n", "GET / HTTP/11\r\n\r\n",
                            "GET / HTTP/1.1\r\r\n", "GET  / HTTP/1.1\r\n", "GET / HTTP/1.10\r\n"})
        CHECK(status_of(line) == 400);
    CHECK(status_of("GET / HTTP/1.1\r\n\r\n") == 400);  // without a host
    CHECK(status_of("GET / HTTP/1.0\r\n\r\n") == 0);
}

TEST_CASE("what a connection becomes") {
    const auto keeps = [](std::string_view version, std::string_view fields) {
        const Outcome outcome("GET / HTTP/" + std::string(version) + "\r\nHost: a\r\n" + std::string(fields) + "\r\n");
        REQUIRE(outcome.parsed.status == 0);
        CHECK(outcome.request.says_keep_alive == (outcome.request.keep_alive && version == "1.0"));
        return outcome.request.keep_alive;
    };
    CHECK(keeps("1.1", ""));
    CHECK_FALSE(keeps("1.0", ""));
    CHECK(keeps("1.0", "Connection: Keep-Alive\r\n"));
    CHECK_FALSE(keeps("1.1", "Connection: CLOSE\r\n"));
    CHECK_FALSE(keeps("1.1", "Connection: keep-alive\r\nConnection: te , close,\r\n"));
    CHECK(keeps("1.1", "Connection: closed\r\n"));
    CHECK(keeps("1.1", "Connection:\r\n"));
}

TEST_CASE("fields that are wrong") {
    for (const auto fields : {"Host: b\r\n"sv, " folded\r\n"sv, "Name : value\r\n"sv, "Name\r\n"sv, ": value\r\n"sv, "X: a\rb\r\n"sv,
                              "X: a\1\r\n"sv, "X: a\0b\r\n"sv, "(: a\r\n"sv, "X: \x7f\r\n"sv, "Range: a\r\nrange: b\r\n"sv,
                              "If-Match: a\r\nIf-Match: b\r\n"sv})
        CHECK(status_of(with(fields)) == 400);
    CHECK(status_of("GET / HTTP/1.1\r\nHost: a b\r\n\r\n") == 400);
    CHECK(status_of("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n") == 400);
    CHECK(status_of("GET / HTTP/1.1\r\nHost:\r\n\r\n") == 0);
    CHECK(status_of("GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n") == 0);
    CHECK(status_of(with("X: \xff\xc3\xa4\t \r\n")) == 0);
    CHECK(status_of(with("Expect: 100-Continue\r\n")) == 0);
    CHECK(status_of(with("Expect: more\r\n")) == 417);
}

TEST_CASE("lengths of bodies, and two ways to tell them") {
    CHECK(Outcome(with("Content-Length: 0\r\n")).request.has_body() == false);
    CHECK(Outcome(with("Content-Length: 00017\r\n")).request.length == 17);
    CHECK(Outcome(with("Content-Length: 999999999999999999\r\n")).request.length == 999'999'999'999'999'999);
    for (const auto length : {"", "-1", "+1", "0x1", "1 2", "1,1", "1.", "99999999999999999999", "a"})
        CHECK(status_of(with("Content-Length: " + std::string(length) + "\r\n")) == 400);
    CHECK(status_of(with("Content-Length: 1\r\nContent-Length: 1\r\n")) == 400);
    CHECK(Outcome(with("Transfer-Encoding: Chunked\r\n")).request.chunked);
    CHECK(status_of(with("Transfer-Encoding: gzip, chunked\r\n")) == 501);
    CHECK(status_of(with("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n")) == 400);
    CHECK(status_of(with("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n")) == 400);
    CHECK(status_of("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n") == 400);
}

TEST_CASE("the end of a head, however it is cut") {
    for (const std::string head : {"GET / HTTP/1.1\r\nA: b\r\n\r\n", "GET / HTTP/1.1\nA: b\n\n", "X\r\n\n"}) {
        for (std::size_t from = 0; from != head.size(); ++from) {
            CHECK(has_end(head, from));
            CHECK_FALSE(has_end(std::string_view(head).substr(0, from), from == 0 ? 0 : from - 1));
        }
    }
    CHECK_FALSE(has_end("a\r\n\rb\r\n", 0));
}

namespace {

struct Skipped {
    std::size_t size = 0;
    int status = 0;
    bool over = false;
};
/// Skips a body that comes in pieces of so many bytes.
Skipped skip(std::string_view fields, std::string_view bytes, std::size_t piece, std::uint64_t most = 1000) {
    const Outcome outcome(with(fields));
    REQUIRE(outcome.parsed.status == 0);
    Body body(outcome.request);
    Skipped all;
    while (!body.over() && all.size != bytes.size() && all.status == 0) {
        const Exact part(bytes.substr(all.size, piece));
        all.size += body.skip({part.bytes.get(), part.size}, most, all.status);
    }
    all.over = body.over();
    return all;
}

}  // namespace

TEST_CASE("bodies are skipped, in pieces of any size") {
    constexpr auto chunked = "Transfer-Encoding: chunked\r\n";
    for (const std::size_t piece : {1, 2, 3, 7, 1000}) {
        CAPTURE(piece);
        const auto whole = [&](std::string_view fields, std::string_view body) {
            const Skipped all = skip(fields, std::string(body) + "GET /", piece);
            CHECK((all.over && all.status == 0 && all.size == body.size()));
        };
        whole("Content-Length: 10\r\n", "0123456789");
        whole(chunked, "0\r\n\r\n");
        whole(chunked, "5\r\nhello\r\n0\r\n\r\n");
        whole(chunked, "5;a=\"b\"\r\nhello\r\n1A \r\nabcdefghijklmnopqrstuvwxyz\r\n000\r\nTrailer: x\r\nAnother: y\r\n\r\n");
        whole(chunked, "1\n\r\n0\n\n");
        const auto wrong = [&](int status, std::string_view body) {
            const Skipped all = skip(chunked, body, piece);
            CHECK((!all.over && all.status == status));
        };
        wrong(400, "x\r\n");
        wrong(400, "\r\n");
        wrong(400, "-1\r\n");
        wrong(400, "1\rx");
        wrong(400, "1\r\nab\r\n");
        wrong(400, "0\r\na\rb");
        wrong(413, "ffffffffffffffffff\r\n");
        wrong(413, "3e9\r\n");
        wrong(413, "1;" + std::string(2000, 'x'));
        wrong(413, "0\r\n" + std::string(2000, 'x'));
    }
}

TEST_CASE("entity tags") {
    CHECK(matches("*", "\"a\"", true));
    CHECK(matches("\"a\"", "\"a\"", true));
    CHECK(matches("W/\"a\"", "\"a\"", false));
    CHECK_FALSE(matches("W/\"a\"", "\"a\"", true));
    CHECK(matches(" \"x,y\" , W/\"z\",\"a\"", "\"a\"", true));
    for (const auto list : {"", "a", "\"a", "\"", "W/", "\"b\"", "\"A\"", "\"\"", "x \"a\"", ",,,"}) CHECK_FALSE(matches(list, "\"a\"", false));
}

TEST_CASE("ranges") {
    using Kind = Range::Kind;
    const auto part = [](std::string_view field, std::uint64_t size, std::uint64_t first, std::uint64_t count) {
        const Range range = parse_range(field, size);
        CHECK((range.kind == Kind::part && range.first == first && range.size == count));
    };
    part("bytes=0-0", 10, 0, 1);
    part("BYTES= 2-5 ", 10, 2, 4);
    part("bytes=2-", 10, 2, 8);
    part("bytes=9-99999", 10, 9, 1);
    part("bytes=-3", 10, 7, 3);
    part("bytes=-30", 10, 0, 10);
    for (const auto none : {"bytes=10-", "bytes=10-20", "bytes=-0"}) CHECK(parse_range(none, 10).kind == Kind::none);
    for (const auto none : {"bytes=0-", "bytes=0-0", "bytes=-1"}) CHECK(parse_range(none, 0).kind == Kind::none);
    for (const auto whole : {"", "bytes", "bytes=", "bytes=-", "bytes=a-b", "bytes=5-4", "bytes=1-2,3-4", "lines=1-2", "bytes=1", "bytes=--1",
                             "bytes=99999999999999999999-", "bytes=1-99999999999999999999"})
        CHECK(parse_range(whole, 10).kind == Kind::whole);
}

TEST_CASE("dates") {
    const auto date = [](std::int64_t seconds) {
        char text[date_size];
        write_date(seconds, text);
        return std::string(text, sizeof text);
    };
    CHECK(date(0) == "Thu, 01 Jan 1970 00:00:00 GMT");
    CHECK(date(784'111'777) == "Sun, 06 Nov 1994 08:49:37 GMT");  // RFC 9110's own
    CHECK(date(1'709'251'199) == "Thu, 29 Feb 2024 23:59:59 GMT");
    CHECK(date(1'795'763'999) == "Fri, 27 Nov 2026 07:19:59 GMT");
    CHECK(date(4'102'444'800) == "Fri, 01 Jan 2100 00:00:00 GMT");
}

TEST_CASE("a hundred thousand damaged requests, of which none reads or writes elsewhere") {
    std::mt19937 chance(20261127);
    const std::vector<std::string> seeds = {
        "GET /hello.txt HTTP/1.1\r\nHost: 10.0.2.15\r\nRange: bytes=0-9\r\n\r\n",
        "POST /%41%42?x HTTP/1.0\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\nContent-Length: 12\r\n\r\n",
        "\r\n\r\nHEAD http://a.b/c HTTP/1.1\r\nHost: a.b\r\nIf-None-Match: \"x\", W/\"y\"\r\nExpect: 100-continue\r\n\r\n"};
    constexpr std::string_view likely = "\r\n :/%?#\0\x7f\xff-=,;*aA0129\"\t";
    unsigned whole = 0, refused = 0;
    for (int turn = 0; turn != 100'000; ++turn) {
        std::string text = seeds[chance() % seeds.size()];
        for (unsigned changes = chance() % 4; changes != 0; --changes) {
            const std::size_t at = chance() % text.size();
            const char c = likely[chance() % likely.size()];
            switch (chance() % 4) {
            case 0: text[at] = c; break;
            case 1: text.insert(at, 1 + chance() % 3, c); break;
            case 2: text.erase(at, 1 + chance() % 5); break;
            default: text.insert(at, text.substr(chance() % text.size(), chance() % 40)); break;
            }
            if (text.empty()) text = "G";
        }
        const Outcome outcome(text);
        REQUIRE(outcome.parsed.size <= text.size());
        whole += outcome.parsed.status == 0;
        refused += outcome.parsed.status > 0;
        if (outcome.parsed.status != 0) continue;
        const Request& request = outcome.request;
        if (request.method == Method::get || request.method == Method::head) REQUIRE(request.path.starts_with('/'));
        static_cast<void>(parse_range(request.range, chance() % 100));
        static_cast<void>(matches(request.if_none_match, "\"x\"", true));
        Body body(request);
        int status = 0;
        static_cast<void>(body.skip(std::string_view(text).substr(chance() % text.size()), 100, status));
    }
    CHECK(whole > 10'000);
    CHECK(refused > 10'000);
}
