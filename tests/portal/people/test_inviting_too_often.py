"""Invitations are mails to strangers: one mailbox gets few, and one person sends so many."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from engagement.outbox.models import Message
from engagement.people import invitations
from engagement.people.models import Invitation, User
from engagement.people.roles import Role
from engagement.places.models import Agency
from portal.people import lists
from tests import worlds

pytestmark = pytest.mark.django_db
TOO_MANY = "Those were many invitations"


@pytest.fixture
def cedar() -> Agency:
    return worlds.agency(now=timezone.now())


@pytest.fixture
def desk(cedar: Agency) -> Client:
    boss: User = worlds.officer(
        cedar, "Chief Clerk", role=Role.AGENCY_ADMIN, district=None, now=timezone.now()
    )
    return worlds.signed_in(boss)


def invite(desk: Client, email: str) -> str:
    today = Agency.objects.get(slug="cedar").day_of(timezone.now()).isoformat()
    typed = {"name": "New", "email": email, "language": "en", "roles": ["officer"]}
    answer = desk.post(
        reverse("desk_people_invite"), {**typed, "from_on": today, "until_on": ""}, follow=True
    )
    return answer.content.decode()


def test_one_mailbox_is_invited_three_times_an_hour_at_most(desk: Client) -> None:
    for _time in range(lists.MOST_TO_ONE):
        assert TOO_MANY not in invite(desk, "new@staff.example")
    assert TOO_MANY in invite(desk, "NEW@staff.example")
    assert Message.objects.filter(kind="people.invitation").count() == lists.MOST_TO_ONE
    assert TOO_MANY not in invite(desk, "other@staff.example"), "others are invited as before"


def test_a_link_is_not_sent_anew_again_and_again(desk: Client) -> None:
    invite(desk, "new@staff.example")
    path = reverse("desk_invitation_again", args=[Invitation.objects.get().pk])
    said = [desk.post(path, follow=True).content.decode() for _time in range(4)]
    assert [TOO_MANY in page for page in said] == [False, False, False, True]


def test_one_person_invites_so_many_an_hour(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "MOST_BY_ONE", 2)
    for number in range(2):
        assert TOO_MANY not in invite(desk, f"new{number}@staff.example")
    assert TOO_MANY in invite(desk, "third@staff.example")
    assert Invitation.objects.count() == 2


def test_an_agency_invites_so_many_a_day_even_without_the_counters(
    desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(invitations, "MOST_A_DAY", 1)
    invite(desk, "new@staff.example")
    assert TOO_MANY in invite(desk, "second@staff.example")
    assert Invitation.objects.count() == 1
