"""A real HTTP server on loopback that stands for a text gateway and says what a test tells it."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self


class TextGateway:
    """`requests` holds the documents that came, `tokens` what they were sent with."""

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []
        self.tokens: list[str] = []
        self.statuses: list[int] = []
        self.hangs_up = False
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                outer.requests.append(json.loads(self.rfile.read(length)))
                outer.tokens.append(self.headers["Authorization"])
                if outer.hangs_up:
                    self.connection.close()
                    return
                status = outer.statuses.pop(0) if outer.statuses else 202
                self.send_response(status)
                self.end_headers()
                self.wfile.write(b'{"error": "+13145550100 planted-canary"}')

            def log_message(self, *_: object) -> None:
                return None

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/messages"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
