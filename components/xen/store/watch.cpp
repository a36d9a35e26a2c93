// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/xen/store/watch.hpp>

#include "connection.hpp"

#include <unicore/platform/interrupts.hpp>

#include <utility>

namespace unicore::xen::store {
namespace {

/// Has the order carried out, and waits for that.
Result<void> carry_out(Waiting& request) noexcept {
    UNICORE_TRY(perform(request));
    return {};
}

}  // namespace

void Watch::set(xsd_sockmsg_type type, Request& request) const noexcept {
    request.type = type;
    request.first = path_;
    request.second = token_;
    request.terminated = true;
}

void Watch::prepare(Client& client, std::string_view path, Handler handler, void* context) noexcept {
    path_ = Path(path);
    handler_ = handler;
    context_ = context;
    const platform::MaskGuard masked;
    client.add(*this);
    token_ = Decimal(id_);
}

Result<Watch> Watch::create(std::string_view path, Handler handler, void* context) noexcept {
    Client* const client = connection();
    if (client == nullptr) return unexpected(Error::not_found);
    char ignored[8];
    Waiting request;
    request.reply = ignored;
    Watch watch;
    watch.prepare(*client, path, handler, context);
    watch.set(XS_WATCH, request);
    // On failure `watch` ends what may be there all the same, when only the reply was late.
    const Result<void> done = carry_out(request);
    // Too many of them is E2BIG, which elsewhere is a reply that is too long.
    if (!done) return unexpected(done.error() == Error::out_of_range ? Error::out_of_memory : done.error());
    return watch;
}

Result<void> Watch::begin(std::string_view path, Handler handler, void* context, Request& request) noexcept {
    Client* const client = connection();
    if (client == nullptr) return unexpected(Error::not_found);
    prepare(*client, path, handler, context);
    set(XS_WATCH, request);
    return submit(request);
}

Watch::Watch(Watch&& other) noexcept { *this = std::move(other); }

Watch& Watch::operator=(Watch&& other) noexcept {
    if (this == &other) return *this;
    end();
    const platform::MaskGuard masked;
    path_ = other.path_;
    handler_ = other.handler_;
    context_ = other.context_;
    token_ = other.token_;
    id_ = other.id_;
    watches_hook_.swap_nodes(other.watches_hook_);
    return *this;
}

Watch::~Watch() { end(); }

void Watch::end() noexcept {
    if (!active()) return;
    {
        const platform::MaskGuard masked;
        connection()->remove(*this);
    }
    // Events that are under way find nobody.
    char ignored[8];
    Waiting request;
    request.reply = ignored;
    set(XS_UNWATCH, request);
    static_cast<void>(carry_out(request));
}

}  // namespace unicore::xen::store
