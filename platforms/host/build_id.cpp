// SPDX-License-Identifier: BSD-3-Clause
// What the linker scripts of images name: here a note with an empty identity, whose end is its start's
// object's.
extern "C" {
extern const unsigned char unicore_build_id[16] = {};
}
asm(".globl unicore_build_id_end\n.set unicore_build_id_end, unicore_build_id + 16");
