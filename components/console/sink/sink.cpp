// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/console/sink.hpp>

#include <boost/intrusive/linear_slist_algorithms.hpp>
#include <boost/intrusive/parent_from_member.hpp>

namespace unicore::console {

namespace {

using Hook = decltype(Sink::sinks_hook);
using Traits = boost::intrusive::slist_node_traits<void*>;
using Algorithms = boost::intrusive::linear_slist_algorithms<Traits>;

/// In front of the first sink. Not a whole slist, which would have to be constructed before the first
/// sink comes: no component of an image is sure to be first.
constinit Traits::node front{};

}  // namespace

void add(Sink& sink) noexcept {
    Algorithms::link_after(Algorithms::get_previous_node(&front, nullptr), &sink.sinks_hook);
}

void write_to_sinks(std::string_view text) noexcept {
    for (auto* node = Traits::get_next(&front); node != nullptr; node = Traits::get_next(node))
        boost::intrusive::get_parent_from_member(static_cast<Hook*>(node), &Sink::sinks_hook)->write(text);
}

}  // namespace unicore::console
