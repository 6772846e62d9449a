"""The one home of addresses: stored sealed, found by a keyed hash, opened only here."""

import base64
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from engagement.audit import erasures
from engagement.audit.actions import record
from engagement.audit.actors import Actor
from engagement.audit.subjects import Subject
from engagement.audit.together import Together
from engagement.keys.encryption import seal, unseal
from engagement.keys.hashes import keyed_hash, keyed_hashes
from engagement.keys.purposes import Purpose
from engagement.people.addresses import looked_up_as, normalised
from engagement.people.models import Contact, ContactKind, IdentityRead

KEY_DOMAIN = "people.invalid"
CONTACTS = "contact"
WISHES = "wishes"
REASON_LENGTH = 10
NOTHING_LEFT: dict[str, Any] = {
    "ciphertext": b"",
    "lookup": b"",
    "wishes": b"",
    "is_confirmed": False,
}


class CannotOpenContact(Exception):
    """The address is erased, or the reason says nothing."""


@dataclass(frozen=True)
class Address:
    """Where to send, in plain. Lives for one delivery and is never stored or logged."""

    kind: str
    value: str
    language: str

    def __repr__(self) -> str:
        # A traceback or a log line must not show the address.
        return f"Address({self.kind})"


def sign_in_key(email: str) -> str:
    """What accounts hold instead of an address, with the current key; 67 characters."""
    return _key_of(
        keyed_hash(Purpose.ACCOUNT, normalised(ContactKind.EMAIL, email), agency_id=None)
    )


def sign_in_keys(email: str) -> list[str]:
    """The same for every live key, current first; needed while keys rotate."""
    value = normalised(ContactKind.EMAIL, email)
    return [_key_of(digest) for digest in keyed_hashes(Purpose.ACCOUNT, value, agency_id=None)]


def store_contact(
    *,
    agency_id: int | None,
    kind: str,
    value: str,
    language: str,
    is_confirmed: bool = False,
    wishes: str = "",
    now: datetime | None = None,
    writes: Together | None = None,
) -> Contact:
    """Store an address for one use and return its new row; rows are never shared.

    `wishes` say how to use it without harm; they are sealed with it and go when it goes. With
    `writes` the row is gathered there.
    """
    binding = uuid.uuid4()
    plain = normalised(kind, value)
    contact = Contact(
        agency_id=agency_id,
        kind=kind,
        binding=binding,
        ciphertext=seal(
            plain, purpose=Purpose.CONTACT, agency_id=agency_id, bound_to=_bound(kind, binding)
        ),
        lookup=_lookup(kind, plain, agency_id),
        language=language,
        is_confirmed=is_confirmed,
        wishes=seal_words(wishes, what=WISHES, agency_id=agency_id, binding=binding),
        created_on=(now or timezone.now()).date(),
    )
    if writes is not None:
        return writes.insert(contact)
    contact.save(force_insert=True)
    return contact


def copy_contact(
    contact: Contact, *, agency_id: int | None, now: datetime, writes: Together | None = None
) -> Contact | None:
    """Store the same address once more, for another use of its own; None once it was erased.

    Nobody reads it on the way: an account's owner wants answers to a report of theirs, and the
    report must not share a row with the account.
    """
    if not contact.ciphertext:
        return None
    return store_contact(
        agency_id=agency_id,
        kind=contact.kind,
        value=_open(contact),
        language=contact.language,
        is_confirmed=contact.is_confirmed,
        now=now,
        writes=writes,
    )


def open_contact(
    contact: Contact, *, by: Actor, subject: Subject, reason: str, now: datetime
) -> str:
    """Return the address in plain, after the reading itself is on record for good.

    The caller has checked the permission identity.read, or that a task of this person needs
    this very address. The record is committed before anything is decrypted, so it stays even
    if the caller fails; for that reason this refuses to run inside a transaction
    (RuntimeError). Raises CannotOpenContact, CannotUnseal.
    """
    if len(reason.strip()) < REASON_LENGTH or not contact.ciphertext:
        raise CannotOpenContact
    binding = uuid.uuid4()
    with transaction.atomic(durable=True):
        read = IdentityRead.objects.create(
            agency_id=contact.agency_id,
            by_user_id=by.user_id,
            subject_type=subject.type,
            subject_reference=subject.reference,
            binding=binding,
            reason=seal(
                reason.strip(),
                purpose=Purpose.CONTACT,
                agency_id=contact.agency_id,
                bound_to=_bound("reason", binding),
            ),
            read_at=now,
        )
        record(
            "IDENTITY_READ",
            by=by,
            subject=subject,
            agency_id=contact.agency_id,
            now=now,
            payload={"read": read.pk, "kind": contact.kind},
        )
    return _open(contact)


def record_look_up(
    *, agency_id: int, by: Actor, subject: Subject, reason: str, now: datetime
) -> IdentityRead:
    """Put on record that somebody looks for what belongs to the same person, in the caller's
    transaction; the caller commits it before looking. Raises CannotOpenContact without a reason."""
    if len(reason.strip()) < REASON_LENGTH:
        raise CannotOpenContact
    binding = uuid.uuid4()
    return IdentityRead.objects.create(
        agency_id=agency_id,
        by_user_id=by.user_id,
        subject_type=subject.type,
        subject_reference=subject.reference,
        binding=binding,
        reason=seal(
            reason.strip(),
            purpose=Purpose.CONTACT,
            agency_id=agency_id,
            bound_to=_bound("reason", binding),
        ),
        read_at=now,
    )


def wishes_of(contact: Contact) -> str:
    """How to use the address without harm; for who has just opened it by `open_contact`.

    Raises CannotUnseal.
    """
    return open_words(
        contact.wishes, what=WISHES, agency_id=contact.agency_id, binding=contact.binding
    )


def reason_of(read: IdentityRead) -> str:
    """The reason typed for a reading; for the supervisor who reviews it."""
    return unseal(
        bytes(read.reason),
        purpose=Purpose.CONTACT,
        agency_id=read.agency_id,
        bound_to=_bound("reason", read.binding),
    )


def reason_sealed_anew(read: IdentityRead) -> None:
    """Seal the reason under the current key, without saving."""
    read.reason = seal(
        reason_of(read),
        purpose=Purpose.CONTACT,
        agency_id=read.agency_id,
        bound_to=_bound("reason", read.binding),
    )


def address_for_delivery(contact_id: int) -> Address | None:
    """The address of a message about to leave, or None once it was erased.

    Only the outbox may call this. Raises CannotUnseal.
    """
    contact = Contact.objects.filter(pk=contact_id).first()
    return address_of(contact) if contact else None


def address_of(contact: Contact) -> Address | None:
    """The same for a row that the outbox has just read. Raises CannotUnseal."""
    if not contact.ciphertext:
        return None
    return Address(contact.kind, _open(contact), contact.language)


def seal_words(text: str, *, what: str, agency_id: int | None, binding: uuid.UUID) -> bytes:
    """Seal private words of a resident for the one row that `what` and `binding` name, such as
    "rsvp.needs"; empty for no words. Raises KeyMissing."""
    if not text:
        return b""
    bound = f"{what}:{binding}"
    return seal(text, purpose=Purpose.CONTACT, agency_id=agency_id, bound_to=bound)


def open_words(
    sealed: bytes | memoryview, *, what: str, agency_id: int | None, binding: uuid.UUID
) -> str:
    """The words again; the caller has checked the permission and recorded the reading.

    Raises CannotUnseal.
    """
    if not sealed:
        return ""
    bound = f"{what}:{binding}"
    return unseal(sealed, purpose=Purpose.CONTACT, agency_id=agency_id, bound_to=bound)


def find_contacts(
    value: str, agency_id: int | None, *, kind: str = ContactKind.EMAIL
) -> QuerySet[Contact]:
    """Rows of that agency that hold this very address, under any live key."""
    plain = f"{kind}:{looked_up_as(kind, normalised(kind, value))}"
    digests = keyed_hashes(Purpose.LOOKUP, plain, agency_id=agency_id)
    own = Q(agency__isnull=True) if agency_id is None else Q(agency_id=agency_id)
    return Contact.objects.filter(own, kind=kind, lookup__in=digests).order_by("id")


def erase_contact(contact: Contact, *, now: datetime | None = None) -> None:
    """Destroy the address at once. The empty row stays, so that what points to it stays valid.

    That it is gone is also written outside the database, for a restore from an older backup.
    Raises erasures.CannotRemember when it cannot be, and erases nothing then.
    """
    on = (now or timezone.now()).astimezone(UTC).date()
    erasures.remember(CONTACTS, [str(contact.binding)], on=on)
    for name, value in NOTHING_LEFT.items():
        setattr(contact, name, value)
    contact.save(update_fields=list(NOTHING_LEFT))


def erase_contacts_again(bindings: Iterable[str], now: datetime) -> int:
    """After a restore: destroy the addresses that were erased since the backup, on record."""
    found = Contact.objects.filter(binding__in=list(bindings)).exclude(ciphertext=b"")
    count = 0
    for contact in found.order_by("pk"):
        Contact.objects.filter(pk=contact.pk).update(**NOTHING_LEFT)
        record(
            "CONTACT_ERASED",
            by=Actor.task("restore"),
            subject=Subject("contact", str(contact.pk)),
            agency_id=contact.agency_id,
            now=now,
        )
        count += 1
    return count


def sealed_anew(contact: Contact) -> bool:
    """Seal and hash an address under the current keys; False when it was erased."""
    if not contact.ciphertext:
        return False
    plain, wishes = _open(contact), wishes_of(contact)
    contact.ciphertext = seal(
        plain,
        purpose=Purpose.CONTACT,
        agency_id=contact.agency_id,
        bound_to=_bound(contact.kind, contact.binding),
    )
    contact.lookup = _lookup(contact.kind, plain, contact.agency_id)
    contact.wishes = seal_words(
        wishes, what=WISHES, agency_id=contact.agency_id, binding=contact.binding
    )
    return True


def account_key(contact: Contact) -> str:
    """The sign-in key of an account's own address, under the current key."""
    return sign_in_key(_open(contact))


def account_keys(contact: Contact) -> list[str]:
    """The sign-in keys that the address of any contact has or would have, current first."""
    return sign_in_keys(_open(contact)) if contact.ciphertext else []


def _open(contact: Contact) -> str:
    return unseal(
        bytes(contact.ciphertext),
        purpose=Purpose.CONTACT,
        agency_id=contact.agency_id,
        bound_to=_bound(contact.kind, contact.binding),
    )


def _lookup(kind: str, plain: str, agency_id: int | None) -> bytes:
    found_as = f"{kind}:{looked_up_as(kind, plain)}"
    return keyed_hash(Purpose.LOOKUP, found_as, agency_id=agency_id)


def _bound(what: str, binding: uuid.UUID) -> str:
    return f"contact:{what}:{binding}"


def _key_of(digest: bytes) -> str:
    return f"{base64.b32encode(digest).decode().rstrip('=').lower()}@{KEY_DOMAIN}"
