// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/xen/store/watch.hpp>

#include "connection.hpp"

#include <unicore/platform/interrupts.hpp>

#include <utility>

namespace unicore::xen::store {
namespace {

Result<void> order(xsd_sockmsg_type type, std::string_view path, std::uint32_t id) noexcept {
    char ignored[8];
    const Decimal token(id);
    Waiting request;
    request.type = type;
    request.first = path;
    request.second = token;
    request.terminated = true;
    request.reply = ignored;
    UNICORE_TRY(perform(request));
    return {};
}

}  // namespace

Result<Watch> Watch::create(std::string_view path, Handler handler, void* context) noexcept {
    Client* const client = connection();
    if (client == nullptr) return unexpected(Error::not_found);
    Watch watch;
    watch.path_ = Path(path);
    watch.handler_ = handler;
    watch.context_ = context;
    {
        const platform::MaskGuard masked;
        client->add(watch);
    }
    // On failure `watch` ends what may be there all the same, when only the reply was late.
    UNICORE_TRY(order(XS_WATCH, watch.path_, watch.id_));
    return watch;
}

Watch::Watch(Watch&& other) noexcept { *this = std::move(other); }

Watch& Watch::operator=(Watch&& other) noexcept {
    if (this == &other) return *this;
    end();
    const platform::MaskGuard masked;
    path_ = other.path_;
    handler_ = other.handler_;
    context_ = other.context_;
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
    static_cast<void>(order(XS_UNWATCH, path_, id_));
}

}  // namespace unicore::xen::store
