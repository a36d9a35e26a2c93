// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/result.hpp>
#include <unicore/xen/store/path.hpp>
#include <unicore/xen/store/request.hpp>

#include <boost/intrusive/list.hpp>

#include <cstdint>
#include <string_view>

namespace unicore::xen::store {

class Client;

/// A part of the tree that is watched, for as long as this lives.
class Watch {
public:
    /// `path` is what changed: what is watched or something below it, relative if that was, cut at
    /// 255 characters; only a hint, as xenstore may fire for nothing. Called masked, in interrupt
    /// context or in a function of the store: it may submit, and wake; it must not wait.
    using Handler = void (*)(void* context, std::string_view path) noexcept;

    /// Watches `path` and all below it. The handler runs once right away, maybe before this returns.
    /// Context: thread. Errors: those of store::write; invalid_argument when `path` is longer than Path::capacity.
    static Result<Watch> create(std::string_view path, Handler handler, void* context) noexcept;

    /// The same without waiting, on a watch that is not active: submits `request`, whose reply, done
    /// and room for 8 characters of reply the caller has set. When that fails the watch has to end.
    /// This may not move before it is done. Context: any. Errors: those of submit; what the request ends
    /// with is out_of_range when there are too many watches.
    Result<void> begin(std::string_view path, Handler handler, void* context, Request& request) noexcept;

    Watch() noexcept = default;
    Watch(Watch&& other) noexcept;
    Watch& operator=(Watch&& other) noexcept;
    /// The handler does not run any more once this began. Context: thread.
    ~Watch();

    bool active() const noexcept { return watches_hook_.is_linked(); }

private:
    friend class Client;

    void end() noexcept;
    void prepare(Client& client, std::string_view path, Handler handler, void* context) noexcept;
    void set(xsd_sockmsg_type type, Request& request) const noexcept;

    Path path_;
    Decimal token_{0};  ///< what xenstore sends back with each event: the id
    Handler handler_ = nullptr;
    void* context_ = nullptr;
    std::uint32_t id_ = 0;
    /// In Client::watches_, which owns nothing; guarded by masked interrupts.
    boost::intrusive::list_member_hook<boost::intrusive::link_mode<boost::intrusive::safe_link>> watches_hook_;
};

}  // namespace unicore::xen::store
