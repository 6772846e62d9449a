"""A visitor without a browser: keeps cookies, fills forms, comes from an address of their own."""

import http.client
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

from bs4 import BeautifulSoup, Tag

PATIENCE = 30


def accepts(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode(errors="replace")

    def form(self, **marks: str) -> dict[str, str]:
        """What a browser would send of the form whose attributes begin with `marks`."""
        page = BeautifulSoup(self.body, "html.parser")
        for form in page.find_all("form"):
            if all(str(form.get(name, "")).startswith(value) for name, value in marks.items()):
                return _fields(form)
        raise AssertionError(f"no form with {marks} in:\n{page.get_text()}")


def _fields(form: Tag) -> dict[str, str]:
    found: dict[str, str] = {}
    for field in form.find_all(["input", "textarea"]):
        is_choice = field.get("type") in ("radio", "checkbox")
        name = None if field.find_parent("fieldset", disabled=True) else field.get("name")
        if name and field.get("type") != "submit" and (not is_choice or field.has_attr("checked")):
            found[str(name)] = (
                str(field.get("value", "on" if is_choice else "")) or field.get_text()
            )
    return found


class Visitor:
    """Speaks https with the front at `port`, from the loopback address `address`."""

    def __init__(
        self, port: int, trust: ssl.SSLContext, *, address: str, headers: Mapping[str, str]
    ) -> None:
        self.port = port
        self.trust = trust
        self.address = address
        self.headers = dict(headers)
        self.cookies: dict[str, str] = {}

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, None, headers)

    def post(self, path: str, fields: Mapping[str, str]) -> Answer:
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Origin": f"https://localhost:{self.port}",
        }
        return self.ask("POST", path, urlencode(fields).encode(), headers)

    def ask(self, method: str, path: str, body: Any, headers: Mapping[str, str]) -> Answer:
        line = http.client.HTTPSConnection(
            "localhost",
            self.port,
            context=self.trust,
            timeout=PATIENCE,
            source_address=(self.address, 0),
        )
        try:
            cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
            kept = {"Cookie": cookies} if cookies else {}
            line.request(method, path, body, {**self.headers, **kept, **headers})
            found = line.getresponse()
            for told in found.headers.get_all("Set-Cookie", []):
                self.cookies |= {name: part.value for name, part in SimpleCookie(told).items()}
            return Answer(found.status, found.headers, found.read())
        finally:
            line.close()
