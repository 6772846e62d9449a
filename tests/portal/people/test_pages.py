"""The people desk: an administrator's own agency, never oneself, never another agency."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from engagement.outbox.models import Message
from engagement.people.invitations import invitation_named_by, token_of
from engagement.people.models import Grant, Invitation, User
from engagement.people.roles import Role
from engagement.places.models import Agency
from tests import worlds

pytestmark = pytest.mark.django_db
EMAIL = "canary.bird@staff.example"


@pytest.fixture
def cedar() -> Agency:
    return worlds.agency(now=timezone.now())


@pytest.fixture
def boss(cedar: Agency) -> User:
    return worlds.officer(
        cedar, "Chief Clerk", role=Role.AGENCY_ADMIN, district=None, now=timezone.now()
    )


@pytest.fixture
def officer(cedar: Agency) -> User:
    return worlds.officer(cedar, "Officer Vale", now=timezone.now())


@pytest.fixture
def desk(boss: User) -> Client:
    return worlds.signed_in(boss)


def invitation(**changes: object) -> dict[str, object]:
    today = Agency.objects.get(slug="cedar").day_of(timezone.now()).isoformat()
    said = {"name": "Officer New", "email": EMAIL, "language": "en", "roles": ["officer"]}
    return {**said, "from_on": today, "until_on": "", **changes}


def test_an_invited_person_chooses_a_password_and_sets_up_a_second_step(
    desk: Client, cedar: Agency
) -> None:
    sent = desk.post(reverse("desk_people_invite"), invitation(), follow=True)
    assert "on its way" in sent.content.decode()
    assert EMAIL not in sent.content.decode()
    made = Invitation.objects.get()
    path = reverse("account_invitation", args=[token_of(made)])
    visitor = Client()
    page = visitor.get(path).content.decode()
    assert cedar.name in page
    assert EMAIL not in page
    assert not User.objects.filter(name="Officer New").exists()
    short = visitor.post(path, {"password1": "short", "password2": "short"})
    assert "12 characters" in short.content.decode()
    said = {"password1": worlds.PASSWORD, "password2": worlds.PASSWORD}
    answer = visitor.post(path, said)
    assert re.match(r"/account/enrol/.+/", answer["Location"])
    assert User.objects.get(name="Officer New").grants.get().agency == cedar
    assert visitor.get(path).status_code == 404
    assert visitor.post(path, said).status_code == 404


def test_opening_the_link_does_nothing(desk: Client) -> None:
    desk.post(reverse("desk_people_invite"), invitation())
    token = token_of(Invitation.objects.get())
    for _each in range(3):
        Client().get(reverse("account_invitation", args=[token]))
    assert invitation_named_by(token or "", now=timezone.now()) is not None


def test_whoever_has_an_account_signs_in_first(desk: Client) -> None:
    known = worlds.resident(EMAIL, now=timezone.now())
    desk.post(reverse("desk_people_invite"), invitation())
    path = reverse("account_invitation", args=[token_of(Invitation.objects.get())])
    assert "Sign in, then come back" in Client().get(path).content.decode()
    Client().post(path, {"password1": worlds.PASSWORD, "password2": worlds.PASSWORD})
    assert not known.grants.exists()
    worlds.signed_in(known).post(path)
    assert known.grants.get().role == "officer"


def test_the_list_shows_roles_areas_and_factors_and_no_address(desk: Client, officer: User) -> None:
    page = desk.get(reverse("desk_people")).content.decode()
    for words in ("Officer Vale", "West District", "Not yet"):
        assert words in page
    assert "@" not in re.sub(r"<[^>]+>", "", page)


def test_the_list_asks_no_more_for_more_people(desk: Client, cedar: Agency) -> None:
    def questions() -> int:
        desk.get(reverse("desk_people"))  # shows what the session was to say once
        with CaptureQueriesContext(connection) as asked:
            assert desk.get(reverse("desk_people")).status_code == 200
        return len(asked)

    worlds.officer(cedar, "Officer One", now=timezone.now())
    few = questions()
    for number in range(8):
        worlds.officer(cedar, f"Officer {number}", district=None, now=timezone.now())
        desk.post(reverse("desk_people_invite"), invitation(email=f"p{number}@staff.example"))
    assert questions() == few <= 12


def test_roles_and_areas_are_given_and_ended(desk: Client, officer: User, cedar: Agency) -> None:
    today = cedar.day_of(timezone.now()).isoformat()
    role = {"role": "supervisor", "from_on": today, "until_on": ""}
    desk.post(reverse("desk_person_role", args=[officer.pk]), role)
    given = Grant.objects.get(user=officer, role="supervisor")
    desk.post(reverse("desk_person_role_end", args=[officer.pk, given.pk]))
    assert not Grant.objects.filter(pk=given.pk).exists()
    duty = officer.area_assignments.get()
    desk.post(reverse("desk_person_area_end", args=[officer.pk, duty.pk]))
    assert not officer.area_assignments.exists()
    said = {"area": duty.area_id, "is_lead": "on", "from_on": today, "until_on": ""}
    desk.post(reverse("desk_person_area", args=[officer.pk]), said)
    assert officer.area_assignments.get().area_id == duty.area_id


def test_an_administrator_cannot_touch_themselves(desk: Client, boss: User, cedar: Agency) -> None:
    own = boss.grants.get()
    today = cedar.day_of(timezone.now()).isoformat()
    role = {"role": "supervisor", "from_on": today, "until_on": ""}
    for name, numbers in (
        ("desk_person_role", [boss.pk]),
        ("desk_person_role_end", [boss.pk, own.pk]),
        ("desk_person_leave", [boss.pk]),
        ("desk_person_reset", [boss.pk]),
        ("desk_person_area", [boss.pk]),
    ):
        assert desk.post(reverse(name, args=numbers), role).status_code == 404
    assert list(boss.grants.all()) == [own]


def test_the_leave_page_says_first_what_happens(desk: Client, officer: User, cedar: Agency) -> None:
    worlds.reported(cedar, now=timezone.now())
    path = reverse("desk_person_leave", args=[officer.pk])
    page = desk.get(path).content.decode()
    assert "Open concerns" in page
    officer.refresh_from_db()
    assert officer.is_active
    done = desk.post(path, {"hand_to": ""}, follow=True)
    assert "handed over" in done.content.decode()
    officer.refresh_from_db()
    assert not officer.is_active


def test_people_of_another_agency_do_not_exist(desk: Client, officer: User) -> None:
    east = worlds.agency("eastfield", east=1.0, now=timezone.now())
    stranger = worlds.officer(east, "Stranger", now=timezone.now())
    theirs = worlds.officer(
        east, "Their Clerk", role=Role.AGENCY_ADMIN, district=None, now=timezone.now()
    )
    worlds.signed_in(theirs).post(reverse("desk_people_invite"), invitation())
    made = Invitation.objects.get()
    grant, duty = stranger.grants.get(), stranger.area_assignments.get()
    nowhere = 987654321
    for name, real in (
        ("desk_person", [stranger.pk]),
        ("desk_person_role", [stranger.pk]),
        ("desk_person_area", [stranger.pk]),
        ("desk_person_reset", [stranger.pk]),
        ("desk_person_leave", [stranger.pk]),
        ("desk_person_role_end", [officer.pk, grant.pk]),
        ("desk_person_area_end", [officer.pk, duty.pk]),
        ("desk_invitation_again", [made.pk]),
        ("desk_invitation_withdraw", [made.pk]),
    ):
        unreal = [*real[:-1], nowhere]
        for ask in (desk.get, desk.post):
            one, other = ask(reverse(name, args=real)), ask(reverse(name, args=unreal))
            assert one.status_code == other.status_code
            assert one.status_code in (404, 405)
            assert _plain(one.content) == _plain(other.content)
    assert Message.objects.filter(kind="people.invitation").count() == 1
    assert stranger.grants.get() == grant


def _plain(body: bytes) -> str:
    """Without the token of forms, which is new each time, and the page's own address."""
    text = re.sub(r'csrf\w*["\': =a-z]+[\w"]+', "", body.decode())
    return re.sub(r"/desk/people/[\w/]+|value=\"\w{64}\"|CSRFToken[^}]*", "", text)
