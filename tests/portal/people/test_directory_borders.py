"""What somebody tries through a directory who should get nowhere by it."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from engagement.outside.gateway import CannotReach
from engagement.people import directories
from engagement.people.directories import ask_about_everyone, party_of
from engagement.people.factors import add_app
from engagement.people.invitations import Offer, invite_person, token_of
from engagement.people.models import DirectoryLink, Session
from engagement.people.openid import ask_again
from engagement.people.roles import Role
from engagement.places.models import Agency
from tests import worlds
from tests.engagement.people.issuer import AnyIssuer, another_make, remove
from tests.engagement.people.phone import code_of
from tests.portal.people.test_directory import (
    came_back,
    connection,
    linked,
    signed_in_through,
)
from tests.portal.people.two_agencies import also, cedar, east, service, staff

__all__ = ["cedar", "east", "service"]
pytestmark = pytest.mark.django_db
APP = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.mark.usefixtures("service")
def test_a_sign_in_left_at_the_second_step_does_not_outlive_the_directorys_no(
    cedar: Agency,
) -> None:
    officer = staff(cedar, "Officer Vale")
    add_app(user=officer, secret=APP, code=code_of(APP, steps=-1), now=timezone.now())
    with another_make("sub-7", amr=["pwd"]) as plain:
        linked(connection(cedar, plain), officer)
        left, other = Client(), Client()
        signed_in_through(left)
        signed_in_through(other)
        other.post(reverse("mfa_authenticate"), {"code": code_of(APP)})
        assert other.get(reverse("desk_concerns")).status_code == 200
        remove(plain, "sub-7")
        assert ask_about_everyone(now=timezone.now() + timedelta(minutes=15)) == 1
        left.post(reverse("mfa_authenticate"), {"code": code_of(APP, steps=1)})
        assert left.get(reverse("desk_concerns")).status_code == 404


@pytest.mark.usefixtures("service")
def test_the_directorys_word_dies_with_the_shift(cedar: Agency) -> None:
    officer = staff(cedar, "Officer Vale")
    with another_make("sub-7", amr=["pwd"]) as plain:
        linked(connection(cedar, plain, is_required=True), officer)
        client = Client()
        signed_in_through(client)
        session = client.session
        note = {**session["people.directory"]}
        note["at"] = int((timezone.now() - timedelta(hours=13)).timestamp())
        session["people.directory"] = note
        session["people.factor"] = {
            "kind": "totp",
            "at": int(timezone.now().timestamp()),
            "user": officer.pk,
        }
        session.save()
        door = client.get(reverse("desk_concerns"))
        assert door.status_code == 302
        assert door["Location"].startswith(reverse("account_directory"))


@pytest.mark.usefixtures("service")
def test_whoever_rules_one_directory_connects_nobody_to_another(
    cedar: Agency, east: Agency
) -> None:
    officer = staff(cedar, "Officer Vale")
    also(officer, Role.OFFICER, east)
    with another_make("sub-7", "sub-8", amr=["mfa"]) as address:
        linked(connection(cedar, address), officer)
        connection(east, address, slug="east-entra")
        client = Client()
        signed_in_through(client)
        answer = client.post(reverse("account_directory_connect", args=["east-entra"]))
        assert answer.status_code == 303
        assert answer["Location"].startswith(reverse("account_confirm"))


@pytest.mark.usefixtures("service")
def test_one_directory_that_answers_nonsense_keeps_nobody_elsewhere_in(
    cedar: Agency, east: Agency
) -> None:
    officer, theirs = staff(cedar, "Officer Vale"), staff(east, "Stranger")
    with AnyIssuer() as odd, another_make("sub-7", amr=["mfa"]) as address:
        first = linked(connection(cedar, odd.address, slug="odd"), officer, "person-1")
        linked(connection(east, address), theirs)
        client = Client()
        signed_in_through(client)
        soon = timezone.now() + timedelta(minutes=15)
        worlds.trusted(officer)  # somebody whom the first directory is to be asked about
        DirectoryLink.objects.filter(pk=first.pk).update(
            ask_at=timezone.now(), refresh_token=b"not sealed at all"
        )
        remove(address, "sub-7")
        assert ask_about_everyone(now=soon) == 1
        assert not Session.objects.filter(user=theirs).exists()


@pytest.mark.usefixtures("service")
@pytest.mark.parametrize("error", [{"code": 400}, ["invalid_grant"], 7])
def test_an_error_of_another_shape_ends_nothing(cedar: Agency, error: Any) -> None:
    with AnyIssuer() as odd:
        party = party_of(connection(cedar, odd.address))
        odd.refused = error
        with pytest.raises(CannotReach):
            ask_again(party, refresh_token="r", subject_was=lambda _subject: True)


def test_no_session_holds_the_token_of_an_invitation(cedar: Agency, settings: Settings) -> None:
    settings.OUTBOUND_LOOPBACK = True
    boss, now = staff(cedar, "Clerk", Role.AGENCY_ADMIN), timezone.now()
    made = invite_person(
        agency=cedar,
        email="o@staff.example",
        language="en",
        offer=Offer("Officer New", (Role.OFFICER,), now.date()),
        inviter=boss,
        now=now,
    )
    token, client = token_of(made) or "", Client()
    with another_make("sub-7", amr=["mfa"]) as address:
        connection(cedar, address)
        start = client.post(reverse("account_directory_invited", args=["cedar-entra", token]))
        assert token not in str(dict(client.session))
        came_back(client, start, "sub-7")
        assert token not in str(dict(client.session))


@pytest.mark.usefixtures("service")
def test_a_directory_that_is_away_is_waited_for_once(
    cedar: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = connection(cedar, "http://localhost:9")
    waited: list[str] = []

    def away(party: Any, **_said: Any) -> str:
        waited.append(party.issuer)
        raise CannotReach("no answer")

    monkeypatch.setattr(directories, "ask_again", away)
    now = timezone.now()
    for number in range(3):
        user = staff(cedar, f"Officer {number}")
        worlds.trusted(user)
        link = linked(made, user, f"sub-{number}")
        DirectoryLink.objects.filter(pk=link.pk).update(ask_at=now)
    assert ask_about_everyone(now=now) == 0
    assert len(waited) == 1


def test_a_no_to_an_older_token_does_not_end_a_newer_sign_in(cedar: Agency) -> None:
    officer, now = staff(cedar, "Officer Vale"), timezone.now()
    link = linked(connection(cedar, "http://localhost:9"), officer)
    client = worlds.trusted(officer)
    DirectoryLink.objects.filter(pk=link.pk).update(refresh_token=b"of a newer sign-in")
    assert not directories.end_access(link=link, now=now)
    assert client.get(reverse("desk_concerns")).status_code == 200


def test_one_account_is_one_person_of_the_directory(cedar: Agency) -> None:
    officer, made = staff(cedar, "Officer Vale"), connection(cedar, "http://localhost:9")
    linked(made, officer, "sub-7")
    with pytest.raises(directories.CannotConnect):
        linked(made, officer, "sub-8")
