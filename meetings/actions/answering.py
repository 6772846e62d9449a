"""What residents say to a meeting: that they come, with how many, or not after all."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from engagement.audit.actors import Actor
from engagement.keys.hashes import keyed_hash, keyed_hashes
from engagement.keys.moments import floor_to_hour
from engagement.keys.purposes import Purpose
from engagement.people.identity import copy_contact, find_contacts, store_contact
from engagement.people.models import Contact, ContactKind, User
from meetings import notices
from meetings.actions.ground import Refusal, locked, log
from meetings.links import token_for
from meetings.models import Joining, Meeting, Rsvp
from meetings.models.answers import LARGEST_PARTY
from meetings.needs import sealed_needs
from meetings.workflow import Going, can_move, takes_answers

NEEDS_LIMIT = 1000


class CannotRsvp(Refusal):
    """This answer cannot be taken; `str()` says why in the reader's language."""

    sentences = {
        "full": _("There are not enough places left."),
        "closed": _("It is too late to answer here."),
        "cancelled": _("This meeting was cancelled."),
        "unannounced": _("This meeting takes no answers."),
        "party": _("Choose how many people are coming: one to ten."),
        "withdrawn": _("You said that you are not coming. To come after all, answer anew."),
        "too_long": _("This is too long. Keep it under 1,000 characters."),
    }


@dataclass(frozen=True)
class Answer:
    """What the form says. Without `email` and account nobody can be told of changes.

    `submission_key` is the form's random key: the same key means the same answer.
    """

    meeting: Meeting
    party_size: int
    language: str
    submission_key: str = field(repr=False)
    email: str | None = field(default=None, repr=False)
    needs: str = field(default="", repr=False)
    account_user_id: int | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Receipt:
    """What the page may show. It is the same whether or not the address had answered before, so
    that nobody can ask the page who comes.

    `token` is for the link to change the answer, and None when that link leaves by mail.
    """

    meeting: Meeting
    party_size: int
    is_mailed: bool
    token: str | None
    joining: Joining | None


@transaction.atomic(durable=True)
def rsvp(*, answer: Answer, by: Actor, now: datetime) -> Receipt:
    """Give the seats and confirm by mail; a repeated form gets its first receipt.

    An address that comes already keeps its answer and is mailed the link to change it.
    Raises CannotRsvp.
    """
    _refuse_bad(answer.party_size, answer.needs)
    # Answers to one meeting are taken one after the other: seats, and who has answered already,
    # stay as they are seen here until the end.
    meeting = locked(answer.meeting.pk)
    twin = _twin(meeting, answer)
    if twin is not None and twin.is_going:
        return _receipt(meeting, twin, twin.party_size)
    _refuse_unless_open(meeting, now)
    # Before looking for the address: a full meeting says so to everybody.
    _refuse_without_seats(meeting, answer.party_size)
    contact = _contact(meeting, answer, now)
    known = _known(meeting, answer, contact, twin)
    if known is not None and known.is_going:
        notices.confirmed(known, meeting, event=f"again:{now.date()}", now=now)
        return _receipt(meeting, known, answer.party_size)
    stored = _take_seats(known, meeting, answer, contact, now)
    log("MEETING_ANSWERED", meeting, by=by, now=now)
    notices.confirmed(stored, meeting, event=f"going:{stored.turns}", now=now)
    notices.reminder(stored, meeting, now=now)
    return _receipt(meeting, stored, stored.party_size)


@transaction.atomic(durable=True)
def change(*, rsvp: Rsvp, party_size: int, needs: str | None, by: Actor, now: datetime) -> Rsvp:
    """Change how many come and what they need (None keeps it). Raises CannotRsvp."""
    _refuse_bad(party_size, needs or "")
    meeting = locked(rsvp.meeting_id)
    found = Rsvp.objects.get(pk=rsvp.pk)
    if not found.is_going:
        raise CannotRsvp("withdrawn")
    _refuse_unless_open(meeting, now)
    more = party_size - found.party_size
    _refuse_without_seats(meeting, more)
    _add_seats(meeting, more)
    found.party_size = party_size
    if needs is not None:
        found.needs_sealed = sealed_needs(found, needs)
    found.changes += 1
    found.updated_at = floor_to_hour(now)
    found.save(update_fields=["party_size", "needs_sealed", "changes", "updated_at"])
    log("MEETING_ANSWER_CHANGED", meeting, by=by, now=now)
    notices.confirmed(found, meeting, event=f"changed:{found.changes}", now=now)
    return found


@transaction.atomic(durable=True)
def withdraw(*, rsvp: Rsvp, by: Actor, now: datetime) -> Rsvp:
    """Give the seats back and take the meeting out of their calendar; doing it twice does no more.

    Raises CannotRsvp once the meeting is over or cancelled.
    """
    meeting = locked(rsvp.meeting_id)
    found = Rsvp.objects.get(pk=rsvp.pk)
    if not found.is_going:
        return found
    if meeting.is_cancelled:
        raise CannotRsvp("cancelled")
    if not can_move(state=meeting.state, ends_at=meeting.ends_at, now=now):
        raise CannotRsvp("closed")
    _add_seats(meeting, -found.party_size)
    found.state, found.needs_sealed = Going.CANCELLED, b""
    found.turns += 1
    found.updated_at = floor_to_hour(now)
    found.save(update_fields=["state", "needs_sealed", "turns", "updated_at"])
    log("MEETING_ANSWER_WITHDRAWN", meeting, by=by, now=now)
    notices.withdrawn(found, meeting, now=now)
    return found


def account_link(user_id: int, *, agency_id: int) -> bytes:
    """What an answer holds instead of the account: 32 bytes, unlike those of the person's reports,
    so that nobody can join the two from the database."""
    return keyed_hash(Purpose.FOLLOW, f"rsvp:{user_id}", agency_id=agency_id)


def account_links(user_id: int, *, agency_id: int) -> list[bytes]:
    """The same under every live key, to look answers up."""
    return keyed_hashes(Purpose.FOLLOW, f"rsvp:{user_id}", agency_id=agency_id)


def _refuse_bad(party_size: int, needs: str) -> None:
    if not 1 <= party_size <= LARGEST_PARTY:
        raise CannotRsvp("party")
    if len(needs) > NEEDS_LIMIT:
        raise CannotRsvp("too_long")


def _refuse_unless_open(meeting: Meeting, now: datetime) -> None:
    if takes_answers(state=meeting.state, closes_at=meeting.closes_at, now=now):
        return
    if meeting.is_cancelled:
        raise CannotRsvp("cancelled")
    raise CannotRsvp("unannounced" if meeting.is_draft else "closed")


def _refuse_without_seats(meeting: Meeting, more: int) -> None:
    if meeting.capacity is not None and more > 0 and meeting.seats_taken + more > meeting.capacity:
        raise CannotRsvp("full")


def _add_seats(meeting: Meeting, more: int) -> None:
    Meeting.objects.filter(pk=meeting.pk).update(seats_taken=F("seats_taken") + more)
    meeting.seats_taken += more


def _twin(meeting: Meeting, answer: Answer) -> Rsvp | None:
    digests = keyed_hashes(Purpose.SUBMISSION, _form(answer), agency_id=meeting.agency_id)
    return Rsvp.objects.filter(meeting=meeting, submission_digest__in=digests).first()


def _form(answer: Answer) -> str:
    return f"rsvp:{answer.meeting.pk}:{answer.submission_key}"


def _contact(meeting: Meeting, answer: Answer, now: datetime) -> Contact | None:
    """A row of its own for this answer; an account's address is copied, never shared."""
    if answer.email:
        return store_contact(
            agency_id=meeting.agency_id,
            kind=ContactKind.EMAIL,
            value=answer.email,
            language=answer.language,
            now=now,
        )
    if answer.account_user_id is None:
        return None
    account = User.objects.select_related("contact").get(pk=answer.account_user_id)
    if account.contact is None:
        return None
    return copy_contact(account.contact, agency_id=meeting.agency_id, now=now)


def _known(
    meeting: Meeting, answer: Answer, contact: Contact | None, twin: Rsvp | None
) -> Rsvp | None:
    """What this form, account or address answered before. It keeps its own row of the address,
    as mails to one row leave in order; the new one is dropped."""
    here = Rsvp.objects.filter(meeting=meeting).order_by("pk")
    found = twin
    if found is None and answer.account_user_id is not None:
        links = account_links(answer.account_user_id, agency_id=meeting.agency_id)
        found = here.filter(account_link__in=links).first()
    if found is None and answer.email:
        same = find_contacts(answer.email, meeting.agency_id)
        found = here.filter(contact__in=same).first()
    elif found is None and contact is not None:
        found = here.filter(contact__lookup=contact.lookup).first()
    if found is None or contact is None:
        return found
    if found.contact_id is None:
        found.contact = contact
        found.save(update_fields=["contact"])
    else:
        contact.delete()
    return found


def _take_seats(
    known: Rsvp | None, meeting: Meeting, answer: Answer, contact: Contact | None, now: datetime
) -> Rsvp:
    _add_seats(meeting, answer.party_size)
    hour = floor_to_hour(now)
    stored = known or Rsvp(
        agency_id=meeting.agency_id, meeting=meeting, contact=contact, created_at=hour
    )
    # An odd number of turns means that it was taken back.
    stored.turns += 1 if known else 0
    stored.state, stored.party_size = Going.GOING, answer.party_size
    stored.language, stored.known_revision = answer.language[:10], meeting.revision
    stored.needs_sealed = sealed_needs(stored, answer.needs)
    stored.updated_at = hour
    if answer.account_user_id is not None:
        stored.account_link = account_link(answer.account_user_id, agency_id=meeting.agency_id)
    stored.submission_digest = keyed_hash(
        Purpose.SUBMISSION, _form(answer), agency_id=meeting.agency_id
    )
    stored.save()
    return stored


def _receipt(meeting: Meeting, stored: Rsvp, party_size: int) -> Receipt:
    is_mailed = stored.contact_id is not None
    return Receipt(
        meeting=meeting,
        party_size=party_size,
        is_mailed=is_mailed,
        token=None if is_mailed else token_for(stored),
        joining=Joining.objects.filter(meeting=meeting).first(),
    )
