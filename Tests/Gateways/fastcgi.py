"""A FastCGI client (specification 1.0) that believes nothing: whatever a server should not meet is an error."""

import socket
import struct
import time

BEGIN, ABORT, END, PARAMS, STDIN, STDOUT, STDERR, DATA, GET_VALUES, GET_VALUES_RESULT, UNKNOWN_TYPE = range(1, 12)
RESPONDER, AUTHORIZER = 1, 2
KEEP = 1
COMPLETE, CANT_MPX, OVERLOADED, UNKNOWN_ROLE = range(4)


def record(kind, request_id, content=b"", padding=0, version=1):
    return struct.pack(">BBHHBx", version, kind, request_id, len(content), padding) + content + b"\xAA" * padding


def begin(request_id, role=RESPONDER, flags=0):
    return record(BEGIN, request_id, struct.pack(">HB5x", role, flags))


def pairs(values):
    out = b""
    for name, value in values.items():
        name, value = (item if isinstance(item, bytes) else item.encode() for item in (name, value))
        for item in (name, value):
            out += bytes([len(item)]) if len(item) < 128 else struct.pack(">I", len(item) | 0x80000000)
        out += name + value
    return out


def parse_pairs(content):
    found, at = {}, 0
    while at < len(content):
        sizes = []
        for _ in range(2):
            if content[at] & 0x80:
                sizes.append(struct.unpack(">I", content[at:at + 4])[0] & 0x7FFFFFFF)
                at += 4
            else:
                sizes.append(content[at])
                at += 1
        name, at = content[at:at + sizes[0]], at + sizes[0]
        value, at = content[at:at + sizes[1]], at + sizes[1]
        found[name.decode()] = value.decode()
    return found


def stream(kind, request_id, content, size=65535, padding=0):
    """A stream of records, ended."""
    parts = [record(kind, request_id, content[at:at + size], padding) for at in range(0, len(content), size)]
    return b"".join(parts) + record(kind, request_id)


def request(request_id, values, body=b"", flags=0, **more):
    return (begin(request_id, flags=flags) + stream(PARAMS, request_id, pairs(values), **more)
            + stream(STDIN, request_id, body, **more))


class Connection:
    def __init__(self, address):
        family = socket.AF_UNIX if isinstance(address, str) else socket.AF_INET
        self.socket = socket.socket(family, socket.SOCK_STREAM)
        self.socket.settimeout(30)
        self.socket.connect(address)

    def close(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def send(self, data):
        self.socket.sendall(data)

    def read(self, count):
        data = b""
        while len(data) < count:
            piece = self.socket.recv(count - len(data))
            if not piece:
                raise EOFError(f"the connection ended after {len(data)} of {count} bytes")
            data += piece
        return data

    def receive(self):
        version, kind, request_id, length, padding, reserved = struct.unpack(">BBHHBB", self.read(8))
        assert version == 1 and reserved == 0 and 1 <= kind <= 11, (version, kind, reserved)
        content = self.read(length)
        self.read(padding)
        return kind, request_id, content

    def is_ended(self):
        """Whether the other side closes, and says nothing more before."""
        try:
            return self.socket.recv(1) == b""
        except ConnectionResetError:
            return True

    def answer(self, request_id, parts=None):
        """STDOUT until END_REQUEST; its application and protocol status. `parts` collects arrival times."""
        output, is_over = b"", False
        while True:
            kind, sender, content = self.receive()
            assert sender == request_id, f"a record of request {sender}"
            if kind == STDOUT:
                assert not is_over, "STDOUT goes on after its end"
                is_over = not content
                output += content
                if parts is not None and content:
                    parts.append((time.monotonic(), content))
            elif kind == END:
                assert len(content) == 8 and content[5:] == b"\0\0\0"
                assert is_over or not output, "STDOUT has no end"
                return output, struct.unpack(">I", content[:4])[0], content[4]
            else:
                raise AssertionError(f"a record of type {kind}")
