"""A concern goes to somebody else for good: another agency of this installation, or one outside.

Another police agency gets the report's text and place, and the address of its reporter only with
their recorded yes. The code of the reporter goes on telling where it went.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from concerns import notices
from concerns.actions.casework import (
    STATE_FIELDS,
    CannotMove,
    locked,
    locked_as_seen,
    log,
    move,
    needed_words,
    save,
)
from concerns.actions.intake import Report, take_in
from concerns.actions.replying import Spoken, write
from concerns.models import Category, Concern, ContactConsent, ContactWish, Referral, Reporter
from concerns.models.concern import Level
from concerns.models.contact_wishes import Way
from concerns.workflow import Outcome, State
from concerns.wrong_doors import demand_number
from engagement.audit.actors import Actor
from engagement.keys.moments import floor_to_hour
from engagement.people.identity import copy_contact
from engagement.people.models import ContactKind
from engagement.places.models import Agency

BY = Actor.task("referral")
NAME_LIMIT = 120


class CannotRefer(CannotMove):
    """`reason` is one of "done", "agency", "kind", "no_consent", "no_contact", "asked"."""

    def __init__(self, concern: Concern, reason: str) -> None:
        super().__init__(concern)
        self.reason = reason


@dataclass(frozen=True)
class Destination:
    """An agency here with the kind under which it takes it, or the name of somebody outside."""

    agency_id: int | None = None
    category_id: int | None = None
    name: str = ""


@transaction.atomic(durable=True)
def refer(
    *,
    concern_id: int,
    seen_version: int,
    to: Destination,
    words: str,
    with_contact: bool = False,
    by: Actor,
    now: datetime,
    spoken: Spoken | None = None,
) -> Referral:
    """Pass it on and close it here, with words to its reporter about where it went.

    Raises StaleEdit, CannotRefer, NeedsNumber, BadWords, UnsaidLanguage.
    """
    told = needed_words(words)
    concern = locked_as_seen(concern_id, seen_version)
    if by.user_id is None:
        raise ValueError("only staff refer concerns")
    if not concern.is_open:
        raise CannotRefer(concern, "done")
    demand_number(concern)
    at = floor_to_hour(now)
    arrived, name = _arrive(concern, to, with_contact=with_contact, now=now)
    referral = Referral.objects.create(
        agency_id=concern.agency_id,
        concern=concern,
        to_name=name,
        arrived=arrived,
        with_contact=arrived is not None and with_contact,
        words=told,
        at=at,
        by_user_id=by.user_id,
    )
    change = move(concern, State.CLOSED, by=by, at=at, outcome=Outcome.REFERRED)
    write(concern, told, by=by, at=at, spoken=spoken)
    save(concern, *STATE_FIELDS)
    payload: dict[str, str | int | bool | None] = {
        "to": arrived.agency_id if arrived else None,
        "with_contact": referral.with_contact,
    }
    log("CONCERN_REFERRED", concern, by=by, at=at, payload=payload)
    notices.news(concern, event=f"status:{change.pk}", now=now)
    return referral


@transaction.atomic(durable=True)
def ask_consent(
    *, concern_id: int, seen_version: int, agency_id: int, by: Actor, now: datetime
) -> ContactConsent:
    """Ask the reporter, on their page, whether another agency may have their address.

    Raises StaleEdit, CannotRefer.
    """
    concern = locked_as_seen(concern_id, seen_version)
    agency = _agency(concern, agency_id)
    if carried_contact(concern) is None:
        raise CannotRefer(concern, "no_contact")
    asked, is_new = ContactConsent.objects.get_or_create(
        concern=concern,
        to_agency=agency,
        defaults={"agency_id": concern.agency_id, "asked_on": concern.agency.day_of(now)},
    )
    if not is_new:
        raise CannotRefer(concern, "asked")
    save(concern)
    log("CONSENT_ASKED", concern, by=by, at=floor_to_hour(now), payload={"to": agency.pk})
    notices.news(concern, event=f"consent:{asked.pk}", now=now)
    return asked


@transaction.atomic(durable=True)
def answer_consent(
    *, concern_id: int, consent_id: int, is_given: bool, by: Actor, now: datetime
) -> ContactConsent:
    """What the reporter says to it; they can change it until it was used.

    Raises ContactConsent.DoesNotExist.
    """
    concern = locked(concern_id)
    consent = ContactConsent.objects.get(pk=consent_id, concern=concern)
    consent.is_given, consent.answered_on = is_given, concern.agency.day_of(now)
    consent.save(update_fields=["is_given", "answered_on"])
    save(concern)
    at = floor_to_hour(now)
    log("CONSENT_ANSWERED", concern, by=by, at=at, payload={"is_given": is_given})
    notices.reporter_wrote(concern, event=f"consent:{consent.pk}:{is_given}", now=now)
    return consent


def carried_contact(concern: Concern) -> Reporter | None:
    """The reporter whose address can be carried over: a mail address with no wishes on how to use
    it, which would not travel along."""
    wish = ContactWish.objects.filter(concern=concern).first()
    reporter = Reporter.objects.select_related("contact").filter(concern=concern).first()
    contact = reporter.contact if reporter else None
    if contact is None or not contact.ciphertext or bytes(contact.wishes):
        return None
    is_mail = contact.kind == ContactKind.EMAIL and (wish is None or wish.way == Way.EMAIL)
    return reporter if is_mail else None


def _arrive(
    concern: Concern, to: Destination, *, with_contact: bool, now: datetime
) -> tuple[Concern | None, str]:
    """The new concern there, if it is an agency here, and the name of who has it now."""
    if to.agency_id is None:
        name = " ".join(to.name.split())[:NAME_LIMIT]
        if not name:
            raise CannotRefer(concern, "agency")
        return None, name
    agency = _agency(concern, to.agency_id)
    kinds = Category.objects.of(agency).taken()
    category = kinds.filter(pk=to.category_id or 0).first()
    if category is None:
        raise CannotRefer(concern, "kind")
    if with_contact and not _has_said_yes(concern, agency):
        raise CannotRefer(concern, "no_consent")
    receipt = take_in(report=_report(concern, agency, category), by=BY, now=now)
    if with_contact:
        _carry_contact(concern, receipt.concern, now=now)
    return receipt.concern, agency.name


def _agency(concern: Concern, agency_id: int) -> Agency:
    agency = Agency.objects.exclude(pk=concern.agency_id).filter(pk=agency_id).first()
    if agency is None:
        raise CannotRefer(concern, "agency")
    return agency


def _has_said_yes(concern: Concern, agency: Agency) -> bool:
    return ContactConsent.objects.filter(concern=concern, to_agency=agency, is_given=True).exists()


def _report(concern: Concern, agency: Agency, category: Category) -> Report:
    """Text and place alone: no answers, no photos, nothing of who sent it."""
    return Report(
        agency=agency,
        category=category,
        text=concern.text,
        language=concern.language,
        lon=concern.lon,
        lat=concern.lat,
        place_text=concern.place_text,
        place_source=concern.place_source,
        is_home=concern.is_home,
        level=Level.ANONYMOUS,
        email=None,
        account_user_id=None,
        submission_key=secrets.token_urlsafe(32),
        channel=concern.channel,
    )


def _carry_contact(concern: Concern, arrived: Concern, *, now: datetime) -> None:
    reporter = carried_contact(concern)
    if reporter is None or reporter.contact is None:
        raise CannotRefer(concern, "no_contact")
    copied = copy_contact(reporter.contact, agency_id=arrived.agency_id, now=now)
    Reporter.objects.filter(concern=arrived).update(contact=copied)
    Concern.objects.filter(pk=arrived.pk).update(level=Level.CONFIDENTIAL)
    ContactWish.objects.create(agency_id=arrived.agency_id, concern=arrived, way=Way.EMAIL)
    arrived.level = Level.CONFIDENTIAL
    notices.received(arrived, now=now)
