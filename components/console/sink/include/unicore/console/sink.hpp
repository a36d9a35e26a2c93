// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <boost/intrusive/slist.hpp>

#include <string_view>

namespace unicore::console {

/// Something that console output goes to. Constructed in place in its boot step (Late), because of
/// the hook, and there as long as the image.
class Sink {
public:
    /// Takes all of `text`, converting line ends as its device wants them. Context: thread.
    virtual void write(std::string_view text) noexcept = 0;

    /// In the list of sinks, which `add` fills in the boot steps and nothing changes after.
    boost::intrusive::slist_member_hook<boost::intrusive::link_mode<boost::intrusive::normal_link>> sinks_hook;

protected:
    Sink() noexcept = default;
    ~Sink() = default;
};

/// Adds a sink. Called from the sink's boot step.
void add(Sink& sink) noexcept;

/// Writes to every sink, in the order in which they were added.
void write_to_sinks(std::string_view text) noexcept;

}  // namespace unicore::console
