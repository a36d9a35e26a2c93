// SPDX-License-Identifier: BSD-3-Clause
// [RFC 9110]
#include "answer.hpp"

#include "date.hpp"
#include "stream.hpp"

#include <cstdlib>
#include <cstring>

namespace http {
namespace {

/// A body up to this size goes into the output: the answer is one piece, and answers that were asked for at once are.
constexpr std::size_t small = 4096;

// How most answers begin. The date is written over.
char begins[] = "HTTP/1.1 200 OK\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\n";
constexpr std::string_view first_line = "HTTP/1.1 200 OK\r\n";
constexpr std::size_t date_at = first_line.size() + 6;
static_assert(sizeof begins == first_line.size() + 8 + date_size + 1);

std::string_view reason(int status) noexcept {
    switch (status) {
    case 200: return "200 OK";
    case 206: return "206 Partial Content";
    case 304: return "304 Not Modified";
    case 400: return "400 Bad Request";
    case 404: return "404 Not Found";
    case 405: return "405 Method Not Allowed";
    case 408: return "408 Request Timeout";
    case 412: return "412 Precondition Failed";
    case 413: return "413 Content Too Large";
    case 414: return "414 URI Too Long";
    case 416: return "416 Range Not Satisfiable";
    case 417: return "417 Expectation Failed";
    case 431: return "431 Request Header Fields Too Large";
    case 501: return "501 Not Implemented";
    case 503: return "503 Service Unavailable";
    case 505: return "505 HTTP Version Not Supported";
    default: return "500 Internal Server Error";
    }
}

std::string_view type_of(std::string_view name) noexcept {
    struct Type {
        std::string_view ending, type;
    };
    static constexpr Type types[] = {
        {".html", "text/html; charset=utf-8"}, {".css", "text/css; charset=utf-8"}, {".js", "text/javascript; charset=utf-8"},
        {".txt", "text/plain; charset=utf-8"}, {".json", "application/json"},       {".svg", "image/svg+xml"},
        {".png", "image/png"},                 {".jpg", "image/jpeg"},              {".ico", "image/x-icon"},
        {".woff2", "font/woff2"},              {".wasm", "application/wasm"},       {".pdf", "application/pdf"},
    };
    for (const Type& type : types)
        if (name.ends_with(type.ending)) return type.type;
    return "application/octet-stream";
}

/// FNV-1a, of 64 bits: tells versions of a file apart, and nobody gains by files that have the same.
std::uint64_t hash(std::string_view bytes) noexcept {
    std::uint64_t hash = 0xcbf29ce484222325;
    for (const char byte : bytes) hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3;
    return hash;
}

}  // namespace

Answers::~Answers() { std::free(entries_); }

bool Answers::open() noexcept {
    count_ = machine::file_count();
    entries_ = static_cast<Entry*>(std::calloc(count_ + 1, sizeof(Entry)));
    if (entries_ == nullptr) return false;
    for (std::size_t i = 0; i != count_; ++i) entries_[i].file = machine::file(i);
    return true;
}

void Answers::set_date(std::int64_t seconds) noexcept {
    char date[date_size];
    write_date(seconds, date);
    std::memcpy(begins + date_at, date, date_size);
}

Answers::Entry* Answers::find(std::string_view name) noexcept {
    std::size_t first = 0;
    for (std::size_t end = count_; first != end;) {
        const std::size_t middle = first + (end - first) / 2;
        const int order = entries_[middle].file.name.compare(name);
        if (order == 0) return &entries_[middle];
        if (order < 0) first = middle + 1;
        else end = middle;
    }
    return nullptr;
}

void Answers::prepare(Entry& entry) noexcept {
    Text out(entry.fields, sizeof entry.fields);
    out << "Content-Length: " << entry.file.contents.size() << "\r\n";
    entry.length_size = static_cast<std::uint16_t>(out.size());
    out << "Content-Type: " << type_of(entry.file.name) << "\r\nAccept-Ranges: bytes\r\nETag: ";
    entry.tag = static_cast<std::uint16_t>(out.size());
    char tag[16];
    const std::uint64_t number = hash(entry.file.contents);
    for (unsigned i = 0; i != 16; ++i) tag[i] = "0123456789abcdef"[number >> (60 - 4 * i) & 15];
    out << "\"" << std::string_view(tag, sizeof tag) << "\"\r\n\r\n";
    entry.size = static_cast<std::uint16_t>(out.size());
}

void Answers::begin(int status, const Request& request, Text& out) noexcept {
    const std::string_view begin(begins, sizeof begins - 1);
    if (status == 200) out << begin;
    else out << "HTTP/1.1 " << reason(status) << "\r\n" << begin.substr(first_line.size());
    if (!request.keep_alive) out << "Connection: close\r\n";
    else if (request.says_keep_alive) out << "Connection: keep-alive\r\n";
}

void Answers::fail(int status, const Request& request, Text& out) noexcept {
    begin(status, request, out);
    if (status == 405) out << "Allow: GET, HEAD\r\n";
    out << "Content-Type: text/plain\r\nContent-Length: " << reason(status).size() + 1 << "\r\n\r\n";
    if (request.method != Method::head) out << reason(status) << "\n";
}

void Answers::refuse(int status, Text& out) noexcept {
    Request request;
    request.keep_alive = false;
    fail(status, request, out);
}

std::string_view Answers::answer(const Request& request, Text& out) noexcept {
    if (request.method == Method::unknown) return fail(501, request, out), std::string_view();
    if (request.method == Method::other) return fail(405, request, out), std::string_view();
    std::string_view name = request.path.substr(1);
    if (name.empty()) name = "index.html";
    if (Entry* const entry = find(name)) {
        if (entry->size == 0) prepare(*entry);
        return give(*entry, request, out);
    }
    if (name == "status") live(false, request, out);
    else if (name == "status.json") live(true, request, out);
    else fail(404, request, out);
    return {};
}

/// Conditions come in this order. [RFC 9110, 13.2.2]
std::string_view Answers::give(const Entry& entry, const Request& request, Text& out) noexcept {
    const std::string_view tag = entry.entity_tag();
    if (request.if_match.data() != nullptr && !matches(request.if_match, tag, true)) return fail(412, request, out), std::string_view();
    if (request.if_none_match.data() != nullptr && matches(request.if_none_match, tag, false)) {
        begin(304, request, out);
        out << entry.all().substr(entry.length_size);
        return {};
    }
    if (request.range.data() != nullptr && request.method == Method::get &&
        (request.if_range.data() == nullptr || request.if_range == tag)) {
        const Range range = parse_range(request.range, entry.file.contents.size());
        if (range.kind != Range::Kind::whole) return give_part(entry, request, range, out);
    }
    begin(200, request, out);
    out << entry.all();
    if (request.method == Method::head) return {};
    if (entry.file.contents.size() > small) return entry.file.contents;
    out << entry.file.contents;
    return {};
}

std::string_view Answers::give_part(const Entry& entry, const Request& request, Range range, Text& out) noexcept {
    const std::string_view all = entry.file.contents;
    if (range.kind == Range::Kind::none) {
        begin(416, request, out);
        out << "Content-Range: bytes */" << all.size() << "\r\nContent-Length: 0\r\n\r\n";
        return {};
    }
    begin(206, request, out);
    out << "Content-Range: bytes " << range.first << "-" << range.first + range.size - 1 << "/" << all.size()
        << "\r\nContent-Length: " << range.size << "\r\n"
        << entry.all().substr(entry.length_size);
    const std::string_view part = all.substr(static_cast<std::size_t>(range.first), static_cast<std::size_t>(range.size));
    if (part.size() > small) return part;
    out << part;
    return {};
}

/// What there is now: a table for people, or JSON.
void Answers::live(bool json, const Request& request, Text& out) noexcept {
    machine::Fact facts[32];
    std::size_t count = machine::facts(facts, 29);
    count += Stream::facts(facts + count, 29 - count);
    facts[count++] = {"requests", counters_.requests};
    facts[count++] = {"connections", counters_.accepted};
    facts[count++] = {"connections_open", counters_.open};
    char buffer[small];
    Text body(buffer, sizeof buffer);
    body << (json ? "{" : "<!doctype html><meta charset=utf-8><meta http-equiv=refresh content=1><title>Now</title>"
                          "<link rel=stylesheet href=style.css><h1>Now</h1><table>\n");
    for (std::size_t i = 0; i != count; ++i) {
        if (json) body << (i == 0 ? "\"" : ",\"") << facts[i].name << "\":" << facts[i].value;
        else body << "<tr><th>" << facts[i].name << "<td>" << facts[i].value << "\n";
    }
    body << (json ? "}\n" : "</table>\n");
    begin(200, request, out);
    out << "Cache-Control: no-store\r\nContent-Type: " << (json ? "application/json" : "text/html; charset=utf-8")
        << "\r\nContent-Length: " << body.size() << "\r\n\r\n";
    if (request.method != Method::head) out << body.view();
}

}  // namespace http
