// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "message.hpp"

#include <unicore/net/device.hpp>
#include <unicore/netstack.hpp>
#include <unicore/netstack/mdns.hpp>
#include <unicore/netstack/udp.hpp>
#include <unicore/sched/timed_work.hpp>
#include <unicore/time/clock.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace unicore::netstack::mdns {

/// A service as it is kept: `announce` has checked it.
struct Offer {
    Name type;  ///< with the protocol, and ".local"
    char instance[Name::longest_label];
    std::uint8_t instance_size;  ///< 0: the image's name
    std::uint16_t port;
    std::uint8_t text[Name::longest];
    std::uint8_t text_size;
};

/// What all responders tell of. Used with the stack's lock; offers are added alone.
struct Identity {
    char name[Name::longest_label]{};  ///< the host's label, as somebody has chosen it
    std::uint8_t name_size = 0;
    std::array<Offer*, most_services> offers{};
    std::size_t offer_count = 0;
    std::array<Address, 32> addresses{};  ///< of all devices: who has one of them is this image
    std::size_t address_count = 0;

    std::string_view host() const noexcept { return {name, name_size}; }
};
extern constinit Identity identity;

/// A question for the addresses of a host, of somebody who waits for the answers. Used with the lock.
struct Query {
    Name name;
    bool wants_4 = false, wants_6 = false;
    std::array<Address, 8> found{};
    std::size_t count = 0;
    Query* next = nullptr;

    bool wants(Address::Family family) const noexcept { return family == Address::Family::v4 ? wants_4 : wants_6; }
    bool has(Address::Family family) const noexcept;
    void take(const Address& address) noexcept;
};

/// Speaks for this image on the network of one device: asks whether its names are free, tells of them, answers, and gives
/// way to who was there before. [RFC 6762, 6 to 10]
class Responder final : public sched::TimedWork, udp::PortUser {
public:
    explicit Responder(const net::Device& device) noexcept : device_(device) {}

    /// Takes part in the group, with IPv4 and IPv6. Context: thread, without the lock. Errors: those of ports.
    Outcome<void> open() noexcept;

    // With the lock.
    /// The names are others than before: asks anew.
    void restart() noexcept { begin(time::Monotonic::now(), {}); }
    /// Takes back what it has told.
    void take_back() noexcept;
    /// Asks all in the network.
    void ask_for(const Query& query) noexcept;
    /// The label by which this network knows the image.
    std::string_view host_label(std::span<char, Name::longest_label> into) const noexcept;
    Name host() const noexcept;

private:
    /// Records, a bit each: three of the host, four of each service.
    using Records = std::uint32_t;
    enum : Records { address_4 = 1, address_6 = 2, no_other = 4 };
    enum : Records { type_pointer = 8, pointer = 16, service = 32, text = 64, of_service = 120 };
    static constexpr unsigned of_host = 3, per_service = 4, count = of_host + per_service * most_services;
    static_assert(count <= 32);
    // Of one of them.
    static std::size_t offer_of(Records one) noexcept;
    static Records kind_of(Records one) noexcept;  ///< as of the host, or of the first service
    static std::uint32_t ttl_of(Records one) noexcept;

    /// Why a message is sent.
    enum class Purpose : std::uint8_t {
        tell,
        take_back,
        old_client,  ///< who knows of DNS alone, and not of groups [RFC 6762, 6.7]
    };
    enum class State : std::uint8_t { without_address, asks, tells, answers };

    void received(udp::Port& port) noexcept override;
    void run() noexcept override;

    bool look_at_addresses() noexcept;
    void begin(time::Instant now, time::Duration delay) noexcept;
    void step(time::Instant now) noexcept;
    void ask() noexcept;
    void take_question(Reader& reader, const Header& header, const Endpoint& from) noexcept;
    void take_response(Reader& reader, const Header& header) noexcept;
    void compare(Reader& reader, std::size_t authorities) noexcept;
    static void answer_queries(Reader reader, const Header& header) noexcept;
    void give_way(std::optional<std::size_t> offer) noexcept;

    /// Those that there are.
    Records all() const noexcept;
    Records answer_to(const Question& question) const noexcept;
    /// What goes along with answers, so that nobody has to ask for it.
    Records along_with(Records answers) const noexcept;
    /// Whether somebody else's record says what ours does.
    bool agrees(const Reader& reader, const Record& record, Records one) const noexcept;
    void send(Records answers, Records additional, const Endpoint& to, Purpose purpose, std::uint16_t id = 0,
              const Question* asked = nullptr) noexcept;
    void send_to_all(Records answers, Purpose purpose) noexcept;
    bool write(Writer& writer, Writer::Part part, Records one, Purpose purpose) const noexcept;
    void send(Bytes message, const Endpoint& to) noexcept;
    bool has(Address::Family family) const noexcept;
    bool on_link(const Address& address) const noexcept;
    unsigned random(unsigned below) noexcept;

    Name instance(std::size_t offer) const noexcept;

    const net::Device& device_;
    udp::Port port_4_{*this}, port_6_{*this};
    std::array<Prefix, 8> own_{};
    std::size_t own_count_ = 0;
    State state_ = State::without_address;
    unsigned sent_ = 0;          ///< questions or announcements, in this state
    time::Instant due_ = time::never;  ///< the next of them
    Records pending_ = 0;        ///< answers that wait for more of them
    bool pending_4_ = false, pending_6_ = false;
    time::Instant pending_due_ = time::never;
    std::array<time::Instant, count> last_4_{}, last_6_{};  ///< when each was sent to all, by either version
    unsigned host_number_ = 1;
    std::array<unsigned, most_services> offer_numbers_{};
    unsigned conflicts_ = 0;
    std::uint64_t seed_ = 0;
};

/// One for each device that the stack has, from the boot step on.
std::span<Responder* const> responders() noexcept;

inline Bytes bytes_of(const Address& address) noexcept { return std::span(address.bytes).first(address.size()); }

}  // namespace unicore::netstack::mdns
