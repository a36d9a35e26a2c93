# SPDX-License-Identifier: BSD-3-Clause
"""mdns_client.py ADDRESS: a client of multicast DNS (python3-zeroconf) on the interface of that address. Prints what it
finds of mdns.cpp's services, and, when it reads a line, that they have been taken back."""
import socket
import sys
import time

import zeroconf

LIMIT = 40


def addresses(info):
    return sorted(socket.inet_ntop(socket.AF_INET if len(each) == 4 else socket.AF_INET6, each) for each in info.addresses)


class Found(zeroconf.ServiceListener):
    def __init__(self):
        self.names, self.gone = set(), set()

    def add_service(self, zc, type_, name):
        self.names.add(name)

    def remove_service(self, zc, type_, name):
        self.gone.add(name)

    def update_service(self, zc, type_, name):
        pass


def until(what):
    end = time.monotonic() + LIMIT
    while not what():
        if time.monotonic() > end:
            sys.exit("it did not come")
        time.sleep(0.05)


def main():
    with zeroconf.Zeroconf(interfaces=[sys.argv[1]]) as client:
        print("ready", flush=True)
        found = {kind: Found() for kind in ("_http._tcp.local.", "_unicore._udp.local.")}
        for kind, listener in found.items():
            zeroconf.ServiceBrowser(client, kind, listener)
        until(lambda: all(listener.names for listener in found.values()))
        for kind, listener in found.items():
            for each in sorted(listener.names):
                info = client.get_service_info(kind, each, LIMIT * 1000)
                text = b" ".join(key + b"=" + (value or b"") for key, value in sorted(info.properties.items())).decode()
                print(f"{each} {info.server} {info.port} [{text}] {' '.join(addresses(info))}", flush=True)
        if sys.stdin.readline():  # the image ends
            until(lambda: found["_http._tcp.local."].gone)
            print("gone", flush=True)


main()
