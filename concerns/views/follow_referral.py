"""Where a report went, on its reporter's page, and whether their address may go along."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from concerns.actions.referring import answer_consent
from concerns.models import Concern, ContactConsent, Referral
from concerns.workflow import STATE_LABELS, Outcome, State
from engagement.audit.actors import Actor
from engagement.keys.references import spaced


@dataclass(frozen=True)
class Gone:
    """To whom it went; `code` and `state` are of the new one, at an agency of this site."""

    name: str
    code: str = ""
    state: "Any" = ""


def where_it_went(concern: Concern) -> Gone | None:
    """One query, and none for what was not passed on."""
    if concern.outcome != Outcome.REFERRED:
        return None
    rows = Referral.objects.filter(concern=concern).select_related("arrived")
    found = rows.order_by("-id").first()
    if found is None:
        return None
    if found.arrived is None:
        return Gone(found.to_name)
    code = spaced(found.arrived.tracking_code)
    return Gone(found.to_name, code, STATE_LABELS[State(found.arrived.state)])


def consents_of(concern: Concern) -> list[ContactConsent]:
    """What its reporter was asked; one query, and none where no address is known."""
    if concern.is_anonymous:
        return []
    rows = ContactConsent.objects.filter(concern=concern).select_related("to_agency")
    return list(rows.order_by("id"))


def answer(concern: Concern, number: str, said: str) -> str:
    """Keep what they said; return the words that tell so."""
    if not number.isdigit() or said not in ("yes", "no"):
        return ""
    try:
        answer_consent(
            concern_id=concern.pk,
            consent_id=int(number),
            is_given=said == "yes",
            by=Actor.reporter(),
            now=timezone.now(),
        )
    except ContactConsent.DoesNotExist:
        return ""
    return _("Your answer is kept. You can change it while the report is open.")
