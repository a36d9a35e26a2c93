// SPDX-License-Identifier: BSD-3-Clause
#include "spares.hpp"

#include "table.hpp"

#include <unicore/memory/pages.hpp>
#include <unicore/xen/guest.hpp>

namespace unicore::xen::grants {

platform::PerImage<Spares> spares;

Result<std::byte*> Spares::take() noexcept {
    if (count != 0) return pages[--count];
    std::byte* const page = UNICORE_TRY(memory::pages::take(PageCount{1}));
    void* const given[] = {page};
    if (guest::give_frames(given) != 1) {
        memory::pages::give_back(page, PageCount{1});
        return unexpected(Error::device_error);
    }
    return page;
}

void Spares::give_back(std::byte* page) noexcept {
    if (count == pages.size()) trim();
    if (count != pages.size()) pages[count++] = page;
    else ++table->lost;
}

void Spares::trim() noexcept {
    while (count != 0) {
        void* const taken[] = {pages[count - 1]};
        if (guest::take_frames(taken) != 1) return;
        memory::pages::give_back(pages[--count], PageCount{1});
    }
}

}  // namespace unicore::xen::grants
