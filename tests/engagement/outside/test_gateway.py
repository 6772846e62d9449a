"""The portal asks only named hosts, by https, at public addresses, and not for long."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from pytest_django import Settings

from engagement.outside import gateway
from engagement.outside.gateway import CannotReach, fetch

Reply = Callable[[BaseHTTPRequestHandler], None]


@contextmanager
def server(reply: Reply) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            reply(self)

        def log_message(self, *_: object) -> None:
            return None

    made = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=made.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{made.server_port}/"
    made.shutdown()
    made.server_close()


@pytest.fixture
def loopback(settings: Settings) -> None:
    settings.OUTBOUND_LOOPBACK = True


@pytest.mark.parametrize(
    "url",
    [
        "http://directory.example/",
        "https://directory.example:8443/",
        "https://evil.example/",
        "https://directory.example@evil.example/",
        "https://user:word@directory.example/",
        "https://directory.example.evil.example/",
        "ftp://directory.example/",
        "https://directory.example:port/",
        "file:///etc/passwd",
        "",
    ],
)
def test_other_hosts_and_other_ways_are_refused_before_anything_is_sent(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_args: object, **_kwargs: object) -> None:
        raise AssertionError("it looked the name up")

    monkeypatch.setattr(socket, "getaddrinfo", never)
    with pytest.raises(CannotReach):
        fetch(url, hosts={"directory.example"})


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "::1",
        "fe80::1%eth0",
        "fd00::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::10.0.0.1",
        "64:ff9b::a00:1",
        "2002:a00:1::",
    ],
)
def test_a_name_that_leads_inside_is_not_followed(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def inside(*_args: object, **_kwargs: object) -> list[object]:
        row = (socket.AF_INET, socket.SOCK_STREAM, 6, "")
        return [(*row, ("93.184.216.34", 443)), (*row, (address, 443))]

    def never(*_args: object, **_kwargs: object) -> None:
        raise AssertionError("it connected")

    monkeypatch.setattr(socket, "getaddrinfo", inside)
    monkeypatch.setattr(socket, "create_connection", never)
    with pytest.raises(CannotReach):
        fetch("https://directory.example/", hosts={"directory.example"})


def test_it_connects_to_the_very_address_that_was_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    def once(*_args: object, **_kwargs: object) -> list[object]:
        asked.append("name")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", 443))]

    def connect(address: object, *_args: object) -> None:
        asked.append(address)
        raise OSError

    monkeypatch.setattr(socket, "getaddrinfo", once)
    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(CannotReach):
        fetch("https://directory.example/", hosts={"directory.example"})
    assert asked == ["name", ("93.184.216.34", 443)]


@pytest.mark.usefixtures("loopback")
def test_a_redirect_is_not_followed() -> None:
    seen: list[str] = []

    def reply(handler: BaseHTTPRequestHandler) -> None:
        seen.append(handler.path)
        handler.send_response(302)
        handler.send_header("Location", "/inside")
        handler.end_headers()

    with server(reply) as url:
        assert fetch(url, hosts={"127.0.0.1"}).status == 302
    assert seen == ["/"]


@pytest.mark.usefixtures("loopback")
def test_a_long_answer_is_cut_off() -> None:
    def reply(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        handler.wfile.write(b"x" * (gateway.MOST_BYTES + 1))

    with server(reply) as url, pytest.raises(CannotReach):
        fetch(url, hosts={"127.0.0.1"})


@pytest.mark.usefixtures("loopback")
def test_an_answer_that_drips_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway, "SECONDS", 0.2)
    is_over = threading.Event()

    def reply(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        while not is_over.wait(0.05):
            try:
                handler.wfile.write(b"x")
                handler.wfile.flush()
            except OSError:
                return

    with server(reply) as url, pytest.raises(CannotReach):
        fetch(url, hosts={"127.0.0.1"})
    is_over.set()


@pytest.mark.usefixtures("loopback")
def test_headers_that_drip_are_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway, "SECONDS", 0.5)
    is_over = threading.Event()

    def reply(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while not is_over.wait(0.1):
            try:
                handler.wfile.write(b"x")
                handler.wfile.flush()
            except OSError:
                return

    began = time.monotonic()
    timer = threading.Timer(4, is_over.set)
    timer.start()
    with server(reply) as url, pytest.raises(CannotReach):
        fetch(url, hosts={"127.0.0.1"})
    assert time.monotonic() - began < 3
    is_over.set()
    timer.cancel()


@pytest.mark.usefixtures("loopback")
def test_an_address_that_cannot_be_sent_is_no_fault_of_ours() -> None:
    with server(lambda handler: handler.send_error(500)) as url, pytest.raises(CannotReach):
        fetch(f"{url}ü", hosts={"127.0.0.1"})


def test_loopback_is_closed_unless_a_demonstration_opens_it() -> None:
    with server(lambda handler: handler.send_error(500)) as url, pytest.raises(CannotReach):
        fetch(url, hosts={"127.0.0.1"})
