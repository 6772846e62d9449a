"""Taking a report in: one transaction, whatever happens on the way."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from concerns import notices
from concerns.actions import answers, filings, routing, services, spam
from concerns.actions.answers import GivenAnswer
from concerns.actions.casework import record_status
from concerns.actions.danger import mark_of, phrases_in
from concerns.actions.filings import FiledFor
from concerns.actions.photos import Kept, attach
from concerns.actions.reaching import can_be_kept, keep_way
from concerns.deadlines import deadlines_from
from concerns.models import Category, Concern, ConcernArea, Reporter
from concerns.models.concern import Level, Priority
from concerns.models.contact_wishes import Way
from concerns.models.rules import Cause
from concerns.routing import Facts, Route, route
from concerns.routing_table import as_facts, routing_table
from concerns.services import Away
from concerns.wishes import Reach
from concerns.words import PLACE_LIMIT, TooLong, clean_line, clean_words
from engagement.audit.actions import record
from engagement.audit.actors import Actor
from engagement.audit.subjects import Subject
from engagement.audit.together import Together
from engagement.keys import references
from engagement.keys.hashes import (
    keyed_hash,
    keyed_hashes,
    secret_digest,
    secret_digests,
    secrets_from,
)
from engagement.keys.moments import floor_to_hour
from engagement.keys.purposes import Purpose
from engagement.people.identity import copy_contact
from engagement.people.models import Contact, User
from engagement.places.models import Agency
from engagement.places.queries import areas_at, areas_in_force, areas_over

TRIES_TO_MINT = 5


class CannotSubmit(ValueError):
    """This report cannot be taken; `reason` is one of "not_taken_here", "too_long", "no_words",
    "no_address", "not_this_agency"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Report:
    """What the form says. `lon` and `lat` are degrees (WGS84), both or neither.

    `wish`, or `email` for short, belongs to the confidential level, `account_user_id` to the
    signed-in one.
    `submission_key` is the form's random key: the same key means the same report.
    `area_code` names an area of the agency's public layer where no point was given.
    `suspicion` holds codes of why it looks like spam; nobody is mailed about it then.
    `filing` says on whose wish staff filed it.
    """

    agency: Agency
    category: Category
    text: str
    language: str
    lon: float | None
    lat: float | None
    place_text: str
    place_source: str
    is_home: bool
    level: str
    email: str | None
    account_user_id: int | None
    submission_key: str
    channel: str
    area_code: str = ""
    answers: Sequence[GivenAnswer] = ()
    photos: Sequence[Kept] = ()
    suspicion: Sequence[str] = ()
    wish: Reach | None = None
    filing: FiledFor | None = None

    def __repr__(self) -> str:
        # A traceback or a log line must not show what somebody wrote.
        return f"Report({self.agency.slug}, {self.category.code}, {self.level})"

    @property
    def reach(self) -> Reach:
        """By which way the reporter wants to be reached."""
        return self.wish or Reach(Way.EMAIL.value, value=self.email or "")


@dataclass(frozen=True)
class Receipt:
    """What the reporter gets. The secret is derived anew each time and stored nowhere.

    `differs` is True when the same form was sent before with other content: the first one was
    kept, and the new words can be added to it as a reply.
    """

    concern: Concern
    tracking_code: str
    secret: str
    is_repeat: bool
    differs: bool

    def __repr__(self) -> str:
        return f"Receipt({self.tracking_code})"


@transaction.atomic(durable=True)
def submit(*, report: Report, by: Actor, now: datetime) -> Receipt:
    """Store the report, find who owns it and tell them; a repeated form gets its first receipt.

    Raises CannotSubmit.
    """
    return take_in(report=report, by=by, now=now)


def take_in(*, report: Report, by: Actor, now: datetime) -> Receipt:
    """The same, in the caller's transaction. Raises CannotSubmit."""
    _refuse_what_is_not_taken(report)
    report, away = _set_apart(report)
    if len(_digests(report)) > 1:
        # While keys change the same form has several digests; the constraint knows only one.
        twin = _stored_twin(report)
        if twin is not None:
            return _receipt(twin, report, is_repeat=True)
    found = areas_of(report.agency, report.lon, report.lat, report.area_code)
    draft, sent = _draft(report, found, now, away)
    concern = _insert_once(draft)
    if concern is None:
        # The same form arrived before, perhaps at this very moment.
        twin = _stored_twin(report)
        assert twin is not None
        return _receipt(twin, report, is_repeat=True)
    at, writes = floor_to_hour(now), Together()
    writes.insert_all(
        ConcernArea(agency=report.agency, concern=concern, area_id=area_id)
        for area_id in sorted(set(found.values()))
    )
    answers.store(concern, report.answers, writes=writes)
    services.take(concern, report.answers, away=away, writes=writes)
    filings.store(concern, report.filing, by=by, at=at, writes=writes)
    routing.keep(concern, sent, cause=Cause.RECEIVED, on=concern.received_on, writes=writes)
    contact = _store_reporter(concern, report, now, writes)
    attach(concern, report.photos, by=by, at=at, writes=writes)
    record_status(concern, by=by, at=at, writes=writes)
    record(
        "CONCERN_SUBMITTED",
        by=by,
        subject=Subject("concern", concern.staff_reference),
        agency_id=concern.agency_id,
        now=at,
        payload={"category": report.category.code, "level": concern.level},
        writes=writes,
    )
    is_held = spam.suspect(concern, report.suspicion, at=at, writes=writes)
    writes.send()
    if not is_held:
        _tell(concern, contact, now)
    return _receipt(concern, report, is_repeat=False)


def _tell(concern: Concern, contact: Contact | None, now: datetime) -> None:
    notes = Together()
    if contact is not None:
        notices.received(concern, now=now, notes=notes)
    notices.new_for_owner(concern, now=now, notes=notes)
    notes.send()


def areas_of(
    agency: Agency, lon: float | None, lat: float | None, area_code: str = ""
) -> dict[str, int]:
    """Return area ids by layer: of the point, else of the area that was named and of those in
    which nearly all of it lies. A divided neighborhood has no district until a person looks."""
    if lon is not None and lat is not None:
        return {layer: hit.id for layer, hit in areas_at(agency=agency, lon=lon, lat=lat).items()}
    if not area_code:
        return {}
    listed = areas_in_force(agency, agency.public_layer)
    named = next((area for area in listed if area.code == area_code), None)
    if named is None:
        return {}
    over = areas_over(agency=agency, area_id=named.id)
    return {**{layer: hit.id for layer, hit in over.items()}, named.layer: named.id}


def _refuse_what_is_not_taken(report: Report) -> None:
    if report.category.agency_id != report.agency.pk:
        raise CannotSubmit("not_this_agency")
    if not (report.category.is_taken and report.category.is_active):
        raise CannotSubmit("not_taken_here")
    if report.level == Level.CONFIDENTIAL and not can_be_kept(
        report.reach, agency_id=report.agency.pk
    ):
        raise CannotSubmit("no_address")
    if report.level == Level.ANONYMOUS and services.is_sealed(report.category):
        raise CannotSubmit("no_address")
    if report.level == Level.SIGNED_IN and report.account_user_id is None:
        raise CannotSubmit("no_address")
    if not _words(report):
        raise CannotSubmit("no_words")


def _set_apart(report: Report) -> tuple[Report, Away | None]:
    """Take out of a report on an empty home what must not stand in any table in plain."""
    if not services.is_sealed(report.category):
        return report, None
    away = services.away_from(_words(report), report.answers)
    return replace(report, text=services.words_instead(report.language), answers=()), away


def _words(report: Report) -> str:
    try:
        return clean_words(report.text)
    except TooLong:
        raise CannotSubmit("too_long") from None


def _place_words(report: Report) -> str:
    return clean_line(report.place_text[: PLACE_LIMIT * 2])


def _stored_twin(report: Report) -> Concern | None:
    return (
        Concern.objects.select_related("agency", "category")
        .filter(agency=report.agency, submission_digest__in=_digests(report))
        .first()
    )


def _digests(report: Report) -> list[bytes]:
    return keyed_hashes(Purpose.SUBMISSION, report.submission_key, agency_id=report.agency.pk)


def _draft(
    report: Report, found: dict[str, int], now: datetime, away: Away | None
) -> tuple[Concern, Route]:
    """Return the concern as it will be stored, and by which rule it goes where it goes."""
    agency, category = report.agency, report.category
    today = agency.day_of(now)
    area_id = found.get(agency.responsible_layer)
    area_ids = [] if area_id is None else [area_id]
    table = routing_table(agency, on=today, area_ids=area_ids, with_phrases=True)
    told = away.lines if away else [_words(report), *(str(one.words) for one in report.answers)]
    due = deadlines_from(
        day=today,
        ack_days=category.ack_days,
        target_days=category.target_days,
        holidays=table.holidays,
    )
    secret = secrets_from(report.submission_key)[0]
    draft = Concern(
        agency=agency,
        staff_reference=references.mint(),
        tracking_code=references.mint(),
        category=category,
        text=_words(report),
        language=report.language[:10],
        lon=report.lon,
        lat=report.lat,
        place_text=_place_words(report),
        place_source=report.place_source,
        is_home=report.is_home,
        area_id=area_id,
        danger=mark_of(told, phrases=phrases_in(table.phrases)),
        level=report.level,
        channel=report.channel,
        # To the hour for everyone: row numbers in order would else bracket the moment of an
        # anonymous report between two exact ones.
        received_at=floor_to_hour(now),
        received_on=today,
        acknowledge_by=due.acknowledge_by,
        resolve_by=due.resolve_by,
        very_late_after=due.very_late_after,
        submission_digest=keyed_hash(
            Purpose.SUBMISSION, report.submission_key, agency_id=agency.pk
        ),
        secret_digest=secret_digest(secret, agency_id=agency.pk),
    )
    sent = route(_facts(report, found, now), rules=table.rules, staff=table.staff, on=today)
    routing.lay(draft, sent)
    return draft, sent


def _facts(report: Report, found: dict[str, int], now: datetime) -> Facts:
    is_urgent = report.filing is not None and report.filing.is_urgent
    return as_facts(
        agency=report.agency,
        category_id=report.category.pk,
        areas=found,
        moment=now,
        channel=report.channel,
        priority=Priority.URGENT if is_urgent else Priority.NORMAL,
        chosen=[(one.code, one.chosen.text("en")) for one in report.answers if one.chosen],
    )


def _insert_once(draft: Concern) -> Concern | None:
    """Insert without ever raising a violation: PostgreSQL would write the report into its log.

    None means that the same form is stored already, by someone who was a moment faster.
    """
    for _attempt in range(TRIES_TO_MINT):
        insertion = Together()
        insertion.insert(draft, once=True)
        insertion.send()
        if draft.pk is not None:
            return draft
        if Concern.objects.filter(submission_digest=draft.submission_digest).exists():
            return None
        # Neither ours nor a twin: one of the two random references is taken.
        draft.staff_reference, draft.tracking_code = references.mint(), references.mint()
    raise RuntimeError("no free reference")


def _store_reporter(
    concern: Concern, report: Report, now: datetime, writes: Together
) -> Contact | None:
    contact, link = None, None
    if concern.level == Level.CONFIDENTIAL:
        contact = keep_way(concern, report.reach, now=now, writes=writes)
    elif concern.level == Level.SIGNED_IN and report.account_user_id is not None:
        link = account_link(report.account_user_id, agency_id=concern.agency_id)
        account = User.objects.select_related("contact").get(pk=report.account_user_id)
        if account.contact is not None:
            contact = copy_contact(
                account.contact, agency_id=concern.agency_id, now=now, writes=writes
            )
    reporter = Reporter(
        agency_id=concern.agency_id, concern=concern, contact=contact, account_link=link
    )
    writes.insert(reporter)
    return contact


def account_link(user_id: int, *, agency_id: int) -> bytes:
    """Return what a reporter row holds instead of the account: a keyed hash of 32 bytes."""
    return keyed_hash(Purpose.FOLLOW, str(user_id), agency_id=agency_id)


def _receipt(concern: Concern, report: Report, *, is_repeat: bool) -> Receipt:
    return Receipt(
        concern=concern,
        tracking_code=concern.tracking_code,
        secret=_secret_of(concern, report.submission_key),
        is_repeat=is_repeat,
        differs=is_repeat and _differs(concern, report),
    )


def _secret_of(concern: Concern, submission_key: str) -> str:
    """The secret as it was first shown, even if the key has changed since."""
    stored = bytes(concern.secret_digest or b"")
    for secret in secrets_from(submission_key):
        for digest in secret_digests(secret, agency_id=concern.agency_id):
            if hmac.compare_digest(digest, stored):
                return secret
    return secrets_from(submission_key)[0]


def _differs(concern: Concern, report: Report) -> bool:
    sent = (_words(report), report.category.pk, report.lon, report.lat, _place_words(report))
    stored = (concern.text, concern.category_id, concern.lon, concern.lat, concern.place_text)
    return sent != stored or answers.differ(concern, report.answers)
