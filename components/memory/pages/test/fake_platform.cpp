// SPDX-License-Identifier: BSD-3-Clause
#include "fake_platform.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace unicore::test {
namespace {

FakePlatform* current = nullptr;
constexpr std::size_t alignment = std::size_t{1} << 30;
constexpr int kept_pattern = 0xEE;
constexpr int garbage_pattern = 0x0B;  // as a mark of the map, a free block of 1,024 pages

void require(bool holds, const char* what) {
    if (holds) return;
    std::fprintf(stderr, "fake platform: %s\n", what);
    std::abort();
}

}  // namespace

FakePlatform::FakePlatform(std::vector<Shape> shapes) {
    std::size_t end = 0;
    for (const Shape& shape : shapes) end = std::max(end, shape.offset + shape.pages);
    reserved_ = end * page_size + 2 * alignment;
    void* const space = ::mmap(nullptr, reserved_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (space == MAP_FAILED) throw std::runtime_error("no address space for the fake platform");
    const std::uintptr_t start = align_up(reinterpret_cast<std::uintptr_t>(space), alignment);
    base_ = static_cast<std::byte*>(space);
    for (const Shape& shape : shapes) ranges_.push_back({start + shape.offset * page_size, shape.pages * page_size});
    require(current == nullptr, "two at a time");
    current = this;
}

FakePlatform::~FakePlatform() {
    ::munmap(base_, reserved_);
    current = nullptr;
}

Result<MemoryRange> FakePlatform::commit(MemoryRange range) {
    ++commits;
    require(range.base % page_size == 0 && range.size % page_size == 0 && range.size != 0, "commit of no whole pages");
    require(std::ranges::any_of(ranges_,
                                [&](const MemoryRange& one) {
                                    return range.base >= one.base && range.size <= one.size &&
                                           range.base - one.base <= one.size - range.size;
                                }),
            "commit outside of all ranges");
    if (refuse && refuse(range)) return unexpected(Error::out_of_memory);
    auto* const first = reinterpret_cast<std::byte*>(range.base);
    const std::size_t pages = range.size / page_size;
    require(::mprotect(first, range.size, PROT_READ | PROT_WRITE) == 0, "mprotect failed");
    if (track) std::memset(first, garbage_pattern, range.size);  // what a machine's memory holds at boot is anything
    std::size_t keeps = keep ? keep(pages) : 0;
    if (pages >= 8) keeps = std::min(keeps, pages - 1);
    keeps = std::min(keeps, pages);
    for (std::size_t i = 0; i < keeps; ++i) {
        std::memset(first + i * page_size, kept_pattern, page_size);
        kept_pages_.push_back(first + i * page_size);
    }
    for (std::size_t i = keeps; track && i < pages; ++i)
        require(usable_.insert(first + i * page_size).second, "commit of a committed page");
    committed += pages;
    kept += keeps;
    return MemoryRange{range.base + keeps * page_size, range.size - keeps * page_size};
}

bool FakePlatform::kept_intact() const {
    return std::ranges::all_of(kept_pages_, [](const std::byte* page) {
        return std::all_of(page, page + page_size, [](std::byte b) { return b == std::byte{kept_pattern}; });
    });
}

}  // namespace unicore::test

namespace unicore::platform {

void early_write(std::string_view text) noexcept {
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, text.data(), text.size());
}

std::span<const MemoryRange> memory() noexcept {
    return test::current == nullptr ? std::span<const MemoryRange>{} : test::current->ranges();
}

Result<MemoryRange> commit(MemoryRange range) noexcept {
    return test::current == nullptr ? unexpected(Error::out_of_memory) : test::current->commit(range);
}

std::span<char* const> settings() noexcept { return {}; }

Arguments arguments() noexcept {
    static char name[] = "test";
    static char* values[] = {name, nullptr};
    return {1, values};
}

void halt(int status) noexcept { ::_exit(status); }

}  // namespace unicore::platform
