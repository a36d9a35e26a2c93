// SPDX-License-Identifier: BSD-3-Clause
/// Paths and numbers as text, in place.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace unicore::xen::store {

/// A number in decimal.
class Decimal {
public:
    constexpr Decimal() noexcept = default;  ///< no number: no digits
    explicit Decimal(std::uint64_t number) noexcept { set(number); }
    void set(std::uint64_t number) noexcept;
    operator std::string_view() const noexcept { return {digits_ + sizeof digits_ - count_, count_}; }

private:
    char digits_[20]{};
    std::uint8_t count_ = 0;
};

/// A path put together from its parts: `Path{"device", type, 0, "state"}` is device/vif/0/state.
/// One that would be longer than there is room for is empty, which every operation refuses.
class Path {
public:
    static constexpr std::size_t capacity = 126;

    Path() noexcept = default;
    template <typename... Parts>
        requires(sizeof...(Parts) > 0)
    explicit Path(const Parts&... parts) noexcept {
        (add(parts), ...);
    }

    operator std::string_view() const noexcept { return view(); }
    std::string_view view() const noexcept { return {text_, overflown_ ? std::size_t{0} : size_}; }
    bool empty() const noexcept { return view().empty(); }

private:
    void add(std::string_view part) noexcept;
    void add(const Path& part) noexcept {
        add(part.view());
        overflown_ |= part.overflown_;
    }
    void add(std::unsigned_integral auto number) noexcept { add(std::string_view(Decimal(number))); }

    char text_[capacity];
    std::uint8_t size_ = 0;
    bool overflown_ = false;
};

/// The names that a directory's listing consists of, each with a null behind it.
class Names {
public:
    class Iterator {
    public:
        explicit Iterator(std::string_view left) noexcept : left_(left) {}
        std::string_view operator*() const noexcept { return left_.substr(0, left_.find('\0')); }
        Iterator& operator++() noexcept {
            const std::size_t size = (**this).size();
            left_.remove_prefix(size < left_.size() ? size + 1 : size);
            return *this;
        }
        bool operator==(const Iterator& other) const noexcept { return left_.size() == other.left_.size(); }

    private:
        std::string_view left_;
    };

    explicit Names(std::string_view listing) noexcept : listing_(listing) {}
    Iterator begin() const noexcept { return Iterator(listing_); }
    Iterator end() const noexcept { return Iterator({}); }

private:
    std::string_view listing_;
};

}  // namespace unicore::xen::store
