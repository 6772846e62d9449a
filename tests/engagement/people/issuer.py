"""Two directories on loopback: one of another make, and one that says whatever a test wants."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm
from oidc_provider_mock import User as TheirUser
from oidc_provider_mock import run_server_in_thread

CLIENT = "common-ground"
SECRET = "a secret of the directory"


@contextmanager
def another_make(*people: str, amr: list[str] | None = None) -> Iterator[str]:
    """A real issuer (Flask and Authlib) that knows these people; gives its address."""
    claims = {"amr": amr} if amr else {}
    users = [TheirUser(sub=person, claims=claims) for person in people]
    with run_server_in_thread(user_claims=users, require_nonce=True) as server:
        yield f"http://localhost:{server.server_port}"


def remove(issuer: str, person: str) -> None:
    """Take somebody out of the directory: no token of theirs works any more."""
    httpx.post(f"{issuer}/users/{person}/revoke-tokens").raise_for_status()


def visit(address: str, person: str) -> str:
    """Sign in at the issuer's own page, as a browser would; gives where it leads back to."""
    answer = httpx.post(address, data={"sub": person}, follow_redirects=False)
    assert answer.status_code in (302, 303), answer.text
    return str(answer.headers["location"])


class AnyIssuer:
    """Signs what it is told to: `claims` change its ID tokens, `described` its configuration."""

    def __init__(self) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.sign_with: Any = self.key
        self.algorithm = "RS256"
        self.claims: dict[str, Any] = {}
        self.nonce = ""
        self.refused: Any = None
        self.described: dict[str, Any] = {}
        self.asked: list[tuple[str, dict[str, list[str]]]] = []
        owner = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                owner._get(self)

            def do_POST(self) -> None:
                owner._post(self)

            def log_message(self, *_: object) -> None:
                return None

        self._server = ThreadingHTTPServer(("localhost", 0), Handler)
        self.address = f"http://localhost:{self._server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def token(self, **changes: Any) -> str:
        now = int(time.time())
        claims = {
            "iss": self.address,
            "aud": CLIENT,
            "sub": "person-1",
            "iat": now,
            "exp": now + 300,
            "nonce": self.nonce,
            **self.claims,
            **changes,
        }
        kept = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(kept, self.sign_with, self.algorithm, headers={"kid": "one"})

    def _get(self, handler: BaseHTTPRequestHandler) -> None:
        path = urlsplit(handler.path).path
        if path == "/.well-known/openid-configuration":
            said = {
                "issuer": self.address,
                "authorization_endpoint": f"{self.address}/authorize",
                "token_endpoint": f"{self.address}/token",
                "jwks_uri": f"{self.address}/keys",
                "scopes_supported": ["openid", "offline_access"],
                **self.described,
            }
            _say(handler, 200, said)
        elif path == "/keys":
            public = json.loads(RSAAlgorithm.to_jwk(self.key.public_key()))
            _say(handler, 200, {"keys": [{**public, "kid": "one", "use": "sig"}]})
        else:
            _say(handler, 404, {})

    def _post(self, handler: BaseHTTPRequestHandler) -> None:
        length = int(handler.headers["Content-Length"])
        form = parse_qs(handler.rfile.read(length).decode())
        self.asked.append((handler.headers.get("Authorization", ""), form))
        if self.refused:
            _say(handler, 400, {"error": self.refused})
            return
        tokens = {"access_token": "a", "token_type": "Bearer", "id_token": self.token()}
        _say(handler, 200, {**tokens, "refresh_token": f"refresh-{len(self.asked)}"})


def _say(handler: BaseHTTPRequestHandler, status: int, said: dict[str, Any]) -> None:
    body = json.dumps(said).encode()
    handler.send_response(status)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)
