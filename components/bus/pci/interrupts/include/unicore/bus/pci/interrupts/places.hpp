// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/bus/pci.hpp>

#include <array>
#include <cstdint>
#include <memory>
#include <utility>

namespace unicore::bus::pci {

/// For providers: what belongs to each Interrupt that there is, by the function that has it.
template <typename Owned, unsigned count>
class InterruptPlaces {
public:
    constexpr InterruptPlaces() noexcept = default;

    static constexpr unsigned none = ~0U;

    /// A place where nothing is; `none` when all are taken, or the function has one already.
    unsigned free_for(Address function) const noexcept {
        unsigned found = none;
        for (unsigned i = 0; i != count; ++i) {
            if (!places_[i].taken) found = i;
            else if (places_[i].function == function) return none;
        }
        return found;
    }
    void put(unsigned place, Address function, Owned owned) noexcept {
        std::construct_at(&places_[place].owned, std::move(owned));
        places_[place].function = function;
        places_[place].taken = true;
    }
    Owned& at(unsigned place) noexcept { return places_[place].owned; }
    void remove(unsigned place) noexcept {
        std::destroy_at(&places_[place].owned);
        places_[place].taken = false;
    }

private:
    struct Place {
        constexpr Place() noexcept {}
        constexpr ~Place() noexcept {}

        union {
            Owned owned;
        };
        Address function;
        bool taken = false;
    };
    std::array<Place, count> places_;
};

}  // namespace unicore::bus::pci
