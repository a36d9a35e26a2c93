// SPDX-License-Identifier: BSD-3-Clause
#include "connection.hpp"

#include <unicore/base/text.hpp>
#include <unicore/xen/store.hpp>

namespace unicore::xen::store {
namespace {

Result<std::uint32_t> ask(xsd_sockmsg_type type, Transaction transaction, std::string_view path,
                          std::string_view value = {}, bool terminated = false, std::span<char> reply = {}) noexcept {
    // What xenstore says of success is not of interest, but must have a place to be none too long.
    char ignored[8];
    Waiting request;
    request.type = type;
    request.transaction = transaction.id;
    request.first = path;
    request.second = value;
    request.terminated = terminated;
    request.reply = reply.data() == nullptr ? std::span<char>(ignored) : reply;
    return perform(request);
}

Result<void> order(xsd_sockmsg_type type, Transaction transaction, std::string_view path, std::string_view value = {},
                   bool terminated = false) noexcept {
    UNICORE_TRY(ask(type, transaction, path, value, terminated));
    return {};
}

}  // namespace

Result<std::string_view> read(std::string_view path, std::span<char> buffer, Transaction transaction) noexcept {
    const std::uint32_t size = UNICORE_TRY(ask(XS_READ, transaction, path, {}, false, buffer));
    return std::string_view(buffer.data(), size);
}

Result<std::uint64_t> read_number(std::string_view path, Transaction transaction) noexcept {
    char digits[24];
    return text::parse_decimal(UNICORE_TRY(read(path, digits, transaction)));
}

Result<void> write(std::string_view path, std::string_view value, Transaction transaction) noexcept {
    return order(XS_WRITE, transaction, path, value);
}

Result<void> write_number(std::string_view path, std::uint64_t value, Transaction transaction) noexcept {
    return write(path, Decimal(value), transaction);
}

Result<void> make_directory(std::string_view path, Transaction transaction) noexcept {
    return order(XS_MKDIR, transaction, path);
}

Result<void> remove(std::string_view path, Transaction transaction) noexcept {
    return order(XS_RM, transaction, path);
}

Result<Names> list(std::string_view path, std::span<char> buffer, Transaction transaction) noexcept {
    const std::uint32_t size = UNICORE_TRY(ask(XS_DIRECTORY, transaction, path, {}, false, buffer));
    return Names(std::string_view(buffer.data(), size));
}

Result<void> set_permissions(std::string_view path, std::string_view permissions, Transaction transaction) noexcept {
    return order(XS_SET_PERMS, transaction, path, permissions, true);
}

}  // namespace unicore::xen::store
