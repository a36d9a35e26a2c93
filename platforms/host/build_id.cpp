// SPDX-License-Identifier: BSD-3-Clause
// What the linker scripts of images name: here a note with an empty identity.
extern "C" {
extern const unsigned char unicore_build_id[16] = {};
extern const unsigned char unicore_build_id_end[1] = {};
}
