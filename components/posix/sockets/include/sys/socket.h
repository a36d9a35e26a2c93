/* SPDX-License-Identifier: BSD-3-Clause */
/* Sockets. [POSIX.1-2017, sys/socket.h] */
#ifndef _SYS_SOCKET_H
#define _SYS_SOCKET_H

#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/uio.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef uint32_t socklen_t;
typedef uint16_t sa_family_t;

struct sockaddr {
    sa_family_t sa_family;
    char sa_data[14];
};
struct sockaddr_storage {
    sa_family_t ss_family;
    char __unicore_room[126] __attribute__((aligned(8)));
};

struct msghdr {
    void* msg_name;
    socklen_t msg_namelen;
    struct iovec* msg_iov;
    int msg_iovlen;
    void* msg_control;
    socklen_t msg_controllen;
    int msg_flags;
};
struct linger {
    int l_onoff;
    int l_linger;
};

#define AF_UNSPEC 0
#define AF_INET 2
#define AF_INET6 10
#define PF_UNSPEC AF_UNSPEC
#define PF_INET AF_INET
#define PF_INET6 AF_INET6

#define SOCK_STREAM 1
#define SOCK_DGRAM 2
#define SOCK_NONBLOCK O_NONBLOCK
#define SOCK_CLOEXEC O_CLOEXEC

#define SOL_SOCKET 1
#define SO_REUSEADDR 2
#define SO_TYPE 3
#define SO_ERROR 4
#define SO_BROADCAST 6
#define SO_SNDBUF 7
#define SO_RCVBUF 8
#define SO_KEEPALIVE 9
#define SO_LINGER 13
#define SO_REUSEPORT 15
#define SO_RCVTIMEO 20
#define SO_SNDTIMEO 21
#define SO_BINDTODEVICE 25
#define SO_ACCEPTCONN 30
#define SO_PROTOCOL 38
#define SO_DOMAIN 39

#define MSG_PEEK 0x02
#define MSG_TRUNC 0x20
#define MSG_DONTWAIT 0x40
#define MSG_WAITALL 0x100
#define MSG_NOSIGNAL 0x4000
#define MSG_MORE 0x8000

#define SHUT_RD 0
#define SHUT_WR 1
#define SHUT_RDWR 2

#define SOMAXCONN 128

int socket(int domain, int type, int protocol);
int bind(int descriptor, const struct sockaddr* address, socklen_t size);
int listen(int descriptor, int backlog);
int accept(int descriptor, struct sockaddr* address, socklen_t* size);
int accept4(int descriptor, struct sockaddr* address, socklen_t* size, int flags);
int connect(int descriptor, const struct sockaddr* address, socklen_t size);
int shutdown(int descriptor, int how);
ssize_t send(int descriptor, const void* bytes, size_t size, int flags);
ssize_t sendto(int descriptor, const void* bytes, size_t size, int flags, const struct sockaddr* to, socklen_t to_size);
ssize_t sendmsg(int descriptor, const struct msghdr* message, int flags);
ssize_t recv(int descriptor, void* bytes, size_t size, int flags);
ssize_t recvfrom(int descriptor, void* bytes, size_t size, int flags, struct sockaddr* from, socklen_t* from_size);
ssize_t recvmsg(int descriptor, struct msghdr* message, int flags);
int getsockname(int descriptor, struct sockaddr* address, socklen_t* size);
int getpeername(int descriptor, struct sockaddr* address, socklen_t* size);
int getsockopt(int descriptor, int level, int name, void* value, socklen_t* size);
int setsockopt(int descriptor, int level, int name, const void* value, socklen_t size);

#ifdef __cplusplus
}
#endif

#endif
