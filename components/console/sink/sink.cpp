// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/console/sink.hpp>

#include <unicore/base/late.hpp>

namespace unicore::console {

namespace {

using Sinks =
    boost::intrusive::slist<Sink, boost::intrusive::member_hook<Sink, decltype(Sink::sinks_hook), &Sink::sinks_hook>,
                            boost::intrusive::constant_time_size<false>, boost::intrusive::cache_last<true>,
                            boost::intrusive::linear<true>>;

/// Constructed by the first sink: an image without one has no console output at all.
constinit Late<Sinks> sinks;

}  // namespace

void add(Sink& sink) noexcept {
    if (!sinks.constructed()) sinks.construct();
    sinks->push_back(sink);
}

void write_to_sinks(std::string_view text) noexcept {
    if (!sinks.constructed()) return;
    for (Sink& sink : *sinks) sink.write(text);
}

}  // namespace unicore::console
