"""Help first: whom to call, and what makes that work without a network."""

import hashlib
import json
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe

from concerns.actions.danger import phrases_of
from concerns.campaign_codes import query_of
from concerns.danger import LINES, elements_of
from concerns.views.prefilled import kind_of
from concerns.views.public_pages import help_choices
from engagement.doors.access import cacheable, open_page, public_page
from engagement.doors.addresses import address
from engagement.doors.choosing import choose_agency
from engagement.doors.requests import PortalRequest

PHRASES_KEPT = 3600
# All that the help page is drawn with; the worker keeps these and the page, and nothing else.
FILES = (
    *("css/tokens.css", "css/base.css", "css/layout.css", "css/components.css", "css/forms.css"),
    *("css/help.css", "css/print.css", "js/ui.js", "js/leave.js", "js/offline.js"),
    *("img/icons.svg", "img/mark.svg", "img/favicon.svg"),
)


@open_page
@require_safe
def report(request: PortalRequest) -> HttpResponse:
    """Help first: whom to call, in plain links, so that no choice is stored or logged."""
    agency = request.agency
    if agency is None:
        return choose_agency(request)
    choices = help_choices(agency)
    context = {
        "emergency": choices[0],
        "choices": choices[1:],
        "new_url": address(request, "report_new", query={**query_of(request), **kind_of(request)}),
        "track_url": address(request, "track"),
    }
    return render(request, "concerns/report_help.html", context)


@open_page
@require_safe
def worker(request: PortalRequest) -> HttpResponse:
    """The service worker, with the names of all that it may keep.

    It lies under /report/ because a worker rules no page above its own address.
    """
    source = _worker_source()
    kept: dict[str, object] = {"page": reverse("report"), "files": [static(name) for name in FILES]}
    kept["version"] = hashlib.sha256(f"{kept}{source}".encode()).hexdigest()[:16]
    return HttpResponse(
        f"const KEPT = {json.dumps(kept)};\n{source}", content_type="text/javascript; charset=utf-8"
    )


@cache
def _worker_source() -> str:
    found = finders.find("js/worker.js")
    assert isinstance(found, str)
    return Path(found).read_text(encoding="utf-8")


@public_page
@cacheable(PHRASES_KEPT)
@require_safe
def phrases(request: PortalRequest) -> HttpResponse:
    """The agency's danger phrases for the browser, so that no typed word leaves it.

    [[line, [phrase, ...]], ...], the most pressing line first; each phrase in plain words.
    """
    agency = request.agency
    if agency is None:
        raise Http404
    lists: dict[str, list[str]] = {line: [] for line in LINES}
    for phrase in phrases_of(agency):
        lists[phrase.line].append(" ".join(map("/".join, map(sorted, elements_of(phrase.text)))))
    return JsonResponse(list(lists.items()), safe=False)
