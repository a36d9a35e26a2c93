// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/result.hpp>

#include <boost/intrusive/slist.hpp>

#include <cstddef>
#include <span>
#include <string_view>

namespace unicore::entropy {

/// Something that yields unpredictable bytes. Constructed in place in its boot step (Late), because of
/// the hook, and there as long as the image.
class Source {
public:
    /// Fills `bytes`, all of it, with full entropy. Context: thread.
    /// Errors: device_error when the device stops answering or repeats itself.
    virtual Result<void> read(std::span<std::byte> bytes) noexcept = 0;

    /// For messages.
    virtual std::string_view name() const noexcept = 0;

    /// In the list of sources, which `add` fills in the boot steps and nothing changes after.
    boost::intrusive::slist_member_hook<boost::intrusive::link_mode<boost::intrusive::normal_link>> sources_hook;

protected:
    Source() noexcept = default;
    ~Source() = default;
};

/// Adds a source. Called from the source's boot step, only when the device is there and works.
void add(Source& source) noexcept;

using Sources = boost::intrusive::slist<
    Source, boost::intrusive::member_hook<Source, decltype(Source::sources_hook), &Source::sources_hook>,
    boost::intrusive::constant_time_size<false>, boost::intrusive::cache_last<true>>;

/// All that were added.
Sources& sources() noexcept;

}  // namespace unicore::entropy
