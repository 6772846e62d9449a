"""The one way out: https to named hosts, at a public address, briefly, and little at a time.

Whoever can choose an address for us to fetch could otherwise make this server talk to machines
behind it. So the caller names the hosts that are allowed; the name is resolved once, every
address it has must be public, and the connection goes to that very address. A redirect is an
answer like any other, and never followed.
"""

import contextlib
import http.client
import ipaddress
import json
import socket
import ssl
import threading
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urlencode, urlsplit

from django.conf import settings

SECONDS = 5.0
MOST_BYTES = 64 * 1024
CHUNK = 8 * 1024
# IPv6 that stands for IPv4: RFC 6052 (NAT64), and RFC 4291 2.5.5.1 (compatible).
CARRIERS = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("::/96"))
Number = ipaddress.IPv4Address | ipaddress.IPv6Address


class CannotReach(Exception):
    """Not allowed, no answer in time, or an answer that is too long; the words hold no address."""


class NotSent(CannotReach):
    """No connection was made, so whatever was to be sent never left."""


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes

    def json(self) -> dict[str, Any]:
        """The object in the body. Raises CannotReach when it is none."""
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError):
            raise CannotReach("no JSON") from None
        if not isinstance(found, dict):
            raise CannotReach("no JSON object")
        return found


def fetch(
    url: str,
    *,
    hosts: Collection[str],
    form: Mapping[str, str] | None = None,
    document: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """GET `url`, or POST `form` or the JSON `document` to it, if its host is among `hosts`.

    Raises CannotReach; NotSent of it when nothing left.

    5 seconds in all, 64 kB at most.
    """
    parts = urlsplit(url)
    host = allowed_host(parts, hosts)
    deadline = time.monotonic() + SECONDS
    is_plain = parts.scheme == "http"
    address = _public_address(host, _port(parts), may_be_loopback=is_plain)
    connection = _Pinned(host, _port(parts), address, is_plain=is_plain)
    # A socket's own limit counts from byte to byte, so an answer that drips would never end.
    watch = threading.Timer(max(deadline - time.monotonic(), 0), connection.give_up)
    watch.daemon = True
    watch.start()
    target = parts.path or "/"
    target += f"?{parts.query}" if parts.query else ""
    sent = {"Accept": "application/json", "Connection": "close", **(headers or {})}
    body, sent["Content-Type"] = _written(form, document)
    if body is None:
        del sent["Content-Type"]
    try:
        _connect(connection)
        connection.request("GET" if body is None else "POST", target, body=body, headers=sent)
        return _read(connection, deadline)
    except (OSError, http.client.HTTPException, ValueError):
        # ValueError: an address or an answer that no text can be made of.
        raise CannotReach("no answer") from None
    finally:
        watch.cancel()
        connection.close()


def _connect(connection: "_Pinned") -> None:
    try:
        connection.connect()
    except (OSError, http.client.HTTPException, ValueError):
        raise NotSent("no connection") from None


def _written(
    form: Mapping[str, str] | None, document: Mapping[str, Any] | None
) -> tuple[str | None, str]:
    """What is sent along, and of what type it is."""
    if document is not None:
        return json.dumps(document), "application/json"
    if form is not None:
        return urlencode(form), "application/x-www-form-urlencoded"
    return None, ""


def allowed_host(parts: SplitResult, hosts: Collection[str]) -> str:
    """The host of a URL that may be asked. Raises CannotReach."""
    try:
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise NotSent("no port") from None
    if parts.username or parts.password or host not in hosts:
        raise NotSent("not a host that is allowed")
    is_test = settings.OUTBOUND_LOOPBACK and parts.scheme == "http" and _is_loopback(host)
    if not is_test and (parts.scheme != "https" or port not in (None, 443)):
        raise NotSent("not https")
    return host


def _port(parts: SplitResult) -> int:
    return parts.port or (80 if parts.scheme == "http" else 443)


def _is_loopback(host: str) -> bool:
    return host in ("localhost", "127.0.0.1")


def _public_address(host: str, port: int, *, may_be_loopback: bool) -> str:
    """The address to connect to; all that the name stands for must be public."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError:
        raise NotSent("no such name") from None
    addresses = [str(row[4][0]) for row in found]
    for address in addresses:
        number = ipaddress.ip_address(address.partition("%")[0])
        is_fine = _inner(number).is_loopback if may_be_loopback else _is_public(number)
        if not is_fine:
            raise NotSent("not a public address")
    # IPv4 first: many servers have an IPv6 name and no way out by it.
    return min(addresses, key=lambda address: ":" in address)


def _is_public(number: Number) -> bool:
    return all(each.is_global and not each.is_multicast for each in (number, _inner(number)))


def _inner(number: Number) -> Number:
    """The IPv4 address that a gateway makes of an IPv6 one, else the address itself."""
    if number.version == 4:
        return number
    last = ipaddress.IPv4Address(int(number) & 0xFFFFFFFF)
    is_carried = any(number in network for network in CARRIERS)
    return number.ipv4_mapped or number.sixtofour or (last if is_carried else number)


def _read(connection: "_Pinned", deadline: float) -> Answer:
    response = connection.getresponse()
    parts: list[bytes] = []
    length = 0
    while chunk := response.read1(CHUNK):
        parts.append(chunk)
        length += len(chunk)
        if length > MOST_BYTES:
            raise CannotReach("too long")
    if time.monotonic() >= deadline:
        # The line was cut, which reads like the end of an answer.
        raise CannotReach("too slow")
    return Answer(response.status, b"".join(parts))


class _Pinned(http.client.HTTPConnection):
    """Connects to an address that was checked, while certificate and Host name the host."""

    def __init__(self, host: str, port: int, address: str, *, is_plain: bool) -> None:
        super().__init__(host, port, timeout=SECONDS)
        self.address, self.is_plain = address, is_plain
        self.line: socket.socket | None = None
        self.default_port = 80 if is_plain else 443

    def connect(self) -> None:
        plain = socket.create_connection((self.address, self.port), self.timeout)
        if self.is_plain:
            self.line = self.sock = plain
            return
        context = ssl.create_default_context()
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        wrapped = context.wrap_socket(
            plain, server_hostname=self.host, do_handshake_on_connect=False
        )
        self.line = self.sock = wrapped
        wrapped.do_handshake()

    def give_up(self) -> None:
        """End the line from another thread: whatever waits for it fails at once."""
        if self.line is not None:
            with contextlib.suppress(OSError):
                # Not the encrypted socket's own, which would say goodbye and wait.
                socket.socket.shutdown(self.line, socket.SHUT_RDWR)
