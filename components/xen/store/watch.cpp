// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/xen/store/watch.hpp>

#include "connection.hpp"

#include <unicore/platform/interrupts.hpp>

#include <utility>

namespace unicore::xen::store {

void Observer::name(xsd_sockmsg_type type, Request& request) const noexcept {
    request.type = type;
    request.second = token;
    request.terminated = true;
}

Result<void> Observer::begin(Request& request) noexcept {
    const platform::MaskGuard masked;
    connection().add(*this);
    name(XS_WATCH, request);
    return connection().submit(request);
}

/// Has the order carried out, and waits for that.
Result<void> Watch::order(xsd_sockmsg_type type) noexcept {
    char ignored[8];
    Waiting request;
    request.first = path_;
    request.reply = ignored;
    observer_.name(type, request);
    UNICORE_TRY(perform(request));
    return {};
}

Result<Watch> Watch::create(std::string_view path, Handler handler, void* context) noexcept {
    Watch watch;
    watch.path_ = Path(path);
    watch.observer_.handler = handler;
    watch.observer_.context = context;
    {
        const platform::MaskGuard masked;
        connection().add(watch.observer_);
    }
    // On failure `watch` ends what may be there all the same, when only the reply was late.
    const Result<void> done = watch.order(XS_WATCH);
    // Too many of them is E2BIG, which elsewhere is a reply that is too long.
    if (!done) return unexpected(done.error() == Error::out_of_range ? Error::out_of_memory : done.error());
    return watch;
}

Watch::Watch(Watch&& other) noexcept { *this = std::move(other); }

Watch& Watch::operator=(Watch&& other) noexcept {
    if (this == &other) return *this;
    end();
    const platform::MaskGuard masked;
    path_ = other.path_;
    connection().replace(other.observer_, observer_);
    return *this;
}

Watch::~Watch() { end(); }

void Watch::end() noexcept {
    if (!active()) return;
    {
        const platform::MaskGuard masked;
        connection().remove(observer_);
    }
    // Events that are under way find nobody.
    static_cast<void>(order(XS_UNWATCH));
    observer_ = {};
}

}  // namespace unicore::xen::store
