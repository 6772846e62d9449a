"""Coming back to a report, by code and secret or by a mailed link. Of a visit nothing is stored."""

import hmac
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import transaction
from django.db.models import Q

from concerns import notices
from concerns.actions.casework import log
from concerns.links import token_digests
from concerns.models import AccessLink, Concern
from engagement.audit.actors import Actor
from engagement.keys.hashes import secret_digests
from engagement.keys.moments import floor_to_hour
from engagement.keys.references import BadReference, normalise

NO_AGENCY = 0
UNTYPED = "0" * 20
NO_DIGEST = bytes(32)


class LinkState(StrEnum):
    GOOD = "good"
    OVER = "over"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class _Opened:
    """Stands for the row that is not there, so that an unknown code costs what a known one does."""

    agency_id: int
    secret_digest: bytes


def open_by_code(*, code: str, secret: str) -> Concern | None:
    """Return the concern of this tracking code if the secret fits, else None.

    One query and the same hashes whether the code is unknown, badly typed, or known with
    another secret. Nothing about the attempt is stored.
    """
    found = Concern.objects.select_related("agency", "category", "public").filter(
        tracking_code=_typed_code(code)
    )
    concern = found.first()
    shadow = _Opened(
        agency_id=concern.agency_id if concern else NO_AGENCY,
        secret_digest=bytes(concern.secret_digest or NO_DIGEST) if concern else NO_DIGEST,
    )
    fits = _fits(secret, shadow)
    return concern if fits else None


def link_state(*, token: str, now: datetime) -> LinkState:
    """Tell what a mailed link is still good for, without using it: mail programs look too."""
    link = AccessLink.objects.filter(token_digest__in=token_digests(token)).first()
    if link is None:
        return LinkState.UNKNOWN
    return LinkState.GOOD if link.used_at is None and now < link.expires_at else LinkState.OVER


@transaction.atomic(durable=True)
def open_by_link(*, token: str, now: datetime) -> Concern | None:
    """Spend a mailed link and return its concern; None when it is unknown, over or used.

    One conditional update decides, so of two presses at once only one gets in.
    """
    good = AccessLink.objects.filter(
        token_digest__in=token_digests(token), used_at__isnull=True, expires_at__gt=now
    )
    concern_id = good.values_list("concern_id", flat=True).first()
    if concern_id is None or not good.update(used_at=now):
        return None
    concern = Concern.objects.select_related("agency", "category", "public").get(pk=concern_id)
    by = Actor.reporter()
    log("CONCERN_LINK_OPENED", concern, by=by, at=floor_to_hour(now))
    return concern


@transaction.atomic(durable=True)
def ask_for_fresh_link(*, token: str, now: datetime) -> None:
    """Mail a new link to the address behind a link that is over; once per old link.

    Answers nothing, so that nobody learns from it whether a token ever was one.
    """
    over = Q(used_at__isnull=False) | Q(expires_at__lte=now)
    link = (
        AccessLink.objects.select_related("concern__agency")
        .filter(over, token_digest__in=token_digests(token))
        .first()
    )
    if link is not None:
        notices.fresh_link(link.concern, event=f"link:{link.pk}", now=now)


def _typed_code(code: str) -> str:
    try:
        return normalise(code)
    except BadReference:
        # No reference looks like this, so the query runs and finds nothing.
        return "?"


def _fits(secret: str, stored: _Opened) -> bool:
    typed, is_typed_well = secret, True
    try:
        digests = secret_digests(typed, agency_id=stored.agency_id)
    except BadReference:
        digests, is_typed_well = secret_digests(UNTYPED, agency_id=stored.agency_id), False
    # Every digest is compared, found or not.
    matches = [hmac.compare_digest(digest, stored.secret_digest) for digest in digests]
    return is_typed_well and any(matches)
