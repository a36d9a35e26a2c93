// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/bus/acpi.hpp>

#include <unicore/arch/mapping.hpp>
#include <unicore/bus/acpi/root.hpp>

#include <iterator>

// Last: the names that the table manager's host defines are not for the headers above.
#include "host.h"
extern "C" {
#define DEFINE_ACPI_GLOBALS  // here
#include <acpi/acpi.h>
}

// What the table manager asks of its host.
extern "C" {

acpi_physical_address acpi_os_get_root_pointer() { return unicore::bus::acpi::root(); }

void* acpi_os_map_memory(acpi_physical_address where, acpi_native_uint length) {
    using namespace unicore;
    return arch::map_around(where, length, arch::Access::read) ? reinterpret_cast<void*>(where) : nullptr;
}

void acpi_os_unmap_memory(void* /*address*/, acpi_size /*size*/) {}

// The list of tables has its room already and never grows.
void* acpi_os_zalloc_memory(size_t /*size*/) { return nullptr; }
void acpi_os_free_memory(void* /*memory*/) {}

}  // extern "C"

namespace unicore::bus::acpi {
namespace {

constinit acpi_table_desc list[64]{};

/// Reads the root table once.
bool ready() noexcept {
    static constinit bool begun = false, good = false;
    if (!begun) {
        begun = true;
        good = acpi_initialize_tables(list, std::size(list), 0) == AE_OK;
    }
    return good;
}

Register register_of(const acpi_generic_address& from) noexcept {
    return {static_cast<Register::Space>(from.space_id), from.address};
}

}  // namespace

Result<std::span<const std::byte>> table(const char (&signature)[5], unsigned instance) noexcept {
    acpi_table_header* found = nullptr;
    if (!ready() || acpi_get_table(const_cast<char*>(signature), instance, &found) != AE_OK ||
        found->length < header_size)
        return unexpected(Error::not_found);
    return std::span(reinterpret_cast<const std::byte*>(found), found->length);
}

Result<FixedHardware> fixed_hardware() noexcept {
    const acpi_table_fadt& fadt = acpi_gbl_FADT;  // the table manager's copy, all in the newest form
    if (!ready() || fadt.header.length == 0) return unexpected(Error::not_found);
    FixedHardware result{.pm1a_control = register_of(fadt.xpm1a_control_block),
                         .pm1b_control = register_of(fadt.xpm1b_control_block),
                         .reset = {},
                         .reset_value = fadt.reset_value,
                         .smi_command = fadt.smi_command,
                         .acpi_enable = fadt.acpi_enable};
    if ((fadt.flags & ACPI_FADT_RESET_REGISTER) != 0) result.reset = register_of(fadt.reset_register);
    return result;
}

}  // namespace unicore::bus::acpi
