// SPDX-License-Identifier: BSD-3-Clause
#include "connection.hpp"

#include <unicore/base/text.hpp>
#include <unicore/xen/store.hpp>

namespace unicore::xen::store {
namespace {

constexpr unsigned attempts = 16;

Result<Transaction> start_transaction() noexcept {
    char digits[12];
    Waiting request;
    request.type = XS_TRANSACTION_START;
    request.reply = digits;
    std::string_view text(digits, UNICORE_TRY(perform(request)));
    text = text.substr(0, text.find('\0'));
    const auto id = text::parse_decimal(text);
    // 0 would be no transaction at all.
    if (!id || *id == 0 || *id > UINT32_MAX) return unexpected(Error::device_error);
    return Transaction{static_cast<std::uint32_t>(*id)};
}

Result<void> end_transaction(Transaction transaction, bool commit) noexcept {
    char ignored[8];
    Waiting request;
    request.type = XS_TRANSACTION_END;
    request.transaction = transaction.id;
    request.first = commit ? "T" : "F";
    request.reply = ignored;
    UNICORE_TRY(perform(request));
    return {};
}

}  // namespace

Result<void> detail::run_transaction(Body body, void* object) noexcept {
    for (unsigned attempt = 0; attempt < attempts; ++attempt) {
        const Transaction transaction = UNICORE_TRY(start_transaction());
        Result<void> outcome = body(object, transaction);
        const Result<void> ended = end_transaction(transaction, outcome.has_value());
        if (outcome) outcome = ended;
        if (outcome || outcome.error() != Error::busy) return outcome;
    }
    return unexpected(Error::busy);
}

}  // namespace unicore::xen::store
