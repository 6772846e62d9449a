"""End one kind of message for one contact, and take that back."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from engagement.audit.together import Together
from engagement.outbox.models import EVERY_KIND, Consent, ConsentWay, Suppression
from engagement.outbox.registry import Kind, UnknownKind, kind_named
from engagement.outbox.tokens import BadToken, named_by
from engagement.people.models import Contact


class CannotUnsubscribe(ValueError):
    """The link is damaged, or what it names does not exist or cannot be ended."""


@dataclass(frozen=True)
class Leaving:
    """What one link in one mail may change: this kind for this contact, nothing else."""

    contact_id: int
    kind: Kind
    language: str
    is_ended: bool


def read_token(token: str) -> Leaving:
    """What the link names; changes nothing. Raises CannotUnsubscribe."""
    try:
        binding, name = named_by(token)
        kind = kind_named(name)
    except (BadToken, UnknownKind):
        raise CannotUnsubscribe from None
    contact = Contact.objects.filter(binding=binding).first()
    if contact is None or not kind.can_be_ended:
        raise CannotUnsubscribe
    is_ended = Suppression.objects.filter(contact=contact, kind=kind.name).exists()
    return Leaving(contact.pk, kind, contact.language, is_ended)


@transaction.atomic(durable=True)
def unsubscribe(token: str, *, way: ConsentWay, now: datetime) -> Leaving:
    """End the kind for the contact; a second time changes nothing. Raises CannotUnsubscribe."""
    leaving = read_token(token)
    ended = Suppression(contact_id=leaving.contact_id, kind=leaving.kind.name, since_on=now.date())
    Suppression.objects.bulk_create([ended], ignore_conflicts=True)
    return _note(leaving, is_given=False, way=way, now=now)


@transaction.atomic(durable=True)
def resubscribe(token: str, *, way: ConsentWay, now: datetime) -> Leaving:
    """Take the unsubscription back. Raises CannotUnsubscribe."""
    leaving = read_token(token)
    Suppression.objects.filter(contact_id=leaving.contact_id, kind=leaving.kind.name).delete()
    return _note(leaving, is_given=True, way=way, now=now)


def agree_to_texts(contact: Contact, *, wording: str, now: datetime, writes: Together) -> None:
    """Gather the proof that somebody asked for texts to this number, and to which sentence, to be
    stored together with the number."""
    said = Consent(
        contact=contact,
        kind=EVERY_KIND,
        is_given=True,
        way=ConsentWay.FORM,
        wording=wording,
        said_on=now.date(),
    )
    writes.insert(said)


def agree(*, contact_id: int, kind: str, way: ConsentWay, now: datetime) -> None:
    """Keep the proof that somebody asked for a kind of message. In the caller's transaction."""
    Consent.objects.create(
        contact_id=contact_id, kind=kind, is_given=True, way=way, said_on=now.date()
    )


def silence(*, contact_id: int, way: ConsentWay, now: datetime) -> None:
    """Let nothing leave for this contact from now on. In the caller's transaction; safe to
    repeat."""
    row = Suppression(contact_id=contact_id, kind=EVERY_KIND, since_on=now.date())
    if not Suppression.objects.filter(contact_id=contact_id, kind=EVERY_KIND).exists():
        Suppression.objects.bulk_create([row], ignore_conflicts=True)
        Consent.objects.create(
            contact_id=contact_id,
            kind=EVERY_KIND,
            is_given=False,
            way=way,
            said_on=now.date(),
        )


def _note(leaving: Leaving, *, is_given: bool, way: ConsentWay, now: datetime) -> Leaving:
    if leaving.is_ended is is_given:
        Consent.objects.create(
            contact_id=leaving.contact_id,
            kind=leaving.kind.name,
            is_given=is_given,
            way=way,
            said_on=now.date(),
        )
    return Leaving(leaving.contact_id, leaving.kind, leaving.language, not is_given)
