# SPDX-License-Identifier: BSD-3-Clause
"""A server of names that answers as it should, or as somebody who means harm, and what an image is to find. [RFC 1035]"""
import random
import socket
import struct
import threading

A, CNAME, AAAA = 1, 5, 28
FOUR, SIX = socket.inet_aton("192.0.2.7"), socket.inet_pton(socket.AF_INET6, "2001:db8::7")
EVIL = socket.inet_aton("6.6.6.6")
FOUND = [  # what the image names prints; the order of both versions is that of an image with version 4 alone
    "both.example 192.0.2.7:http 2001:db8::7:http", "both.example 192.0.2.7:http", "both.example 2001:db8::7:http",
    "four.example 192.0.2.7:http", "four.example error=-2", "six.example 2001:db8::7:http", "alias.example 192.0.2.7:http",
    "nobody.example error=-2", "broken.example error=-2", "forged.example 192.0.2.7:http", "garbage.example 192.0.2.7:http",
    "silent.example timed out", "110 found, 0 bytes more"]


def record(kind, data):
    return b"\xc0\x0c" + struct.pack(">HHIH", kind, 1, 0, len(data)) + data


def reply(query, records=(), code=0):
    return query[:2] + struct.pack(">BBHHHH", 0x81, 0x80 | code, 1, len(records), 0, 0) + query[12:] + b"".join(records)


def name_of(query):
    labels, place = [], 12
    while query[place]:
        labels.append(query[place + 1:place + 1 + query[place]])
        place += 1 + query[place]
    return b".".join(labels).decode("ascii"), struct.unpack_from(">HH", query, place + 1)


class Server:
    """At a socket, in a thread of its own until its end."""

    def __init__(self, address, port=53):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((address, port))
        self.socket.settimeout(0.1)
        self.queries = []  # name, kind, port that asked, and number
        self.chance = random.Random(20261127)
        self.ending = False
        self.thread = threading.Thread(target=self.run, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ending = True
        self.thread.join()
        self.socket.close()

    def run(self):
        while not self.ending:
            try:
                query, sender = self.socket.recvfrom(2000)
            except TimeoutError:
                continue
            name, (kind, _) = name_of(query)
            self.queries.append((name, kind, sender[1], query[:2]))
            for answer in self.answers(name, kind, query):
                self.socket.sendto(answer, sender)

    def answers(self, name, kind, query):
        good = {A: reply(query, [record(A, FOUR)]), AAAA: reply(query, [record(AAAA, SIX)])}[kind]
        evil = reply(query, [record(kind, EVIL if kind == A else EVIL * 4)])
        none = reply(query)
        match name.split(".")[0]:
            case "silent":
                return []
            case "nobody":
                return [reply(query, code=3)]
            case "broken":
                return [reply(query, code=2)]
            case "four":
                return [good if kind == A else none]
            case "six":
                return [good if kind == AAAA else none]
            case "alias":
                return [reply(query, [record(CNAME, b"\3www\xc0\x12"), record(A, FOUR)]) if kind == A else none]
            case "forged":
                ids = [struct.pack(">H", struct.unpack(">H", query[:2])[0] ^ 1 << bit) for bit in range(16)]
                other = query[:13] + bytes((query[13] ^ 1,)) + query[14:]
                return [*(number + evil[2:] for number in ids), reply(other, [record(kind, EVIL)]),
                        evil[:2] + b"\1" + evil[3:], good if kind == A else none]
            case "garbage":
                cut = [evil[:size] for size in range(len(evil)) if size != len(query)]
                noise = [self.chance.randbytes(self.chance.randint(0, 500)) for _ in range(50)]
                return [*cut, *noise, good if kind == A else none]
        return [good]

    def check(self, test):
        """That nobody can guess what a question has: ports and numbers do not follow each other."""
        numbered = [query for query in self.queries if query[0].startswith("number")]
        test.assertGreater(len({query[2] for query in numbered}), 100)
        test.assertGreater(len({query[3] for query in numbered}), 200)
