"""What the danger phrases put on the pages of a report: numbers that help sooner."""

from collections.abc import Iterable
from typing import Any

from concerns.actions.danger import lines_in
from concerns.views.public_pages import helps_by_line, helps_for
from engagement.doors.addresses import address
from engagement.doors.requests import PortalRequest
from engagement.places.models import Agency

# Ends a clause, so that no phrase is made of the end of one text and the start of another.
STOP = ".\n"


def while_typing(request: PortalRequest, agency: Agency) -> dict[str, Any]:
    """Context of `danger_typing.html`, which the browser fills by itself. One query."""
    return {
        "danger_choices": helps_by_line(agency),
        "phrases_url": address(request, "report_phrases"),
        "watches": "id_text",
    }


def before_sending(agency: Agency, texts: Iterable[str]) -> dict[str, Any]:
    """Context of `report_danger.html`, made here also without JavaScript. At most two queries."""
    return {"danger_helps": helps_for(lines_in(STOP.join(texts), agency=agency), agency)}
