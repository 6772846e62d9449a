"""Requests whose line broke are refused; what came of them is not taken for the whole."""

from collections.abc import Callable, Iterable
from typing import Any, Protocol

from django.core.exceptions import BadRequest

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...

    def readline(self, size: int, /) -> bytes: ...


class WholeBody:
    """The body of a request, which Django asks for no more bytes than were announced.

    When a line breaks, the web server ends the body as if it were complete: a form would be
    filed with half a photo, or without its last fields.
    """

    def __init__(self, body: Readable) -> None:
        self._body = body

    def read(self, size: int) -> bytes:
        """Exactly `size` bytes; raises BadRequest when the line ended before them."""
        pieces = []
        while size > 0:
            piece = self._body.read(size)
            if not piece:
                raise broken_off()
            pieces.append(piece)
            size -= len(piece)
        return b"".join(pieces)

    def readline(self, size: int) -> bytes:
        """A line of at most `size` bytes; raises BadRequest when the line ended before it."""
        line = self._body.readline(size)
        if size > 0 and not line:
            raise broken_off()
        return line


def broken_off() -> BadRequest:
    return BadRequest("The request broke off before its announced end.")


def whole_bodies_only(application: Application) -> Application:
    """The same application, for requests that came whole."""

    def answer(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        environ["wsgi.input"] = WholeBody(environ["wsgi.input"])
        return application(environ, start_response)

    return answer
