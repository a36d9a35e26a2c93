/* SPDX-License-Identifier: BSD-3-Clause */
/* Network devices by name and number. [POSIX.1-2017, net/if.h] */
#ifndef _NET_IF_H
#define _NET_IF_H

#ifdef __cplusplus
extern "C" {
#endif

#define IF_NAMESIZE 16

struct if_nameindex {
    unsigned if_index; /* from 1 on */
    char* if_name;
};

unsigned if_nametoindex(const char* name);
char* if_indextoname(unsigned index, char* name); /* of IF_NAMESIZE */
struct if_nameindex* if_nameindex(void);
void if_freenameindex(struct if_nameindex* list);

#ifdef __cplusplus
}
#endif

#endif
