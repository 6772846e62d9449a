"""A published concern as one line of a list, in ready words: a template calls nothing per row."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from concerns.published.models import Precision, PublicConcern
from engagement.doors.addresses import address
from engagement.keys.references import spaced

STATES = {
    "received": _("Received"),
    "accepted": _("Accepted"),
    "working": _("Working on it"),
    "waiting": _("Waiting"),
    "resolved": _("Resolved"),
    "closed": _("Closed"),
}
# What came of it, as a sentence on the page of a concern that is over.
OUTCOMES = {
    "fixed": _("It was fixed."),
    "referred": _("It was handed to somebody else who looks after it."),
    "merged": _("It is worked on together with another concern about the same thing."),
    "no_action": _("It was looked at, and nothing more could be done."),
    "withdrawn": _("The person who reported it took it back."),
    "spam": _("It looked like spam."),
}


@dataclass(frozen=True)
class Row:
    url: str
    title: str
    summary: str
    code: str
    precision: str
    on: date
    state: str
    state_words: str
    is_untranslated: bool


def rows_of(request: HttpRequest, concerns: Iterable[PublicConcern]) -> list[Row]:
    """Lines in the active language, in the order given."""
    precisions = {code: str(label) for code, label in Precision.choices}
    states = {code: str(words) for code, words in STATES.items()}
    return [
        Row(
            url=address(request, "published_detail", concern.reference),
            title=title_of(concern),
            summary=str(concern.summary),
            code=spaced(concern.reference),
            precision=precisions.get(concern.precision, ""),
            on=concern.received_on,
            state=concern.state,
            state_words=states.get(concern.state, concern.state),
            is_untranslated=concern.summary.missing(),
        )
        for concern in concerns
    ]


def title_of(concern: PublicConcern) -> str:
    """Kind and place, as a heading: "Graffiti, 3400 block of Utah St"."""
    return ", ".join(part for part in (str(concern.category_label), concern.place_label) if part)
