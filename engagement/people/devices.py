"""Registered devices: a sign-in there lasts for a shift and is over with it."""

import hashlib
import secrets
import time
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.http import HttpRequest

from engagement.audit.actions import record
from engagement.audit.actors import Actor
from engagement.audit.subjects import Subject
from engagement.people.device_models import LONGEST_SHIFT, Device
from engagement.people.models import Session, User
from engagement.people.rights import agencies_of, forget_rights
from engagement.people.shifts import COOKIE, NOTE, Shift, note_of
from engagement.places.models import Agency

TOKEN_BYTES = 16
MOST_OF_ONE = 10


class CannotRegister(Exception):
    """No name, no such length of a shift, or this person has enough devices."""


@transaction.atomic(durable=True)
def register(
    *, agency: Agency, name: str, owner: User | None, shift_hours: int, by: User, now: datetime
) -> str:
    """Let the agency know this browser; return the token for its cookie, which is kept nowhere.

    Ask for a second factor first. `owner` None: officers share it. Raises CannotRegister.
    """
    mine = Device.objects.filter(owner=owner, revoked_on__isnull=True)
    if not name or not 1 <= shift_hours <= LONGEST_SHIFT:
        raise CannotRegister
    if owner is not None and mine.count() >= MOST_OF_ONE:
        raise CannotRegister
    token = secrets.token_urlsafe(TOKEN_BYTES)
    device = Device.objects.create(
        agency=agency,
        name=name,
        owner=owner,
        shift_hours=shift_hours,
        token_digest=_digest(token),
        registered_by=by,
        registered_on=agency.day_of(now),
    )
    _log("DEVICE_REGISTERED", device, by=by, now=now)
    return token


@transaction.atomic(durable=True)
def revoke(device: Device, *, by: User, now: datetime) -> None:
    """Forget the device and end every session on it, at once; a second time changes nothing."""
    in_use = Device.objects.filter(pk=device.pk, revoked_on__isnull=True)
    if not in_use.update(revoked_on=device.agency.day_of(now)):
        return
    Session.objects.filter(device_id=device.pk).delete()
    _log("DEVICE_REVOKED", device, by=by, now=now)


def device_of(request: HttpRequest) -> Device | None:
    """The registered device that sends this request, by its cookie; nothing else tells it."""
    token = request.COOKIES.get(COOKIE, "")
    if not token or len(token) > 2 * TOKEN_BYTES:
        return None
    found = Device.objects.filter(token_digest=_digest(token), revoked_on__isnull=True)
    return found.select_related("agency").first()


def begin_shift(request: HttpRequest, *, now: datetime) -> Shift | None:
    """Let the session last for a shift, where the device is registered for this person's agency.

    Call it right after a second factor was noted: the device itself stands for none. Returns None
    where nothing changes: the session then ends with the browser.
    """
    user = request.user
    if not isinstance(user, User):
        return None
    device = device_of(request)
    if device is None or (device.owner_id not in (None, user.pk)):
        return None
    forget_rights(user)
    if device.agency_id not in agencies_of(user):
        return None
    ends = int(time.time()) + device.shift_hours * 3600
    shift = Shift(device.pk, device.name, device.is_shared, ends)
    request.session[NOTE] = shift.as_note()
    # The row keeps full hours alone; the exact end stands in the note, which is asked each time.
    request.session.set_expiry(datetime.fromtimestamp(ends, UTC) + timedelta(hours=1))
    with transaction.atomic():
        _log("SHIFT_BEGUN", device, by=user, now=now)
    return shift


def note_end(request: HttpRequest, *, now: datetime) -> None:
    """Write down that the officer ended the shift; the caller signs them out."""
    shift, user = note_of(request.session), request.user
    device = Device.objects.filter(pk=shift.device_id).first() if shift else None
    if device is not None and isinstance(user, User):
        with transaction.atomic():
            _log("SHIFT_ENDED", device, by=user, now=now)


def _digest(token: str) -> bytes:
    """A plain hash: the token has 128 random bits."""
    return hashlib.sha256(token.encode()).digest()


def _log(event: str, device: Device, *, by: User, now: datetime) -> None:
    record(
        event,
        by=Actor.staff(by.pk),
        subject=Subject("device", str(device.pk)),
        agency_id=device.agency_id,
        now=now,
    )
