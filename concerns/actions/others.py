"""Other reports of the same reporter: a reading of who they are, so it is recorded first."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from concerns.actions.casework import log
from concerns.models import Concern, Reporter
from concerns.models.concern import Level
from concerns.models.contact_wishes import Way
from concerns.querysets import ConcernQuerySet
from engagement.audit.actors import Actor
from engagement.audit.subjects import Subject
from engagement.keys.moments import floor_to_hour
from engagement.people.identity import CannotOpenContact, record_look_up
from engagement.people.models import IdentityRead, User

KIND = "reporter_others"
MOST_A_DAY = 20
SHOWN = 50


class CannotLookUp(Exception):
    """`reason` is "anonymous", "no_reason" or "too_often"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Found:
    """Cases of the same reporter that this member of staff may read, newest first."""

    concerns: list[Concern]
    is_more: bool


def look_up(concern: Concern, *, by: User, reason: str, now: datetime) -> Found:
    """Return the reporter's other cases, after the look-up is on record for good, hit or none.

    The caller has checked the permission reporter.others and that this person reads the case.
    The record is committed before anything is read. An anonymous report leads nowhere, and none
    is ever found, not even one that its reporter put into their account. Raises CannotLookUp.
    """
    if concern.level == Level.ANONYMOUS or not hasattr(concern, "reporter"):
        raise CannotLookUp("anonymous")
    _record(concern, by=by, reason=reason, now=now)
    same = _same_reporter(concern)
    rows: ConcernQuerySet = Concern.objects.visible_to(by).filter(agency_id=concern.agency_id)
    rows = rows.filter(pk__in=same.values("concern_id")).exclude(level=Level.ANONYMOUS)
    found = list(rows.exclude(pk=concern.pk).select_related("category").newest_first()[: SHOWN + 1])
    return Found(found[:SHOWN], len(found) > SHOWN)


@transaction.atomic(durable=True)
def _record(concern: Concern, *, by: User, reason: str, now: datetime) -> None:
    # Whoever looks twice at once is counted twice.
    User.objects.select_for_update().get(pk=by.pk)
    today = IdentityRead.objects.filter(
        by_user=by, subject_type=KIND, read_at__gt=now - timedelta(days=1)
    )
    if today.count() >= MOST_A_DAY:
        raise CannotLookUp("too_often")
    actor, at = Actor.staff(by.pk), floor_to_hour(now)
    try:
        record_look_up(
            agency_id=concern.agency_id,
            by=actor,
            subject=Subject(KIND, concern.staff_reference),
            reason=reason,
            now=now,
        )
    except CannotOpenContact:
        raise CannotLookUp("no_reason") from None
    log("REPORTER_OTHERS_READ", concern, by=actor, at=at)


def _same_reporter(concern: Concern) -> QuerySet[Reporter]:
    """Reporter rows of the same agency with the same account, or the same address left for
    themselves: an organisation that relays speaks for many."""
    own = Reporter.objects.select_related("contact").get(concern=concern)
    same = Q(pk__in=[])
    if own.account_link is not None:
        same |= Q(account_link=own.account_link)
    wish = getattr(concern, "wish", None)
    contact = own.contact
    if contact is not None and contact.ciphertext and (wish is None or wish.way != Way.RELAY):
        same |= Q(contact__lookup=contact.lookup, contact__kind=contact.kind) & ~Q(
            contact__ciphertext=b""
        )
    rows = Reporter.objects.filter(same, agency_id=concern.agency_id)
    return rows.exclude(concern__wish__way=Way.RELAY)
