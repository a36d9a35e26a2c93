// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/xen/simulator/store/port.hpp>

#include <algorithm>
#include <atomic>
#include <cstring>

namespace unicore::xen::simulator {
namespace {

std::atomic_ref<std::uint32_t> shared(std::uint32_t& index) { return std::atomic_ref(index); }

bool happens(double probability, std::mt19937_64& random) {
    return probability > 0 && std::uniform_real_distribution<>(0, 1)(random) < probability;
}

}  // namespace

StorePort::StorePort(StoreTree& tree, StoreTree::Domain domain, xenstore_domain_interface& page) noexcept
    : tree_(tree), domain_(domain), page_(page), req_cons_(shared(page.req_cons)), rsp_prod_(shared(page.rsp_prod)) {}

bool StorePort::serve(const StoreFaults& faults, std::mt19937_64& random) {
    if (ignored_) return false;
    if (happens(faults.spurious_watches, random)) tree_.fire_spuriously(domain_, static_cast<std::uint32_t>(random()));
    bool moved = false;
    // As long as there is something to do: a message may be longer than the ring.
    for (bool more = true; more && !ignored_;) {
        more = receive(faults, random);
        more |= send(faults, random);
        moved |= more;
        if (more && happens(faults.in_pieces, random)) break;
    }
    return moved;
}

bool StorePort::pending() const { return !ignored_ && room() != 0 && (!out_.empty() || !tree_.events(domain_).empty()); }

std::uint32_t StorePort::room() const {
    const std::uint32_t used = rsp_prod_ - shared(page_.rsp_cons);
    return used > XENSTORE_RING_SIZE ? 0 : XENSTORE_RING_SIZE - used;
}

bool StorePort::receive(const StoreFaults& faults, std::mt19937_64& random) {
    const std::uint32_t available = shared(page_.req_prod) - req_cons_;
    if (available > XENSTORE_RING_SIZE) ignored_ = true;
    // As xenstored, it takes nothing new in from who does not fetch what there is.
    if (ignored_ || available == 0 || out_.size() > 64 * 1024) return false;
    for (std::uint32_t i = 0; i < available; ++i) in_ += page_.req[MASK_XENSTORE_IDX(req_cons_++)];
    shared(page_.req_cons) = req_cons_;
    answer(faults, random);
    return true;
}

void StorePort::answer(const StoreFaults& faults, std::mt19937_64& random) {
    xsd_sockmsg header;
    while (in_.size() >= sizeof header) {
        std::memcpy(&header, in_.data(), sizeof header);
        if (header.len > XENSTORE_PAYLOAD_MAX) {
            ignored_ = true;
            return;
        }
        if (in_.size() < sizeof header + header.len) return;
        const StoreMessage message{header.type, header.req_id, header.tx_id, in_.substr(sizeof header, header.len)};
        in_.erase(0, sizeof header + header.len);
        if (message.type == XS_TRANSACTION_END && happens(faults.refused_transactions, random)) tree_.refuse_transactions(1);
        StoreMessage reply = tree_.handle(domain_, message);
        if (happens(faults.silence, random)) continue;
        if (happens(faults.unknown_ids, random)) reply.request += static_cast<std::uint32_t>(random() % 3 - 1);
        if (happens(faults.wrong_types, random)) reply.type = static_cast<std::uint32_t>(random() % (XS_TYPE_COUNT + 2));
        if (happens(faults.nonsense, random)) {
            reply.payload.resize(random() % 64);
            for (char& byte : reply.payload) byte = static_cast<char>(random());
        }
        if (happens(faults.odd_events, random)) {
            static const std::string odd[] = {"no null at all", std::string("path\0", 5), std::string("\0\0", 2), "",
                                              std::string("device\0999999999999999999999\0", 29),
                                              std::string("device\0-1\0", 10), std::string("a\0b\0c\0d", 7),
                                              std::string(3000, 'x') + '\0' + "1" + '\0', std::string(4096, '\0')};
            queue({XS_WATCH_EVENT, 0, 0, odd[random() % std::size(odd)]});
        }
        queue(reply);
        if (happens(faults.repeated, random)) queue(reply);
        if (happens(faults.endless, random)) {
            const xsd_sockmsg endless{XS_READ, reply.request, 0, XENSTORE_PAYLOAD_MAX + 1 + static_cast<std::uint32_t>(random() >> 40)};
            out_.append(reinterpret_cast<const char*>(&endless), sizeof endless);
        }
    }
}

void StorePort::queue(const StoreMessage& message) {
    const xsd_sockmsg header{message.type, message.request, message.transaction, static_cast<std::uint32_t>(message.payload.size())};
    out_.append(reinterpret_cast<const char*>(&header), sizeof header);
    out_ += message.payload;
}

bool StorePort::send(const StoreFaults& faults, std::mt19937_64& random) {
    std::deque<StoreMessage>& events = tree_.events(domain_);
    for (; !events.empty() && out_.size() < 8192; events.pop_front()) queue(events.front());
    if (rsp_prod_ - shared(page_.rsp_cons) > XENSTORE_RING_SIZE) ignored_ = true;
    std::size_t count = std::min<std::size_t>(room(), out_.size());
    if (ignored_ || count == 0) return false;
    if (happens(faults.in_pieces, random)) count = 1 + random() % count;
    for (std::size_t i = 0; i < count; ++i) page_.rsp[MASK_XENSTORE_IDX(rsp_prod_++)] = out_[i];
    out_.erase(0, count);
    shared(page_.rsp_prod) = rsp_prod_;
    if (happens(faults.bad_indices, random)) {
        if (random() % 2 == 0) shared(page_.rsp_prod) = static_cast<std::uint32_t>(random());
        else shared(page_.req_cons) = static_cast<std::uint32_t>(random());
    }
    return true;
}

}  // namespace unicore::xen::simulator
