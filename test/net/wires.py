# SPDX-License-Identifier: BSD-3-Clause
"""The host's end of an image's network device: TAP interfaces in a network of the test's own, and sockets."""
import contextlib
import ctypes
import errno
import fcntl
import os
import random
import re
import select
import socket
import struct
import tempfile
import time
from pathlib import Path

LIMIT = 30   # seconds for anything
TYPE = 0x88b5  # of Ethernet, for experiments: nobody else sends such frames [IEEE 802, 9.2.3]
PEER = bytes.fromhex("020000000001")
IMAGE = bytes.fromhex("020000000002")

CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
TUNSETIFF, TUNSETPERSIST = 0x400454ca, 0x400454cb
IFF_UP, IFF_TAP, IFF_NO_PI = 0x1, 0x2, 0x1000
SIOCGIFFLAGS, SIOCSIFFLAGS, SIOCSIFMTU = 0x8913, 0x8914, 0x8922
SIOCSIFADDR, SIOCSIFNETMASK = 0x8916, 0x891c
SOL_PACKET, PACKET_VNET_HDR, PACKET_OUTGOING = 263, 15, 4
HEADER = struct.Struct("<BBHHHH")  # struct virtio_net_hdr


def network_of_our_own():
    """Leaves the machine's network for a new one, which ends with this process. Where only root may, a user namespace
    makes one of us; where that is not allowed either, nothing here can be tested, and that is an error."""
    libc = ctypes.CDLL(None, use_errno=True)
    user, group = os.getuid(), os.getgid()
    if libc.unshare(CLONE_NEWNET) == 0:
        return
    if libc.unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "no network namespace: run this as root, or allow user namespaces")
    for name, text in (("setgroups", "deny"), ("uid_map", f"0 {user} 1"), ("gid_map", f"0 {group} 1")):
        Path("/proc/self", name).write_text(text, encoding="ascii")


def interface_request(name, request, value):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        return fcntl.ioctl(control, request, struct.pack("16si20x", name.encode(), value))


def set_address(name, address, mask):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        for request, value in ((SIOCSIFADDR, address), (SIOCSIFNETMASK, mask)):
            fcntl.ioctl(control, request, struct.pack("16sHH4s8x", name.encode(), socket.AF_INET, 0, socket.inet_aton(value)))


def set_up(name, up=True):
    flags = struct.unpack("16xh", interface_request(name, SIOCGIFFLAGS, 0)[:18])[0]
    interface_request(name, SIOCSIFFLAGS, flags | IFF_UP if up else flags & ~IFF_UP)


@contextlib.contextmanager
def interface(name, mtu=1500, up=True):
    """A TAP interface that is there before its user, and after."""
    with open("/dev/net/tun", "r+b", buffering=0) as tun:
        fcntl.ioctl(tun, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TAP | IFF_NO_PI))
        fcntl.ioctl(tun, TUNSETPERSIST, 1)
    interface_request(name, SIOCSIFMTU, mtu)
    set_up(name, up)
    try:
        yield name
    finally:
        with contextlib.suppress(FileNotFoundError), open("/dev/net/tun", "r+b", buffering=0) as tun:
            attach_when_free(tun, name)
            fcntl.ioctl(tun, TUNSETPERSIST, 0)


def attach_when_free(tun, name):
    """Who had it may be about to end."""
    end = time.monotonic() + LIMIT
    while True:
        try:
            fcntl.ioctl(tun, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TAP | IFF_NO_PI))
            return
        except OSError as error:
            if error.errno != errno.EBUSY or time.monotonic() > end:
                raise
        time.sleep(0.05)


def frame(payload, to=IMAGE, sender=PEER):
    return to + sender + struct.pack(">H", TYPE) + payload


def echoed(sent):
    return sent[6:12] + sent[:6] + sent[12:]


HELLO = frame(b"hello" * 10)


class Wire:
    """The host's side of a TAP interface: frames with their virtio header."""

    def __init__(self, name):
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
        self.socket.setsockopt(SOL_PACKET, PACKET_VNET_HDR, 1)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
        self.socket.bind((name, 3))  # ETH_P_ALL
        self.socket.settimeout(LIMIT)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data, header=bytes(HEADER.size)):
        self.socket.send(header + data)

    def wait(self):
        """Until something comes back: the kernel loses all that is sent before it has noticed, within a second, that
        somebody is at the other end."""
        end = time.monotonic() + LIMIT
        while time.monotonic() < end:
            self.send(HELLO)
            readable = select.select([self.socket], [], [], 0.02)[0]
            if readable and self.take()[0] == echoed(HELLO):
                return
        raise TimeoutError("nothing comes back")

    def take(self):
        """What comes next: a frame of the image's, or nothing when it is the host's own."""
        data, origin = self.socket.recvfrom(80000)
        return (None, None) if origin[2] == PACKET_OUTGOING else (data[HEADER.size:], HEADER.unpack(data[:HEADER.size]))

    def receive(self, kind=TYPE):
        """The next frame of that type from the image, to us: the host has frames of its own, which come back as well."""
        while True:
            data, header = self.take()
            if data and data[:6] == PEER and data[12:14] == struct.pack(">H", kind) and data != echoed(HELLO):
                return data, header


class Peer:
    """What listens at a socket, as passt does: each frame behind its length."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory()
        self.path = os.path.join(self.folder.name, "socket")
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.listener.bind(self.path)
        self.listener.listen(1)
        self.listener.settimeout(LIMIT)
        self.connection = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.connection:
            self.connection.close()
        self.listener.close()
        self.folder.cleanup()

    def accept(self):
        self.connection = self.listener.accept()[0]
        self.connection.settimeout(LIMIT)

    def send(self, *frames):
        """Those of one call arrive together, however busy the machine is."""
        self.connection.sendall(b"".join(struct.pack(">I", len(data)) + data for data in frames))

    def send_all(self, frames, at_once=20):
        for index in range(0, len(frames), at_once):
            self.send(*frames[index:index + at_once])

    def exactly(self, size):
        data = b""
        while len(data) != size:
            piece = self.connection.recv(size - len(data))
            if not piece:
                raise EOFError
            data += piece
        return data

    def receive(self):
        return self.exactly(struct.unpack(">I", self.exactly(4))[0])


def numbers(text, device="tap0"):
    """A device's statistics: link, and packets, bytes, dropped and errors of both directions, and interrupts."""
    found = re.search(rf"^{device} (\w+) received=(.+) sent=(.+) interrupts=(\d+)$", text, re.MULTILINE)
    return found[1], *([int(n) for n in group.split("/")] for group in (found[2], found[3])), int(found[4])


def payloads(count, seed=20261127, longest=1500):
    chance = random.Random(seed)
    return [chance.randbytes(chance.choice((46, 47, 60, longest, chance.randint(46, longest)))) for _ in range(count)]


def segments(size, six=False):
    """TCP over IPv4 or IPv6, with a checksum to be completed and `size` bytes of payload."""
    payload = random.Random(size).randbytes(size)
    tcp = struct.pack(">HHIIBBHHH", 1, 2, 3, 4, 5 << 4, 0x10, 1000, 0, 0) + payload
    if six:
        ip = struct.pack(">IHBB", 6 << 28, len(tcp), 6, 64) + bytes(15) + b"\1" + bytes(15) + b"\2"
    else:
        addresses = bytes((10, 0, 0, 1, 10, 0, 0, 2))
        ip = struct.pack(">BBHHHBBH8s", 0x45, 0, 20 + len(tcp), 1, 0, 64, 6, 0, addresses)
        total = sum(struct.unpack(">10H", ip))
        total = (total & 0xffff) + (total >> 16)
        ip = ip[:10] + struct.pack(">H", ~(total + (total >> 16)) & 0xffff) + ip[12:]
    return IMAGE + PEER + (b"\x86\xdd" if six else b"\x08\x00") + ip + tcp, 14 + len(ip)
