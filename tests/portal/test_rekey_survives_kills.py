"""`rekey` is killed at every step, for every key, and goes on to the end."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from django.db import connections
from pytest_django import Settings

from concerns.models import Concern
from concerns.models.concern import Level
from engagement.audit.actors import Actor
from engagement.audit.subjects import Subject
from engagement.keys import registry, rekeying, store
from engagement.keys.models import RekeyProgress
from engagement.keys.purposes import REWRITABLE, Purpose
from engagement.keys.registry import Rekey
from engagement.people.factor_secrets import opened_secret, sealed_secret
from engagement.people.identity import (
    address_for_delivery,
    find_contacts,
    open_contact,
    reason_of,
    sign_in_keys,
)
from engagement.people.models import Contact, IdentityRead, User
from tests import worlds

SECRET = "JBSWY3DPEHPK3PXP"
NAMES = [f"resident-{number}@home.example" for number in range(3)]
REASON = "They asked to be called back."


@pytest.fixture
def people(
    committed_database: str, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three residents with an account, a second step, a report of their own and one by name."""
    settings.PORTAL_KEYS, settings.KEYS_MAY_BE_MADE = tmp_path / "keys", True
    settings.AUDIT_HEADS = tmp_path / "audit"
    monkeypatch.setattr(rekeying, "BATCH", 1)
    agency = worlds.agency()
    for name in NAMES:
        user = worlds.resident(name)
        Authenticator.objects.create(
            user=user,
            type=Authenticator.Type.TOTP,
            data={"secret": sealed_secret(SECRET, user_id=user.pk)},
        )
        worlds.reported(agency, level=Level.SIGNED_IN, account_user_id=user.pk)
        worlds.reported(agency, level=Level.CONFIDENTIAL, email=name)
    contact = find_contacts(NAMES[0], agency.pk)[0]
    subject = Subject("concern", "7K3M9QXT2C")
    open_contact(contact, by=Actor.staff(1), subject=subject, reason=REASON, now=worlds.NOW)


def everything_opens() -> None:
    for name in NAMES:
        user = User.objects.get(sign_in_key__in=sign_in_keys(name))
        assert Concern.objects.linked_to(user).count() == 1
        factor = Authenticator.objects.get(user=user)
        assert opened_secret(factor.data["secret"], user_id=user.pk) == SECRET
    found = 0
    for contact in Contact.objects.order_by("pk"):
        address = address_for_delivery(contact.pk)
        assert address is not None
        assert contact in find_contacts(address.value, contact.agency_id)
        found += 1
    assert found == 9
    assert reason_of(IdentityRead.objects.get()) == REASON


def die(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def killed_in_a_child(purpose: Purpose, prepare: Callable[[], Callable[[str], None]]) -> None:
    """Run rekey in a process of its own, which `prepare` rigs to be killed."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            say = prepare()
            rekeying.rekey(purpose, say=say, settle_seconds=0, drain_seconds=20)
        finally:
            os._exit(0)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL


def silent(_: str) -> None:
    pass


def before_any_row() -> Callable[[str], None]:
    rekeying._wait_for_writers = die  # type: ignore[assignment]
    return silent


def after_the_first_batch() -> Callable[[str], None]:
    return die


def within_the_second_batch() -> Callable[[str], None]:
    """Rows are rewritten and not yet committed."""

    def rigged(found: Rekey) -> Rekey:
        def batch(after_id: int, limit: int) -> int:
            last = found.batch(after_id, limit)
            if after_id:
                die()
            return last

        return Rekey(found.name, batch, found.purposes)

    for name, found in registry._registered.items():
        registry._registered[name] = rigged(found)
    return silent


def before_the_old_key_goes() -> Callable[[str], None]:
    rekeying.store.retire_old_versions = die  # type: ignore[assignment]
    return silent


def when_the_old_key_is_gone() -> Callable[[str], None]:
    retire = store.retire_old_versions

    def retire_and_die(purpose: Purpose) -> list[int]:
        retire(purpose)
        die()
        return []

    rekeying.store.retire_old_versions = retire_and_die
    return silent


STEPS = [
    before_any_row,
    after_the_first_batch,
    within_the_second_batch,
    before_the_old_key_goes,
    when_the_old_key_is_gone,
]


def until_the_dead_one_is_gone(purpose: Purpose) -> None:
    """The database notices a killed client when it next looks at its line."""
    for _ in range(1000):
        try:
            rekeying.rekey(purpose, say=silent, settle_seconds=0, drain_seconds=20)
        except rekeying.CannotRekey:
            continue
        return
    pytest.fail("the lock of a killed run is still held")


@pytest.mark.parametrize("purpose", sorted(REWRITABLE))
def test_a_killed_run_goes_on_and_everything_still_opens(people: None, purpose: Purpose) -> None:
    everything_opens()
    for step in STEPS:
        before = store.ring(purpose).current
        killed_in_a_child(purpose, step)
        everything_opens()  # also in between, under two keys
        until_the_dead_one_is_gone(purpose)
        ring = store.ring(purpose)
        assert len(ring.versions) == 1, step
        assert ring.current > before
        assert not RekeyProgress.objects.filter(purpose=purpose, version=ring.current).exists()
        everything_opens()
