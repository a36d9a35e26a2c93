// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/result.hpp>
#include <unicore/xen/store/entry.hpp>
#include <unicore/xen/store/path.hpp>
#include <unicore/xen/store/request.hpp>

#include <cstdint>
#include <string_view>

namespace unicore::xen::store {

/// A part of the tree that is watched for as long as the image lasts, without waiting. All zero at first.
struct Observer : Entry {
    /// `path` is what changed: what is watched or something below it, relative if that was, cut at
    /// 255 characters; only a hint, as xenstore may fire for nothing. Called masked, in interrupt
    /// context or in a function of the store: it may submit, and wake; it must not wait.
    using Handler = void (*)(void* context, std::string_view path) noexcept;

    /// Watches what `request` says: submits it, its path, reply, done and room for 8 characters of reply
    /// being set. Context: any. Errors: those of submit.
    Result<void> begin(Request& request) noexcept;
    /// Makes `request` an order to begin or to end.
    void name(xsd_sockmsg_type type, Request& request) const noexcept;

    Handler handler = nullptr;
    void* context = nullptr;
    Decimal token;  ///< what xenstore sends back with each event: the number
};

/// A part of the tree that is watched, for as long as this lives.
class Watch {
public:
    using Handler = Observer::Handler;

    /// Watches `path` and all below it. The handler runs once right away, maybe before this returns.
    /// Context: thread. Errors: those of store::write; invalid_argument when `path` is longer than Path::capacity.
    static Result<Watch> create(std::string_view path, Handler handler, void* context) noexcept;

    Watch() noexcept = default;
    Watch(Watch&& other) noexcept;
    Watch& operator=(Watch&& other) noexcept;
    /// The handler does not run any more once this began. Context: thread.
    ~Watch();

    bool active() const noexcept { return observer_.id != 0; }

private:
    void end() noexcept;
    Result<void> order(xsd_sockmsg_type type) noexcept;

    Path path_;
    Observer observer_;
};

}  // namespace unicore::xen::store
