"""A city's server of GeoReport v2, written from the specification alone, with faults to order."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

KEY = "canary-api-key-7f3a"
SERVICES: list[dict[str, Any]] = [
    {"service_code": "001", "service_name": "Graffiti", "metadata": False, "type": "realtime"},
    {"service_code": "ASK", "service_name": "Parking", "metadata": True, "type": "realtime"},
]
DEFINITION = {
    "service_code": "ASK",
    "attributes": [{"variable": True, "code": "PLATE", "required": True, "values": []}],
}


class City:
    """What it holds, and how it misbehaves next."""

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []
        self.received: list[dict[str, str]] = []
        self.paths: list[str] = []
        self.form = "json"
        self.with_token = False
        self.tokens: dict[str, str] = {}
        # "drop": stores it and breaks the line; "lose": breaks the line first; a number: a status.
        self.fault: str | int | None = None
        self.lists_them = True
        self.url = ""

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(handler.path)
        self.paths.append(handler.path)
        name, _dot, form = parts.path.removeprefix("/v2/").rpartition(".")
        if form != self.form:
            return self.say(handler, 404, [{"code": 404, "description": "format"}], "errors")
        if handler.command == "POST":
            return self.take(handler)
        asked = {key: values[0] for key, values in parse_qs(parts.query).items()}
        kind, _slash, which = name.partition("/")
        if kind == "services":
            found: Any = DEFINITION if which else SERVICES
            return self.say(handler, 200, found, "services")
        if kind == "tokens":
            number = self.tokens.get(which, "")
            return self.say(handler, 200, [{"service_request_id": number, "token": which}], "t")
        found = [
            each
            for each in self.requests
            if (not which and self.lists_them and self.fits(each, asked))
            or each["service_request_id"] == which
        ]
        if which and not found:
            return self.say(handler, 404, [{"code": 404, "description": "unknown"}], "errors")
        return self.say(handler, 200, found, "service_requests")

    def fits(self, each: dict[str, Any], asked: dict[str, str]) -> bool:
        return asked.get("service_code") in (None, each["service_code"])

    def take(self, handler: BaseHTTPRequestHandler) -> None:
        length = int(handler.headers.get("Content-Length", "0"))
        body = handler.rfile.read(length).decode()
        sent = {key: values[0] for key, values in parse_qs(body).items()}
        self.received.append(sent)
        if isinstance(self.fault, int):
            return self.say(handler, self.fault, [{"code": self.fault, "description": "x"}], "e")
        if sent.get("api_key") != KEY:
            return self.say(handler, 403, [{"code": 403, "description": "key"}], "errors")
        if self.fault == "lose":
            return handler.connection.close()
        number = f"SR-{len(self.requests) + 1}"
        self.requests.append(
            {
                "service_request_id": number,
                "status": "open",
                "status_notes": None,
                "service_code": sent["service_code"],
                "description": sent["description"],
            }
        )
        if self.fault == "drop":
            return handler.connection.close()
        if self.with_token:
            self.tokens["tok-1"] = ""
            return self.say(handler, 200, [{"token": "tok-1"}], "service_requests")
        return self.say(handler, 201, [{"service_request_id": number}], "service_requests")

    def say(self, handler: BaseHTTPRequestHandler, status: int, found: Any, name: str) -> None:
        if self.form == "xml":
            rows = found if isinstance(found, list) else [found]
            body = f'<?xml version="1.0" encoding="utf-8"?>\n<{name} xmlns="urn:x">'
            for row in rows:
                inner = "".join(f"<{k}>{escape(str(v))}</{k}>" for k, v in row.items())
                body += f"<each>{inner}</each>"
            body += f"</{name}>"
        else:
            body = json.dumps(found)
        handler.send_response(status)
        handler.end_headers()
        handler.wfile.write(body.encode())


@contextmanager
def city() -> Iterator[City]:
    """A running server; its `url` ends before "services.json"."""
    made = City()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made.answer(self)

        def do_POST(self) -> None:
            made.answer(self)

        def log_message(self, *_: object) -> None:
            return None

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    made.url = f"http://127.0.0.1:{server.server_port}/v2/"
    yield made
    server.shutdown()
    server.server_close()
