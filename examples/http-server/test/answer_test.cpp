// SPDX-License-Identifier: BSD-3-Clause
#include "../answer.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <string>

namespace {
const std::string large(100'000, 'x');
}

// In place of the program's own.
std::size_t machine::file_count() noexcept { return 3; }
machine::File machine::file(std::size_t index) noexcept {
    const std::array<File, 3> all{{{"big.bin", large}, {"empty.css", ""}, {"index.html", "0123456789"}}};
    return all[index];
}
std::size_t machine::facts(Fact* into, std::size_t room) noexcept {
    for (std::size_t i = 0; i != room; ++i) into[i] = {"a_long_name_of_a_fact", ~std::uint64_t{0}};
    return room;
}

using namespace http;

namespace {

struct Fixture {
    Counters counters;
    Answers answers{counters};
    std::array<char, Answers::most> memory{};
    Fixture() {
        REQUIRE(answers.open());
        answers.set_date(784'111'777);
    }
    std::string operator()(std::string head) {
        head += "Host: a\r\n\r\n";
        Request request;
        REQUIRE(parse(head.data(), head.data() + head.size(), request).status == 0);
        Text out(memory.data(), memory.size());
        std::string body(answers.answer(request, out));
        CHECK(out.room() > 0);  // nothing was cut off
        return std::string(out.view()) + body;
    }
    std::string get(const std::string& fields, const std::string& path = "/index.html") { return (*this)("GET " + path + " HTTP/1.1\r\n" + fields); }
};

std::string tag_of(const std::string& answer) { return answer.substr(answer.find("ETag: ") + 6, 18); }

}  // namespace

TEST_CASE_METHOD(Fixture, "a file") {
    const std::string whole = get("");
    CHECK(whole == "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nContent-Length: 10\r\nContent-Type: text/html; charset=utf-8\r\n"
                   "Accept-Ranges: bytes\r\nETag: " + tag_of(whole) + "\r\n\r\n0123456789");
    CHECK(get("", "/") == whole);
    CHECK((*this)("HEAD / HTTP/1.1\r\n") == whole.substr(0, whole.size() - 10));
    CHECK((*this)("GET / HTTP/1.0\r\n").find("\r\nConnection: close\r\n") != std::string::npos);
    CHECK((*this)("GET / HTTP/1.0\r\nConnection: keep-alive\r\n").find("\r\nConnection: keep-alive\r\n") != std::string::npos);
    CHECK(get("", "/big.bin").ends_with("\r\n\r\n" + large));
    CHECK(get("", "/empty.css").find("Content-Length: 0\r\nContent-Type: text/css") != std::string::npos);
}

TEST_CASE_METHOD(Fixture, "parts of a file") {
    CHECK(get("Range: bytes=2-4\r\n").find("HTTP/1.1 206 Partial Content\r\n") == 0);
    CHECK(get("Range: bytes=2-4\r\n").find("Content-Range: bytes 2-4/10\r\nContent-Length: 3\r\n") != std::string::npos);
    CHECK(get("Range: bytes=2-4\r\n").ends_with("\r\n\r\n234"));
    CHECK(get("Range: bytes=-90000\r\n", "/big.bin").ends_with("\r\n\r\n" + large.substr(10'000)));
    CHECK(get("Range: bytes=10-\r\n").starts_with("HTTP/1.1 416 "));
    CHECK(get("Range: bytes=10-\r\n").ends_with("Content-Range: bytes */10\r\nContent-Length: 0\r\n\r\n"));
    CHECK(get("Range: bytes=0-1,3-4\r\n").starts_with("HTTP/1.1 200 "));
    CHECK((*this)("HEAD / HTTP/1.1\r\nRange: bytes=2-4\r\n").starts_with("HTTP/1.1 200 "));
    const std::string tag = tag_of(get(""));
    CHECK(get("Range: bytes=2-4\r\nIf-Range: " + tag + "\r\n").starts_with("HTTP/1.1 206 "));
    CHECK(get("Range: bytes=2-4\r\nIf-Range: W/" + tag + "\r\n").starts_with("HTTP/1.1 200 "));
    CHECK(get("Range: bytes=2-4\r\nIf-Range: Sun, 06 Nov 1994 08:49:37 GMT\r\n").starts_with("HTTP/1.1 200 "));
}

TEST_CASE_METHOD(Fixture, "conditions") {
    const std::string tag = tag_of(get(""));
    const std::string same = get("If-None-Match: W/" + tag + "\r\n");
    CHECK(same.starts_with("HTTP/1.1 304 Not Modified\r\nDate: "));
    CHECK(same.ends_with("ETag: " + tag + "\r\n\r\n"));
    CHECK(same.find("Content-Length") == std::string::npos);
    CHECK(get("If-None-Match: *\r\n").starts_with("HTTP/1.1 304 "));
    CHECK(get("If-None-Match: \"other\"\r\n").starts_with("HTTP/1.1 200 "));
    CHECK(get("If-Match: " + tag + "\r\n").starts_with("HTTP/1.1 200 "));
    CHECK(get("If-Match: W/" + tag + "\r\n").starts_with("HTTP/1.1 412 "));
    CHECK(get("If-Match: \"other\"\r\nIf-None-Match: *\r\n").starts_with("HTTP/1.1 412 "));
    CHECK(tag != tag_of(get("", "/empty.css")));
}

TEST_CASE_METHOD(Fixture, "errors") {
    CHECK(get("", "/nothing").starts_with("HTTP/1.1 404 Not Found\r\n"));
    CHECK(get("", "/nothing").ends_with("\r\nContent-Length: 14\r\n\r\n404 Not Found\n"));
    CHECK((*this)("HEAD /nothing HTTP/1.1\r\n").ends_with("\r\nContent-Length: 14\r\n\r\n"));
    for (const auto path : {"/index.htm", "/index.html/", "/INDEX.HTML", "//index.html", "/../index.html", "/zzz", "/a"})
        CHECK(get("", path).starts_with("HTTP/1.1 404 "));
    CHECK((*this)("POST / HTTP/1.1\r\n").find("\r\nAllow: GET, HEAD\r\n") != std::string::npos);
    CHECK((*this)("BREW / HTTP/1.1\r\n").starts_with("HTTP/1.1 501 "));
    Text out(memory.data(), memory.size());
    answers.refuse(431, out);
    CHECK(out.view().starts_with("HTTP/1.1 431 Request Header Fields Too Large\r\nDate: Sun"));
    CHECK(out.view().find("\r\nConnection: close\r\n") != std::string_view::npos);
}

TEST_CASE_METHOD(Fixture, "live pages have room for every fact") {
    CHECK(get("", "/status").ends_with("</table>\n"));
    CHECK(get("", "/status.json").ends_with(",\"requests\":0,\"connections\":0,\"connections_open\":0}\n"));
}
