"""Requests and handshakes written byte by byte, as no browser would."""

import socket
from urllib.parse import urlsplit


def ask(address, path="/", method="GET", body=b"", **headers):
    """Send one request and return the status, the headers as (name, value), and the body."""
    place = urlsplit(address)
    lines = {"Host": place.netloc, "Connection": "close"}
    lines |= {name.replace("_", "-"): value for name, value in headers.items()}
    if body:
        lines.setdefault("Content-Length", str(len(body)))
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    with socket.create_connection((place.hostname, place.port), timeout=30) as wire:
        wire.sendall(f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body)
        return _answer(b"".join(iter(lambda: wire.recv(65536), b"")))


def open_socket(address, path="/_stcore/stream", **headers):
    """Shake hands and return the socket's wire and the status."""
    place = urlsplit(address)
    lines = {
        "Host": place.netloc,
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }
    lines |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    wire = socket.create_connection((place.hostname, place.port), timeout=30)
    wire.sendall(f"GET {path} HTTP/1.1\r\n{head}\r\n".encode())
    begun = b""
    while b"\r\n\r\n" not in begun:
        part = wire.recv(65536)
        assert part, begun
        begun += part
    return wire, _answer(begun)[0]


def frame(payload):
    """Return a client's frame of bytes, masked by zeros."""
    size = len(payload)
    if size < 126:
        head = bytes([0x82, 0x80 | size])
    elif size < 65536:
        head = bytes([0x82, 0xFE]) + size.to_bytes(2, "big")
    else:
        head = bytes([0x82, 0xFF]) + size.to_bytes(8, "big")
    return head + bytes(4) + payload


def closing(wire):
    """Return the code with which the server closes a socket, past all that it says before."""
    with wire, wire.makefile("rb") as heard:
        while True:
            kind, size = heard.read(2)
            if size > 125:
                size = int.from_bytes(heard.read({126: 2, 127: 8}[size]), "big")
            payload = heard.read(size)
            if kind == 0x88:
                return int.from_bytes(payload[:2], "big")


def messages(wire):
    """Yield what the server says over a socket, one whole message after the other."""
    with wire.makefile("rb") as heard:
        while head := heard.read(2):
            size = head[1]
            if size > 125:
                size = int.from_bytes(heard.read({126: 2, 127: 8}[size]), "big")
            yield heard.read(size)


def _answer(text):
    head, _, body = text.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    pairs = [line.partition(": ") for line in lines]
    return int(first.split()[1]), [(name.lower(), value) for name, _, value in pairs], body
