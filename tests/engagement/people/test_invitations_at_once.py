"""Two windows accept one link at the same moment: one account, one set of roles."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connections
from django.utils import timezone

from engagement.people.acceptance import CannotAccept, accept_anew
from engagement.people.invitations import token_of
from engagement.people.models import Grant, Invitation, User
from engagement.people.roles import Role
from tests import worlds
from tests.engagement.people.test_invitations import EMAIL, Offer, invite_person


def test_one_link_pressed_in_two_windows_makes_one_colleague(committed_database: str) -> None:
    now = timezone.now()
    cedar = worlds.agency(now=now)
    boss = worlds.officer(cedar, "Clerk", role=Role.AGENCY_ADMIN, district=None, now=now)
    made = invite_person(
        agency=cedar,
        email=EMAIL,
        language="en",
        offer=Offer("Officer New", (Role.OFFICER,), now.date()),
        inviter=boss,
        now=now,
    )
    token, start = token_of(made) or "", Barrier(4)

    def accept(_window: int) -> bool:
        start.wait()
        try:
            accept_anew(token=token, password=worlds.PASSWORD, now=timezone.now())
        except CannotAccept:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(4) as windows:
        assert sorted(windows.map(accept, range(4))) == [False, False, False, True]
    assert User.objects.filter(name="Officer New").count() == 1
    assert Grant.objects.filter(user__name="Officer New").count() == 1
    assert Invitation.objects.get().state == "accepted"


def test_two_agencies_ask_one_person_at_the_same_moment(committed_database: str) -> None:
    now = timezone.now()
    tokens: list[str] = []
    for slug, east in (("cedar", 0.0), ("eastfield", 1.0)):
        agency = worlds.agency(slug, east=east, now=now)
        boss = worlds.officer(agency, "Clerk", role=Role.AGENCY_ADMIN, district=None, now=now)
        made = invite_person(
            agency=agency,
            email=EMAIL,
            language="en",
            offer=Offer("Officer New", (Role.OFFICER,), now.date()),
            inviter=boss,
            now=now,
        )
        tokens.append(token_of(made) or "")
    start = Barrier(2)

    def accept(token: str) -> bool:
        start.wait()
        try:
            accept_anew(token=token, password=worlds.PASSWORD, now=timezone.now())
        except CannotAccept:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(2) as windows:
        assert sorted(windows.map(accept, tokens)) == [False, True]
    assert User.objects.filter(name="Officer New").count() == 1
    # The other one is still open: its owner signs in and says yes there too.
    assert Invitation.objects.filter(state="open").count() == 1
