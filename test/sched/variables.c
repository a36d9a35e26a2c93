// SPDX-License-Identifier: BSD-3-Clause
_Thread_local int in_c = 11;
static _Thread_local char buffer[300];

/// C's own variables, of this thread.
char* c_buffer(void) { return buffer; }
