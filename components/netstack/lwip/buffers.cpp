// SPDX-License-Identifier: BSD-3-Clause
#include "buffers.hpp"

#include <unicore/memory/slab.hpp>

#include <cstdint>
#include <utility>

namespace unicore::netstack::lwip {
namespace {

/// A buffer of somebody's that lwIP reads.
struct Received {
    pbuf_custom custom;  // first: lwIP hands back its address
    net::Buffer* buffer;
};

/// Memory of lwIP's that a device reads.
struct Lent {
    net::Buffer buffer;  // first: the packet hands back its address
    pbuf* chain;         ///< the part, of which it has a reference
};

[[clang::no_destroy]] constinit memory::slab::Cache<Received> all_received(1);
[[clang::no_destroy]] constinit memory::slab::Cache<Lent> all_lent(1);

void end_received(pbuf* part) noexcept {
    auto* const received = reinterpret_cast<Received*>(part);
    net::Packet(*received->buffer).clear();
    all_received.destroy(received);
}

class Lender final : public net::BufferOwner {
public:
    void take_back(net::Buffer& buffer) noexcept override {
        auto* const lent = reinterpret_cast<Lent*>(&buffer);
        pbuf* const part = lent->chain;
        all_lent.destroy(lent);
        pbuf_free(part);
    }
};
constinit Lender lender;

}  // namespace

pbuf* received(net::Packet packet) noexcept {
    std::size_t left = packet.size();  // from each part on
    if (left > UINT16_MAX) return nullptr;
    pbuf* first = nullptr;
    pbuf** end = &first;
    for (net::Buffer* buffer = packet.release(); buffer != nullptr;) {
        const auto made = all_received.create();
        if (!made) {
            net::Packet(*buffer).clear();
            if (first != nullptr) pbuf_free(first);
            return nullptr;
        }
        Received& part = **made;
        part.custom.custom_free_function = [](pbuf* ended) { end_received(ended); };
        part.buffer = buffer;
        const auto size = static_cast<u16_t>(buffer->size);
        pbuf* const added = pbuf_alloced_custom(PBUF_RAW, size, PBUF_REF, &part.custom, buffer->data, size);
        added->tot_len = static_cast<u16_t>(left);  // a chain, as pbuf_cat makes it by going through all of it each time
        left -= size;
        *end = added;
        end = &added->next;
        buffer = std::exchange(buffer->next, nullptr);
    }
    return first;
}

namespace {

std::size_t parts_of(const pbuf& chain) noexcept {
    std::size_t parts = 0;
    for (const pbuf* part = &chain; part != nullptr; part = part->next) parts += part->len != 0;
    return parts;
}

/// Of the memory that a part has for itself: in front of its contents are headers that are not there, of lower layers.
std::byte* begin_of(pbuf& part) noexcept {
    if ((part.type_internal & PBUF_TYPE_FLAG_STRUCT_DATA_CONTIGUOUS) == 0) return static_cast<std::byte*>(part.payload);
    return reinterpret_cast<std::byte*>(&part) + LWIP_MEM_ALIGN_SIZE(sizeof(pbuf));
}

Result<net::Packet> lent_as_it_is(pbuf& chain) noexcept {
    net::Packet packet;
    net::Buffer* last = nullptr;
    for (pbuf* part = &chain; part != nullptr; part = part->next) {
        if (part->len == 0) continue;
        Lent* const made = UNICORE_TRY(all_lent.create());
        pbuf_ref(part);
        made->chain = part;
        auto* const bytes = static_cast<std::byte*>(part->payload);
        std::byte* const begin = begin_of(*part);
        made->buffer = {.owner = &lender, .begin = begin, .data = bytes,
                        .capacity = static_cast<std::uint32_t>(bytes - begin) + part->len, .size = part->len};
        if (last == nullptr) packet = net::Packet(made->buffer);
        else last->next = &made->buffer;
        last = &made->buffer;
    }
    return packet;
}

}  // namespace

Result<net::Packet> lent(pbuf& chain, std::size_t most_parts) noexcept {
    if (parts_of(chain) <= most_parts) return lent_as_it_is(chain);
    pbuf* const copy = pbuf_clone(PBUF_RAW, PBUF_RAM, &chain);
    if (copy == nullptr) return unexpected(Error::out_of_memory);
    auto packet = lent_as_it_is(*copy);
    pbuf_free(copy);  // the packet has a reference of its own
    return packet;
}

}  // namespace unicore::netstack::lwip
