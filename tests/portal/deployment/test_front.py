"""The shipped TLS front repeats nothing of anyone, least of all when something fails."""

import socket
import ssl
import tempfile
import threading
import warnings
from collections.abc import Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tests.engagement.outbox.sink import free_port
from tests.portal.deployment.front import CONFIGURATION, Front
from tests.portal.deployment.visitors import Visitor

pytestmark = pytest.mark.privacy
ADDRESS = "127.0.0.77"
CANARY = "canary7f3a"
MARKS = {
    "User-Agent": f"{CANARY}-agent/1.0",
    "Referer": f"https://{CANARY}-referer.example/",
    "X-Forwarded-For": "203.0.113.77",
    "Forwarded": "for=203.0.113.77",
    "X-Real-IP": "203.0.113.77",
}


class Listener(BaseHTTPRequestHandler):
    """A web server that keeps the headers it gets and answers with much text."""

    heard: list[dict[str, str]]

    def do_GET(self) -> None:
        type(self).heard.append(dict(self.headers))
        # A server that answers before it has read all is taken for one that broke.
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"token " * 5000)

    do_POST = do_GET

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def listener() -> Iterator[type[Listener]]:
    class Fresh(Listener):
        heard: list[dict[str, str]] = []

    server = HTTPServer(("127.0.0.1", 0), Fresh)
    Fresh.port = server.server_port  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Fresh
    server.shutdown()


@pytest.fixture
def front_of_nobody(tmp_path: Path) -> Iterator[Front]:
    """Before web servers that are both down."""
    with Front(tmp_path, [f"127.0.0.1:{free_port()}", f"127.0.0.1:{free_port()}"]) as front:
        yield front


def visitor(front: Front) -> Visitor:
    return Visitor(front.port, front.trust(), address=ADDRESS, headers=MARKS)


def outdated(front: Front) -> ssl.SSLContext:
    """A browser that knows no TLS newer than 1.1."""
    found = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    found.load_verify_locations(str(front.certificate))
    found.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings(action="ignore"):
        found.minimum_version = found.maximum_version = ssl.TLSVersion.TLSv1_1
    return found


def said_raw(port: int, content: bytes) -> bytes:
    """What the front answers to bytes that are no proper request."""
    with socket.create_connection(
        ("127.0.0.1", port), timeout=5, source_address=(ADDRESS, 0)
    ) as line:
        line.sendall(content)
        line.shutdown(socket.SHUT_WR)
        found = b""
        while part := line.recv(65536):
            found += part
        return found


def assert_nothing_is_kept(front: Front) -> None:
    """Neither in what it said nor in any file that it wrote."""
    written = {path: path.read_bytes() for path in front.folder.rglob("*") if path.is_file()}
    for path, content in written.items():
        for mark in (ADDRESS, CANARY, "203.0.113.77"):
            assert mark.encode() not in content, f"{path} keeps {mark}"
    assert front.told() == ""


def test_a_portal_that_is_away_is_told_to_the_visitor_and_to_no_log(front_of_nobody: Front) -> None:
    answer = visitor(front_of_nobody).get(f"/track/link/{CANARY}/?q={CANARY}")

    assert answer.status == 503
    assert "Back in a moment" in answer.text
    assert "Volvemos en un momento" in answer.text
    assert CANARY not in answer.text
    assert answer.headers["Retry-After"] == "30"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Strict-Transport-Security"]
    assert_nothing_is_kept(front_of_nobody)


def test_what_is_refused_leaves_no_trace(front_of_nobody: Front) -> None:
    front = front_of_nobody
    path = f"/report/{CANARY}/"
    # An honest visitor's mistakes, and a hostile one's.
    assert visitor(front).post(path, {"text": CANARY * 400_000}).status == 413
    assert visitor(front).get(path, **{"X-Long": CANARY * 9_000}).status == 400
    assert b" 400 " in said_raw(front.plain_port, f"GE T {path} HTTP/9\r\n\r\n".encode())
    assert b" 400 " in said_raw(front.port, f"GET {path} HTTP/1.1\r\n\r\n".encode())
    said_raw(front.port, b"\x16\x03\x01\x02\x00" + CANARY.encode() * 60)
    with pytest.raises(ssl.SSLError):
        Visitor(front.port, outdated(front), address=ADDRESS, headers=MARKS).get(path)

    assert_nothing_is_kept(front)


def test_http_is_sent_to_https(front_of_nobody: Front) -> None:
    asked = f"GET /track/?c={CANARY} HTTP/1.1\r\nHost: portal.example.gov\r\n\r\n"

    answer = said_raw(front_of_nobody.plain_port, asked.encode()).decode()

    assert answer.startswith("HTTP/1.1 301 ")
    assert f"Location: https://portal.example.gov/track/?c={CANARY}\r\n" in answer
    assert_nothing_is_kept(front_of_nobody)


def test_figures_are_not_for_visitors(front_of_nobody: Front) -> None:
    assert visitor(front_of_nobody).get("/metrics").status == 404


def test_the_portal_hears_of_the_address_once_and_of_the_device_never(
    tmp_path: Path, listener: type[Listener]
) -> None:
    with Front(tmp_path, [f"127.0.0.1:{listener.port}"] * 2) as front:  # type: ignore[attr-defined]
        visitor(front).get(f"/report/?{CANARY}")
        (heard,) = listener.heard
        assert_nothing_is_kept(front)

    assert heard["X-Forwarded-For"] == ADDRESS
    assert heard["X-Forwarded-Proto"] == "https"
    assert heard["Host"] == f"localhost:{front.port}"
    told = {name.lower() for name in heard}
    assert not told & {"user-agent", "forwarded", "x-real-ip", "x-forwarded-host", "via"}
    assert "203.0.113.77" not in str(heard)


def test_pages_are_not_compressed_with_what_visitors_typed(
    tmp_path: Path, listener: type[Listener]
) -> None:
    with Front(tmp_path, [f"127.0.0.1:{listener.port}"] * 2) as front:  # type: ignore[attr-defined]
        answer = visitor(front).get("/", **{"Accept-Encoding": "gzip"})

    assert "Content-Encoding" not in answer.headers
    assert len(answer.body) == 30_000


def test_a_long_report_touches_no_disk(tmp_path: Path, listener: type[Listener]) -> None:
    """Where the front could keep bodies, it may not write; the report still passes."""
    with Front(tmp_path, [f"127.0.0.1:{listener.port}"] * 2) as front:  # type: ignore[attr-defined]
        for place in (tmp_path / "tmp").iterdir():
            if place.is_dir():
                place.rmdir()
                place.write_text("no folder")
        answer = visitor(front).post("/report/done/", {"text": "x" * 2_000_000})

        assert answer.status == 200
        assert_nothing_is_kept(front)


def test_who_sends_photos_while_we_are_away_is_told_that() -> None:
    nobody = [f"127.0.0.1:{free_port()}", f"127.0.0.1:{free_port()}"]
    with tempfile.TemporaryDirectory(prefix="cg-", dir="/tmp") as place:
        Path(place).chmod(0o755)
        with Front(Path(place), nobody) as front:
            answer = visitor(front).post("/report/done/", {"photos": "x" * 20_000_000})
    assert answer.status == 503


def test_photos_pass_where_they_are_taken_and_leave_no_file(listener: type[Listener]) -> None:
    photos = {"photos": "x" * 20_000_000}
    upstreams = [f"127.0.0.1:{listener.port}"] * 2  # type: ignore[attr-defined]
    # Started by root, nginx works as nobody, who may not enter the tests' own folders.
    with tempfile.TemporaryDirectory(prefix="cg-", dir="/tmp") as place, ExitStack() as stack:
        folder = Path(place)
        folder.chmod(0o755)
        front = stack.enter_context(Front(folder, upstreams))
        taken = [visitor(front).post(path, photos) for path in ("/report/done/", "/track/")]
        refused = visitor(front).post("/report/new/", photos)

        assert [answer.status for answer in taken] == [200, 200]
        assert refused.status == 413
        assert b"what you wrote is still there" in refused.body
        assert [path for path in (folder / "tmp" / "body").rglob("*") if path.is_file()] == []
        assert_nothing_is_kept(front)


def test_a_long_answer_waits_in_memory_for_a_slow_visitor() -> None:
    assert "proxy_max_temp_file_size 0;" in CONFIGURATION.read_text()
