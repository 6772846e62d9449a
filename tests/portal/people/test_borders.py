"""What somebody tries at the people desk who should get nowhere by it."""

import time
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from engagement.people.actions import grant_role
from engagement.people.factors import add_app, add_key, factors_of
from engagement.people.forms import RESET_TAKES_SECONDS
from engagement.people.invitations import CannotInvite, Offer, invite_person, token_of
from engagement.people.models import Grant, PendingStep, User
from engagement.people.roles import Role
from engagement.places.models import Agency, Area
from tests import worlds
from tests.engagement.people.phone import code_of
from tests.portal.people.two_agencies import also, cedar, east, service, staff

__all__ = ["cedar", "east", "service"]
pytestmark = pytest.mark.django_db
APP = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.mark.usefixtures("service")
def test_ending_a_role_wants_a_second_step_of_now(cedar: Agency) -> None:
    boss, officer = staff(cedar, "Clerk", Role.AGENCY_ADMIN), staff(cedar, "Officer Vale")
    grant = officer.grants.get()
    client = worlds.trusted(boss, age=timedelta(hours=1))
    path = reverse("desk_person_role_end", args=[officer.pk, grant.pk])
    assert client.post(path)["Location"].startswith(reverse("account_confirm"))
    assert Grant.objects.filter(pk=grant.pk).exists()


@pytest.mark.usefixtures("service")
def test_the_way_back_from_the_second_step_is_a_page(cedar: Agency) -> None:
    boss, officer = staff(cedar, "Clerk", Role.AGENCY_ADMIN), staff(cedar, "Officer Vale")
    add_app(user=boss, secret=APP, code=code_of(APP, steps=-1), now=timezone.now())
    client = worlds.trusted(boss, age=timedelta(hours=1))
    page = reverse("desk_person", args=[officer.pk])
    for name in ("desk_person_role", "desk_person_reset"):
        path = reverse(name, args=[officer.pk])
        sent = client.post(path, HTTP_REFERER=f"http://testserver{page}?agency=cedar")
        assert client.get(sent["Location"]).status_code == 200
        back = parse_qs(urlsplit(sent["Location"]).query)["next"][0]
        assert back == f"{page}?agency=cedar"
        away = client.post(path, HTTP_REFERER=f"http://evil.example{page}")
        assert "evil" not in away["Location"]
    removed = client.post(reverse("account_remove_factor"))
    assert parse_qs(urlsplit(removed["Location"]).query)["next"] == [reverse("account_security")]


def test_nobody_lets_go_of_somebody_who_works_elsewhere_now(cedar: Agency, east: Agency) -> None:
    boss, mover = staff(cedar, "Clerk", Role.AGENCY_ADMIN), staff(cedar, "Mover")
    Grant.objects.filter(user=mover).update(
        from_on=timezone.now() - timedelta(days=90), until_on=timezone.now() - timedelta(days=30)
    )
    also(mover, Role.OFFICER, east)
    theirs = worlds.signed_in(mover)
    worlds.signed_in(boss).post(reverse("desk_person_leave", args=[mover.pk]), {"hand_to": ""})
    assert theirs.get(reverse("desk_concerns")).status_code == 200


def test_an_administrator_elsewhere_is_no_less_one(cedar: Agency, east: Agency) -> None:
    boss = staff(cedar, "Clerk", Role.AGENCY_ADMIN)
    also(boss, Role.AGENCY_ADMIN, east)
    chief = staff(east, "Their Clerk", Role.AGENCY_ADMIN)
    also(chief, Role.OFFICER, cedar)
    add_key(user=chief, name="blue", credential={}, now=timezone.now())
    path = reverse("desk_person_reset", args=[chief.pk])
    worlds.signed_in(boss).post(f"{path}?agency=cedar")
    assert len(factors_of(chief)) == 1
    assert PendingStep.objects.get().person == chief


def test_a_small_agency_without_a_chief_invites_no_administrator(cedar: Agency) -> None:
    boss = staff(cedar, "Clerk", Role.AGENCY_ADMIN)
    Agency.objects.filter(pk=cedar.pk).update(is_small=True)
    cedar.refresh_from_db()
    now = timezone.now()
    said = {
        "name": "New",
        "email": "n@staff.example",
        "language": "en",
        "roles": ["agency_admin"],
        "from_on": cedar.day_of(now).isoformat(),
        "until_on": "",
    }
    page = worlds.signed_in(boss).post(reverse("desk_people_invite"), said)
    assert "chief" in page.content.decode()
    made = invite_person(
        agency=cedar,
        email="o@staff.example",
        language="en",
        offer=Offer("Officer New", (Role.OFFICER,), cedar.day_of(now)),
        inviter=boss,
        now=now,
    )
    type(made).objects.filter(pk=made.pk).update(roles=["agency_admin"])
    path = reverse("account_invitation", args=[token_of(made)])
    words = {"password1": worlds.PASSWORD, "password2": worlds.PASSWORD}
    assert Client().post(path, words).status_code == 302
    assert not User.objects.filter(name="Officer New").exists()


def test_the_operator_adds_no_second_administrator_alone(cedar: Agency) -> None:
    operator, other = worlds.operator(now=timezone.now()), staff(cedar, "Officer Vale")
    client = worlds.signed_in(operator)
    form = {
        "user": other.pk,
        "role": "agency_admin",
        "agency": cedar.pk,
        "from_on": cedar.day_of(timezone.now()).isoformat(),
    }
    assert client.post(reverse("admin:people_grant_add"), form).status_code == 302
    assert other.grants.filter(role="agency_admin").exists()
    third = staff(cedar, "Third")
    refused = client.post(reverse("admin:people_grant_add"), {**form, "user": third.pk})
    assert "This agency has an administrator" in refused.content.decode()
    assert not third.grants.filter(role="agency_admin").exists()
    row = third.grants.get()
    change = reverse("admin:people_grant_change", args=[row.pk])
    client.post(change, {**form, "user": third.pk})
    assert not third.grants.filter(role="agency_admin").exists()


@pytest.mark.usefixtures("service")
def test_a_role_is_deleted_only_with_a_second_step_of_now(cedar: Agency) -> None:
    operator, other = worlds.operator(now=timezone.now()), staff(cedar, "Officer Vale")
    client = worlds.trusted(operator, age=timedelta(hours=1))
    grant = other.grants.get()
    client.post(reverse("admin:people_grant_delete", args=[grant.pk]), {"post": "yes"})
    assert other.grants.filter(pk=grant.pk).exists()
    answer = client.get(reverse("admin:people_agencychief_add"))
    assert answer.status_code == 303


def test_a_step_asked_for_by_somebody_who_lost_the_right_is_not_confirmed(cedar: Agency) -> None:
    boss = staff(cedar, "Clerk", Role.AGENCY_ADMIN)
    second = staff(cedar, "Second", Role.AGENCY_ADMIN)
    officer = staff(cedar, "Officer Vale")
    said = {
        "role": "agency_admin",
        "from_on": cedar.day_of(timezone.now()).isoformat(),
        "until_on": "",
    }
    worlds.signed_in(boss).post(reverse("desk_person_role", args=[officer.pk]), said)
    step = PendingStep.objects.get()
    boss.grants.get().delete()
    worlds.signed_in(second).post(reverse("desk_step_confirm", args=[step.pk]))
    assert not officer.grants.filter(role="agency_admin").exists()


def test_second_steps_are_not_taken_from_somebody_who_has_since_come_to_another_agency(
    cedar: Agency, east: Agency
) -> None:
    boss = staff(cedar, "Clerk", Role.AGENCY_ADMIN)
    second = staff(cedar, "Second", Role.AGENCY_ADMIN)
    mover = staff(cedar, "Mover", Role.AGENCY_ADMIN)
    add_key(user=mover, name="blue", credential={}, now=timezone.now())
    worlds.signed_in(boss).post(reverse("desk_person_reset", args=[mover.pk]))
    step = PendingStep.objects.get()
    also(mover, Role.OFFICER, east)
    worlds.signed_in(second).post(reverse("desk_step_confirm", args=[step.pk]))
    assert len(factors_of(mover)) == 1
    Grant.objects.filter(user=mover, agency=east).delete()
    worlds.signed_in(second).post(reverse("desk_step_confirm", args=[step.pk]))
    assert len(factors_of(mover)) == 0


def test_whoever_administers_some_areas_decides_nothing_for_the_agency(cedar: Agency) -> None:
    boss, officer = staff(cedar, "Clerk", Role.AGENCY_ADMIN), staff(cedar, "Officer Vale")
    narrow, now = staff(cedar, "Narrow"), timezone.now()
    west = Area.objects.get(agency=cedar, layer="district", code="1")
    grant_role(
        user=narrow,
        role=Role.AGENCY_ADMIN,
        agency=cedar,
        areas=[west],
        from_on=cedar.day_of(now),
        by=worlds.BY,
        now=now,
    )
    said = {"role": "agency_admin", "from_on": cedar.day_of(now).isoformat(), "until_on": ""}
    worlds.signed_in(boss).post(reverse("desk_person_role", args=[officer.pk]), said)
    step = PendingStep.objects.get()
    client = worlds.signed_in(narrow)
    for path in (
        reverse("desk_step_confirm", args=[step.pk]),
        reverse("desk_step_refuse", args=[step.pk]),
        reverse("desk_person_reset", args=[officer.pk]),
    ):
        assert client.post(path).status_code == 404
    with pytest.raises(CannotInvite):
        invite_person(
            agency=cedar,
            email="o@staff.example",
            language="en",
            offer=Offer("New", (Role.AGENCY_ADMIN,), cedar.day_of(now), areas=(west,)),
            inviter=narrow,
            now=now,
        )


@pytest.mark.usefixtures("service")
def test_an_ended_role_closes_an_open_window(cedar: Agency) -> None:
    boss, officer = staff(cedar, "Clerk", Role.AGENCY_ADMIN), staff(cedar, "Officer Vale")
    window = worlds.trusted(officer)
    assert window.get(reverse("desk_concerns")).status_code == 200
    path = reverse("desk_person_role_end", args=[officer.pk, officer.grants.get().pk])
    worlds.trusted(boss).post(path)
    assert window.get(reverse("desk_concerns")).status_code == 404


def test_asking_for_a_new_password_takes_as_long_without_an_account(cedar: Agency) -> None:
    staff(cedar, "Officer Vale", email="vale@staff.example")
    for address in ("vale@staff.example", "nobody@staff.example"):
        began = time.monotonic()
        Client().post(reverse("account_reset_password"), {"email": address})
        assert time.monotonic() - began >= RESET_TAKES_SECONDS
