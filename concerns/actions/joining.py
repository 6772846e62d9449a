"""Saying "mine too" of a published concern: follow it without becoming its reporter."""

import hmac
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.db import transaction
from django.db.models import BigIntegerField, Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from concerns import joiner_notices
from concerns.actions.casework import log
from concerns.actions.erasing import TIES, demand_no_hold, forget_joiner, mark_of_joiner
from concerns.models import Concern, Joining, Merge, Reporter
from concerns.models.concern import Level
from concerns.published import supporting
from concerns.words import TooLong, clean_words
from concerns.workflow import State
from engagement.audit import erasures
from engagement.audit.actors import Actor
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
from engagement.keys.references import BadReference, normalise
from engagement.people.identity import copy_contact, erase_contact, store_contact
from engagement.people.models import Contact, ContactKind, User
from engagement.places.models import Agency

TRIES_TO_MINT = 5
FORM_REMEMBERED = timedelta(days=2)
NO_AGENCY = 0
UNTYPED = "0" * 20
NO_DIGEST = bytes(32)


class CannotJoin(ValueError):
    """`reason` is one of "gone" (not public any more), "closed", "own", "no_address",
    "too_long"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class MineToo:
    """What the form says. `public_reference` names the concern as everyone may see it.

    `email` belongs to the confidential level, `account_user_id` to the signed-in one. `words` are
    for staff alone and may be empty. The same `submission_key` never joins twice. `is_counted` is
    False for what looks like a program's sending; it follows as any other.
    """

    agency: Agency
    public_reference: str
    level: str
    email: str | None
    account_user_id: int | None
    words: str
    language: str
    submission_key: str
    is_counted: bool = True

    def __repr__(self) -> str:
        return f"MineToo({self.agency.slug}, {self.level})"


@dataclass(frozen=True)
class Joined:
    """What the joiner gets; as with a report the secret is derived anew and stored nowhere.

    `is_other` is True when this form joined another concern before: that one stands. The secret
    is empty when the account had joined already, by another form.
    """

    joining: Joining
    tracking_code: str
    secret: str
    is_repeat: bool
    is_other: bool

    def __repr__(self) -> str:
        return f"Joined({self.tracking_code})"


@transaction.atomic(durable=True)
def join(*, wish: MineToo, by: Actor, now: datetime) -> Joined:
    """Let somebody follow a published concern, and give staff their words. Raises CannotJoin.

    The private concern is looked up in here only, and nothing of it is in the answer.
    """
    words = _words(wish)
    twin = _twin(wish)
    if twin is not None:
        return _receipt(twin, wish, is_repeat=True)
    concern = _published(wish)
    _refuse(wish, concern)
    link = _link_of(wish)
    known = _known(concern, wish)
    if known is not None:
        return Joined(known, known.tracking_code, "", is_repeat=True, is_other=False)
    draft = _draft(wish, concern, words=words, link=link, today=concern.agency.day_of(now))
    joining = _insert_once(draft)
    if joining is None:
        # The same form or account was a moment faster.
        return _of_twin(wish, concern, link)
    joining.contact = _contact(wish, now)
    joining.save(update_fields=["contact"])
    at = floor_to_hour(now)
    log("CONCERN_JOINED", concern, by=by, at=at, payload={"level": wish.level})
    if words:
        joiner_notices.words_added(joining, now=at)
    return _receipt(joining, wish, is_repeat=False)


def _of_twin(wish: MineToo, concern: Concern, link: bytes | None) -> Joined:
    """The receipt of what a twin of this request has just stored."""
    twin = _twin(wish)
    if twin is not None:
        return _receipt(twin, wish, is_repeat=True)
    known = concern.joinings.get(account_link=link)
    return Joined(known, known.tracking_code, "", is_repeat=True, is_other=False)


@transaction.atomic(durable=True)
def leave(*, joining_id: int, by: Actor, now: datetime) -> None:
    """End it: the address is destroyed and the secret opens nothing, after a restore from an
    older backup too; safe to repeat. Raises erasures.CannotRemember and OnHold, and ends nothing
    then."""
    followed = Joining.objects.filter(pk=joining_id).values("concern_id")
    # The concern first, as everybody locks it: a hold is placed under this lock.
    rows = Concern.objects.select_related("agency").select_for_update(of=("self",))
    concern = rows.get(pk__in=followed)
    joining = Joining.objects.select_for_update(of=("self",)).get(pk=joining_id)
    if joining.left_on is not None:
        return
    demand_no_hold(concern)
    contact = joining.contact
    at = floor_to_hour(now)
    joining.concern = concern
    erasures.remember(TIES, [mark_of_joiner(joining)], on=now.astimezone(UTC).date())
    forget_joiner(joining, left_on=concern.agency.day_of(at))
    if contact is not None:
        erase_contact(contact, now=at)
    log("CONCERN_LEFT", concern, by=by, at=at)


def open_by_code(*, code: str, secret: str) -> Joining | None:
    """Return the joining of this tracking code if the secret fits, else None.

    One query and the same hashes whether the code is unknown, badly typed, or known with another
    secret; ask it after `following.open_by_code` found nothing, whatever the reason was.
    """
    found = Joining.objects.select_related("agency").filter(
        tracking_code=_typed_code(code), left_on__isnull=True
    )
    joining = found.first()
    agency_id = joining.agency_id if joining else NO_AGENCY
    stored = bytes(joining.secret_digest or NO_DIGEST) if joining else NO_DIGEST
    return joining if _fits(secret, stored, agency_id) else None


def linked_to(user_id: int, *, agencies: list[int]) -> list[bytes]:
    """The account links under which this account may have joined something."""
    return [
        link
        for agency_id in agencies
        for link in keyed_hashes(Purpose.FOLLOW, str(user_id), agency_id=agency_id)
    ]


def forget_forms(*, now: datetime) -> int:
    """Forget which forms joined the day before yesterday or earlier; return how many."""
    # Only days are kept, and an agency's day may lag behind: two of them hold a form's 24 hours.
    old = Joining.objects.filter(
        submission_digest__isnull=False, joined_on__lt=now.date() - FORM_REMEMBERED
    )
    return old.update(submission_digest=None)


@transaction.atomic(durable=True)
def release_numbers(*, now: datetime) -> None:
    """Let the public see, as a rounded step, how many say "mine too" of what is published.

    Counts days that are over everywhere, so that however often this runs, the number moves once
    a day and nobody sees one person join.
    """
    merged = Merge.objects.filter(concern=OuterRef("concern"), undone_at__isnull=True)
    counted = (
        Joining.objects.filter(
            left_on__isnull=True, is_counted=True, joined_on__lt=now.date() - timedelta(days=1)
        )
        # A report that was joined with another has no page of its own.
        .annotate(
            page=Coalesce(
                "concern__public_id",
                Subquery(merged.values("survivor__public_id")),
                output_field=BigIntegerField(),
            )
        )
        .filter(page__isnull=False)
        .values_list("page")
        .annotate(number=Count("pk"))
        .filter(number__gte=supporting.LEAST)
    )
    supporting.release(dict(counted))


def _words(wish: MineToo) -> str:
    try:
        return clean_words(wish.words)
    except TooLong:
        raise CannotJoin("too_long") from None


def _key(wish: MineToo) -> str:
    # Apart from the key's own report, so that code and secret of one never open the other.
    return f"joining:{wish.submission_key}"


def _twin(wish: MineToo) -> Joining | None:
    digests = keyed_hashes(Purpose.SUBMISSION, _key(wish), agency_id=wish.agency.pk)
    return (
        Joining.objects.select_related("concern__public")
        .filter(agency=wish.agency, submission_digest__in=digests)
        .first()
    )


def _published(wish: MineToo) -> Concern:
    concern = (
        Concern.objects.select_related("agency", "public")
        .defer("search", "text")
        .filter(agency=wish.agency, public__reference=wish.public_reference)
        .first()
    )
    if concern is None:
        raise CannotJoin("gone")
    return concern


def _refuse(wish: MineToo, concern: Concern) -> None:
    if concern.state == State.CLOSED:
        raise CannotJoin("closed")
    if wish.level == Level.CONFIDENTIAL and not wish.email:
        raise CannotJoin("no_address")
    if wish.level == Level.SIGNED_IN:
        if wish.account_user_id is None:
            raise CannotJoin("no_address")
        links = linked_to(wish.account_user_id, agencies=[wish.agency.pk])
        if Reporter.objects.filter(concern=concern, account_link__in=links).exists():
            raise CannotJoin("own")


def _known(concern: Concern, wish: MineToo) -> Joining | None:
    """What this account joined before, under any live key: two rows of one account could not be
    brought under the same new key."""
    if wish.level != Level.SIGNED_IN or wish.account_user_id is None:
        return None
    links = linked_to(wish.account_user_id, agencies=[wish.agency.pk])
    return concern.joinings.filter(account_link__in=links).first()


def _link_of(wish: MineToo) -> bytes | None:
    if wish.level != Level.SIGNED_IN:
        return None
    return keyed_hash(Purpose.FOLLOW, str(wish.account_user_id), agency_id=wish.agency.pk)


def _draft(
    wish: MineToo, concern: Concern, *, words: str, link: bytes | None, today: date
) -> Joining:
    secret = secrets_from(_key(wish))[0]
    return Joining(
        agency=wish.agency,
        concern=concern,
        tracking_code=references.mint(),
        level=wish.level,
        language=wish.language[:10],
        account_link=link,
        words=words,
        is_counted=wish.is_counted,
        submission_digest=keyed_hash(Purpose.SUBMISSION, _key(wish), agency_id=wish.agency.pk),
        secret_digest=secret_digest(secret, agency_id=wish.agency.pk),
        joined_on=today,
    )


def _insert_once(draft: Joining) -> Joining | None:
    """Insert without ever raising a violation, which would write the words into a log.

    None means that a twin is stored already.
    """
    for _attempt in range(TRIES_TO_MINT):
        Joining.objects.bulk_create([draft], ignore_conflicts=True)
        stored = Joining.objects.filter(submission_digest=draft.submission_digest).first()
        if stored is not None and stored.tracking_code == draft.tracking_code:
            stored.concern, stored.agency = draft.concern, draft.agency
            return stored
        if stored is not None or not _is_code_taken(draft):
            return None
        draft.tracking_code = references.mint()
    raise RuntimeError("no free reference")


def _is_code_taken(draft: Joining) -> bool:
    return Joining.objects.filter(tracking_code=draft.tracking_code).exists()


def _contact(wish: MineToo, now: datetime) -> Contact | None:
    if wish.level == Level.CONFIDENTIAL and wish.email:
        return store_contact(
            agency_id=wish.agency.pk,
            kind=ContactKind.EMAIL,
            value=wish.email,
            language=wish.language,
            now=now,
        )
    if wish.level == Level.SIGNED_IN and wish.account_user_id is not None:
        account = User.objects.select_related("contact").get(pk=wish.account_user_id)
        if account.contact is not None:
            return copy_contact(account.contact, agency_id=wish.agency.pk, now=now)
    return None


def _receipt(joining: Joining, wish: MineToo, *, is_repeat: bool) -> Joined:
    public = joining.concern.public
    reference = public.reference if public else ""
    return Joined(
        joining=joining,
        tracking_code=joining.tracking_code,
        secret=_secret_of(joining, wish),
        is_repeat=is_repeat,
        is_other=reference != wish.public_reference,
    )


def _secret_of(joining: Joining, wish: MineToo) -> str:
    """The secret as it was first shown, even if the key has changed since."""
    stored = bytes(joining.secret_digest or NO_DIGEST)
    for secret in secrets_from(_key(wish)):
        if _fits(secret, stored, joining.agency_id):
            return secret
    return secrets_from(_key(wish))[0]


def _typed_code(code: str) -> str:
    try:
        return normalise(code)
    except BadReference:
        # No reference looks like this, so the query runs and finds nothing.
        return "?"


def _fits(secret: str, stored: bytes, agency_id: int) -> bool:
    typed_well = True
    try:
        digests = secret_digests(secret, agency_id=agency_id)
    except BadReference:
        digests, typed_well = secret_digests(UNTYPED, agency_id=agency_id), False
    # Every digest is compared, found or not.
    matches = [hmac.compare_digest(digest, stored) for digest in digests]
    return typed_well and any(matches)
