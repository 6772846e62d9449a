"""Second factors of staff: added, checked and removed. Whether one may is asked at the door."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.db import transaction
from django.utils.crypto import constant_time_compare
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from engagement.audit.actions import record
from engagement.audit.actors import Actor
from engagement.audit.subjects import Subject
from engagement.keys.moments import floor_to_hour
from engagement.people.factor_secrets import opened_secret, sealed_secret
from engagement.people.models import EnrolmentPermit, Grant, User
from engagement.people.notices import tell_account
from engagement.people.trust import FactorKind

MOST_FACTORS = 10
KINDS = {
    Authenticator.Type.TOTP: FactorKind.TOTP,
    Authenticator.Type.WEBAUTHN: FactorKind.SECURITY_KEY,
}
# A key proves at each use only whether it was a passkey, so its entry in the list says both.
WORDS: dict[str, Promise] = {
    Authenticator.Type.TOTP: _("Authenticator app"),
    Authenticator.Type.WEBAUTHN: _("Security key or passkey"),
}


class WrongCode(Exception):
    """Not the code of this moment, or one that was used already."""


class CannotAdd(Exception):
    """There is an authenticator app already, or there are enough keys."""


class CannotRemove(Exception):
    """It is the last one, or no factor of this account."""


@dataclass(frozen=True)
class Factor:
    """One factor as its owner reads it; `name` was typed by them and is empty for an app."""

    id: int
    kind: FactorKind
    words: Promise
    name: str
    added_on: datetime


def is_staff_account(user: User) -> bool:
    """Whether a second factor is asked of this account: it holds, held or will hold a role."""
    return user.is_superuser or Grant.objects.filter(user=user).exists()


def has_factors(user: User) -> bool:
    return bool(_factors(user).exists())


def factors_of(user: User) -> list[Factor]:
    """Oldest first."""
    return [
        Factor(
            id=row.pk,
            kind=KINDS[row.type],
            words=WORDS[row.type],
            name=str(row.data.get("name", "")),
            added_on=row.created_at,
        )
        for row in _factors(user)
    ]


def has_app(user: User) -> bool:
    return bool(_factors(user).filter(type=Authenticator.Type.TOTP).exists())


@transaction.atomic
def add_app(*, user: User, secret: str, code: str, now: datetime) -> None:
    """Store an authenticator app that has just shown a code. Raises WrongCode, CannotAdd.

    That very code is used up with it.
    """
    counter = _counter_of(secret, code, after=-1)
    _lock(user)
    if has_app(user):
        raise CannotAdd
    data = {"secret": sealed_secret(secret, user_id=user.pk), "last_counter": counter}
    _add(user, Authenticator.Type.TOTP, data, now)


@transaction.atomic
def add_key(*, user: User, name: str, credential: Mapping[str, Any], now: datetime) -> None:
    """Store a security key or passkey whose registration was checked. Raises CannotAdd."""
    _lock(user)
    if _factors(user).count() >= MOST_FACTORS:
        raise CannotAdd
    data = {"name": name, "credential": dict(credential)}
    _add(user, Authenticator.Type.WEBAUTHN, data, now)


@transaction.atomic
def check_code(*, user: User, code: str, now: datetime) -> None:
    """Take a code of the account's app; each works once (RFC 6238 5.2). Raises WrongCode."""
    row = _factors(user).filter(type=Authenticator.Type.TOTP).select_for_update().first()
    if row is None:
        raise WrongCode
    secret = opened_secret(row.data["secret"], user_id=user.pk)
    row.data["last_counter"] = _counter_of(secret, code, after=row.data["last_counter"])
    row.last_used_at = floor_to_hour(now)
    row.save(update_fields=["data", "last_used_at"])


@transaction.atomic
def remove_factor(*, user: User, factor_id: int, now: datetime) -> None:
    """Remove one factor, never the last: nobody may lock themselves out. Raises CannotRemove."""
    _lock(user)
    rows = {row.pk: row for row in _factors(user)}
    if factor_id not in rows or len(rows) == 1:
        raise CannotRemove
    kind = KINDS[rows[factor_id].type]
    rows[factor_id].delete()
    _tell("FACTOR_REMOVED", user, kind, now)


def _factors(user: User) -> Any:
    return Authenticator.objects.filter(user_id=user.pk, type__in=list(KINDS)).order_by("pk")


def _lock(user: User) -> None:
    """Two windows that add or remove at once follow each other."""
    User.objects.select_for_update().only("pk").get(pk=user.pk)


def _add(user: User, kind: str, data: dict[str, Any], now: datetime) -> None:
    Authenticator.objects.create(
        user=user, type=kind, data=data, created_at=floor_to_hour(now), last_used_at=None
    )
    EnrolmentPermit.objects.filter(user=user).delete()
    _tell("FACTOR_ADDED", user, KINDS[Authenticator.Type(kind)], now)


def _tell(event: str, user: User, kind: FactorKind, now: datetime) -> None:
    record(
        event,
        by=Actor.staff(user.pk),
        subject=Subject("account", str(user.pk)),
        agency_id=None,
        now=now,
        payload={"kind": kind.value},
    )
    # Whoever did not do this themselves must hear of it.
    tell_account(user, "factors", now)


def _counter_of(secret: str, code: str, *, after: int) -> int:
    """The time step of a code, looking one step back and ahead. Raises WrongCode."""
    typed = "".join(code.split())
    for counter in yield_hotp_counters_from_time():
        is_new = counter > after
        if constant_time_compare(typed, format_hotp_value(hotp_value(secret, counter))) and is_new:
            return int(counter)
    raise WrongCode
