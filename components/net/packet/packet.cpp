// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/net/packet.hpp>

#include <algorithm>
#include <cstring>

namespace unicore::net {

void Packet::give_back(Buffer* first) noexcept {
    while (first != nullptr) {
        Buffer& buffer = *std::exchange(first, first->next);
        buffer.next = nullptr;
        buffer.owner->take_back(buffer);
    }
}

std::size_t Packet::size() const noexcept {
    std::size_t size = 0;
    for (const Buffer* part = first_; part != nullptr; part = part->next) size += part->size;
    return size;
}

std::size_t Packet::parts() const noexcept {
    std::size_t parts = 0;
    for (const Buffer* part = first_; part != nullptr; part = part->next) ++parts;
    return parts;
}

void Packet::append(Packet more) noexcept {
    Buffer** end = &first_;
    while (*end != nullptr) end = &(*end)->next;
    *end = more.release();
}

std::span<std::byte> Packet::prepend(std::size_t size) noexcept {
    Buffer& part = first();
    if (part.room_in_front() < size) return {};
    part.data -= size;
    part.size += static_cast<std::uint32_t>(size);
    return {part.data, size};
}

void Packet::trim_front(std::size_t count) noexcept {
    while (first_ != nullptr) {
        Buffer& part = *first_;
        const auto here = static_cast<std::uint32_t>(std::min<std::size_t>(count, part.size));
        part.data += here;
        part.size -= here;
        count -= here;
        if (part.size != 0 || part.next == nullptr) return;
        part.next->offload = part.offload;
        first_ = std::exchange(part.next, nullptr);
        part.owner->take_back(part);
    }
}

void Packet::trim_to(std::size_t size) noexcept {
    for (Buffer* part = first_; part != nullptr; part = part->next) {
        part->size = static_cast<std::uint32_t>(std::min<std::size_t>(size, part->size));
        size -= part->size;
        if (size != 0) continue;
        give_back(std::exchange(part->next, nullptr));
        return;
    }
}

std::size_t Packet::copy_to(std::span<std::byte> into, std::size_t offset) const noexcept {
    std::size_t done = 0;
    for (const Buffer* part = first_; part != nullptr && done != into.size(); part = part->next) {
        if (offset >= part->size) {
            offset -= part->size;
            continue;
        }
        const std::size_t here = std::min(part->size - offset, into.size() - done);
        std::memcpy(into.data() + done, part->data + offset, here);
        done += here;
        offset = 0;
    }
    return done;
}

}  // namespace unicore::net
