// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/interrupts/pc/messages.hpp>

#include "local_apic.hpp"
#include "vectors.hpp"

#include <unicore/platform/interrupts.hpp>

#include <array>
#include <cstddef>

namespace unicore::interrupts::pc {
namespace {

struct Entry {
    MessageHandler handler;  ///< null: free
    void* context;
};
constinit std::array<Entry, message_vectors> entries{};

/// What a vector's gate leads to knows the vector only by being another function for each.
template <std::size_t index>
void run() noexcept {
    // One that nobody has any more was under way when it was given back.
    if (const Entry& entry = entries[index]; entry.handler != nullptr) entry.handler(entry.context);
    local_apic::write(local_apic::Register::end_of_interrupt, 0);
}

template <std::size_t... indices>
constexpr std::array<arch::x86_64::InterruptHandler, sizeof...(indices)> all(std::index_sequence<indices...>) noexcept {
    return {run<indices>...};
}
constexpr auto runs = all(std::make_index_sequence<message_vectors>());

}  // namespace

Result<Message> Message::create(MessageHandler handler, void* context) noexcept {
    constexpr std::uint32_t to_local_apics = 0xfee0'0000, most = 0xff;  // of eight bits, fixed delivery, edge triggered
    const platform::MaskGuard masked;
    local_apic::start();
    const std::uint32_t cpu = local_apic::id();
    if (cpu > most) return unexpected(Error::unsupported);
    for (std::size_t i = 0; i != entries.size(); ++i) {
        if (entries[i].handler != nullptr) continue;
        entries[i] = {handler, context};
        const auto vector = static_cast<std::uint8_t>(first_message_vector + i);
        arch::x86_64::set_interrupt_handler(vector, runs[i]);
        return Message(to_local_apics | cpu << 12, vector);
    }
    return unexpected(Error::busy);
}

void Message::release(std::uint8_t vector) noexcept {
    const platform::MaskGuard masked;
    entries[vector - first_message_vector].handler = nullptr;
}

}  // namespace unicore::interrupts::pc
