"""Where challenges stand: before the body of a sending is parsed, and in the pages' forms."""

import time
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from engagement.doors import challenge
from engagement.doors.challenge import ANYWHERE, SECOND_CHANCE, TOKEN, WORK, Judged, Verdict

View = TypeVar("View", bound=Callable[..., Any])
CHUNK = 64 * 1024
# A field that people do not see; programs that fill in everything fill it in too.
TRAP = "homepage"


def challenged(form: str) -> Callable[[View], View]:
    """Judge each POST to this view before its body is parsed; see `verdict_of`.

    The page's form is sent to `{% challenged url "form" %}` and holds `{% challenge %}`. A
    sending without a good challenge is answered by "send it again, there", with a new one, which
    browsers do by themselves.
    """

    def mark(view: View) -> View:
        view.challenged_form = form  # type: ignore[attr-defined]
        return view

    return mark


def challenged_address(
    request: HttpRequest, address: str, form: str, *, since: float | None = None
) -> str:
    """`address` with a new challenge for one sending; `since` is when the form was opened."""
    token = challenge.new_challenge(
        form=form, host=request.get_host(), agency=_slug(request), since=since
    )
    return f"{address}{'&' if urlsplit(address).query else '?'}{TOKEN}={token}"


def verdict_of(request: HttpRequest) -> Verdict:
    """What the challenge says of this sending. A challenge of another agency's says nothing."""
    found: Judged = getattr(request, "judged", Judged(Verdict.UNKNOWN))
    if found.is_known and found.agency not in (_slug(request), ANYWHERE):
        return Verdict.HASTY
    return found.verdict


def is_trapped(request: HttpRequest) -> bool:
    """Whether the field that nobody sees was filled in."""
    return bool(request.POST.get(TRAP, "").strip())


class ChallengeFirst:
    """Judges challenges; stands before everything that reads what was sent."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        found: Judged | None = getattr(request, "judged", None)
        if found is not None and response.status_code >= 400:
            # A line that broke, or a fault of ours: the second try is as good as the first.
            challenge.give_back(found)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        form = getattr(view, "challenged_form", None)
        if form is None or request.method != "POST":
            return None
        found = challenge.judged(
            request.GET.dict(), form=form, host=request.get_host(), now=time.time()
        )
        request.judged = found  # type: ignore[attr-defined]
        return None if found.is_known else _send_again(request, form)


def _send_again(request: HttpRequest, form: str) -> HttpResponse:
    """Ask the browser to send the same once more, with a challenge that says so.

    307 keeps method and body (RFC 9110 15.4.8). What came this time is let by unread.
    """
    query = request.GET.copy()
    query.pop(WORK, None)
    query[TOKEN] = challenge.new_challenge(
        form=form,
        host=request.get_host(),
        agency=query.get("agency", ""),
        bits=SECOND_CHANCE,
    )
    _let_by(request)
    return HttpResponse(status=307, headers={"Location": f"{request.path}?{query.urlencode()}"})


def _let_by(request: HttpRequest) -> None:
    """Take in what is still on the way: a browser hears no answer before it has said its part."""
    try:
        while request.read(CHUNK):
            pass
    except OSError:
        # The line broke; then nobody hears the answer either.
        return


def _slug(request: HttpRequest) -> str:
    agency = getattr(request, "agency", None)
    return agency.slug if agency is not None else ""
