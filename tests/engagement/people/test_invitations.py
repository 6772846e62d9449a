"""People are asked by mail to work here, and nothing opens before they say yes."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.urls import reverse

from engagement.audit.models import Entry
from engagement.outbox.models import Message
from engagement.people import steps
from engagement.people.acceptance import CannotAccept, accept_anew, accept_as
from engagement.people.actions import CannotGrant, grant_role
from engagement.people.granting import GIVE_ROLE, end_grant, give_role
from engagement.people.identity import store_contact
from engagement.people.invitations import (
    CannotInvite,
    Offer,
    forget_unanswered,
    invitation_named_by,
    invite_person,
    resend,
    revoke,
    token_of,
)
from engagement.people.models import (
    AgencyChief,
    EnrolmentPermit,
    Grant,
    Invitation,
    PendingStep,
    User,
)
from engagement.people.rights import allowed
from engagement.people.roles import Role
from engagement.places.models import Agency, Area
from tests import worlds

pytestmark = pytest.mark.django_db
NOW = worlds.NOW
TODAY = NOW.date()
EMAIL = "new.colleague@staff.example"


@pytest.fixture(autouse=True)
def on_that_day() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def cedar() -> Agency:
    return worlds.agency()


@pytest.fixture
def boss(cedar: Agency) -> User:
    return worlds.officer(cedar, "Chief Clerk", role=Role.AGENCY_ADMIN, district=None)


def invited(
    cedar: Agency, boss: User, *roles: Role, email: str = EMAIL, areas: tuple[Area, ...] = ()
) -> tuple[Invitation, str]:
    made = invite_person(
        agency=cedar,
        email=email,
        language="es",
        offer=Offer("Officer New", roles or (Role.OFFICER,), TODAY, areas=areas),
        inviter=boss,
        now=NOW,
    )
    token = token_of(made)
    assert token is not None
    return made, token


def test_an_invitation_makes_no_account_and_mails_one_link(cedar: Agency, boss: User) -> None:
    before = User.objects.count()
    made, _token = invited(cedar, boss)
    assert User.objects.count() == before
    message = Message.objects.get(kind="people.invitation")
    assert (message.agency_id, message.contact_id) == (cedar.pk, made.contact_id)


def test_no_row_holds_the_token(cedar: Agency, boss: User) -> None:
    made, token = invited(cedar, boss)
    row = Invitation.objects.values().get(pk=made.pk)
    assert token not in str(row)
    assert token.encode() not in bytes(row["token_digest"])


def test_saying_yes_gives_the_roles_in_their_areas(cedar: Agency, boss: User) -> None:
    west = Area.objects.get(agency=cedar, layer="district", code="1")
    made, token = invited(cedar, boss, Role.OFFICER, Role.ORGANISER, areas=(west,))
    user = accept_anew(token=token, password=worlds.PASSWORD, now=NOW)
    assert sorted(user.grants.values_list("role", flat=True)) == ["officer", "organiser"]
    assert all(list(grant.areas.all()) == [west] for grant in user.grants.order_by("pk"))
    assert user.check_password(worlds.PASSWORD)
    assert (user.name, user.language) == ("Officer New", "es")
    assert EnrolmentPermit.objects.filter(user=user).exists()
    made.refresh_from_db()
    assert made.accepted_by == user
    assert bytes(made.contact.ciphertext) == b""


def test_a_link_works_once(cedar: Agency, boss: User) -> None:
    _made, token = invited(cedar, boss)
    accept_anew(token=token, password=worlds.PASSWORD, now=NOW)
    with pytest.raises(CannotAccept):
        accept_anew(token=token, password=worlds.PASSWORD, now=NOW)
    assert User.objects.filter(name="Officer New").count() == 1


def test_a_link_dies_after_seven_days(cedar: Agency, boss: User) -> None:
    _made, token = invited(cedar, boss)
    later = NOW + timedelta(days=7, seconds=1)
    assert invitation_named_by(token, now=later) is None
    with pytest.raises(CannotAccept):
        accept_anew(token=token, password=worlds.PASSWORD, now=later)


def test_a_withdrawn_link_does_nothing(cedar: Agency, boss: User) -> None:
    made, token = invited(cedar, boss)
    revoke(invitation=made, by=worlds.BY, now=NOW)
    with pytest.raises(CannotAccept):
        accept_anew(token=token, password=worlds.PASSWORD, now=NOW)
    with pytest.raises(CannotInvite):
        resend(invitation=made, by=worlds.BY, now=NOW)


def test_a_new_link_ends_the_earlier_one(cedar: Agency, boss: User) -> None:
    made, token = invited(cedar, boss)
    resend(invitation=made, by=worlds.BY, now=NOW)
    assert invitation_named_by(token, now=NOW) is None
    made.refresh_from_db()
    fresh = token_of(made)
    assert fresh is not None
    assert invitation_named_by(fresh, now=NOW) == made


def test_inviting_an_address_twice_leaves_one_link(cedar: Agency, boss: User) -> None:
    _made, token = invited(cedar, boss)
    invited(cedar, boss)
    assert invitation_named_by(token, now=NOW) is None
    assert Invitation.objects.open(NOW).count() == 1


def test_an_address_with_an_account_is_answered_alike(cedar: Agency, boss: User) -> None:
    worlds.resident(EMAIL)
    made, _token = invited(cedar, boss)
    other, _other = invited(cedar, boss, email="unknown@staff.example")
    page = worlds.signed_in(boss).get(reverse("desk_people")).content.decode()
    assert page.count("Officer New") == 2
    assert made.state == other.state


def test_whoever_has_an_account_says_yes_as_themselves(cedar: Agency, boss: User) -> None:
    known = worlds.resident(EMAIL)
    stranger = worlds.resident("other@home.example")
    _made, token = invited(cedar, boss)
    with pytest.raises(CannotAccept):
        accept_as(token=token, user=stranger, now=NOW)
    with pytest.raises(CannotAccept):
        accept_anew(token=token, password=worlds.PASSWORD, now=NOW)
    accept_as(token=token, user=known, now=NOW)
    assert not stranger.grants.exists()
    assert known.grants.get().role == "officer"


def test_an_invitation_of_somebody_who_left_gives_nothing(cedar: Agency, boss: User) -> None:
    _made, token = invited(cedar, boss)
    User.objects.filter(pk=boss.pk).update(is_active=False)
    with pytest.raises(CannotAccept):
        accept_anew(token=token, password=worlds.PASSWORD, now=NOW)


def test_nobody_is_invited_to_run_the_installation(cedar: Agency, boss: User) -> None:
    with pytest.raises(CannotInvite):
        invited(cedar, boss, Role.OPERATOR)
    assert not Invitation.objects.exists()


def test_another_agency_invites_nobody_here(cedar: Agency) -> None:
    east = worlds.agency("eastfield", east=1.0)
    theirs = worlds.officer(east, role=Role.AGENCY_ADMIN, district=None)
    with pytest.raises(CannotInvite):
        invited(cedar, theirs)


def test_nobody_gives_a_role_to_themselves(cedar: Agency, boss: User) -> None:
    with pytest.raises(CannotGrant):
        give_role(
            person=boss,
            role=Role.SUPERVISOR,
            agency=cedar,
            areas=(),
            from_on=TODAY,
            until_on=None,
            giver=boss,
            now=NOW,
        )
    operator = worlds.operator()
    with pytest.raises(CannotGrant):
        grant_role(
            user=operator,
            role=Role.CUSTODIAN,
            agency=cedar,
            from_on=TODAY,
            by=worlds.Actor.staff(operator.pk),
            now=NOW,
        )
    assert boss.grants.count() == 1
    assert not operator.grants.exists()


def test_an_administrator_of_some_areas_gives_no_wider_ones(cedar: Agency) -> None:
    west, east = Area.objects.filter(agency=cedar, layer="district").order_by("code")
    narrow = worlds.officer(cedar, "Narrow", district=None)
    grant_role(
        user=narrow,
        role=Role.AGENCY_ADMIN,
        agency=cedar,
        areas=[west],
        from_on=TODAY,
        by=worlds.BY,
        now=NOW,
    )
    for areas in ((), (east,), (west, east)):
        with pytest.raises(CannotInvite):
            invited(cedar, narrow, areas=areas)
    invited(cedar, narrow, areas=(west,))


def test_an_administrator_is_made_by_two(cedar: Agency, boss: User) -> None:
    second = worlds.officer(cedar, "Second", role=Role.AGENCY_ADMIN, district=None)
    _made, token = invited(cedar, boss, Role.OFFICER, Role.AGENCY_ADMIN)
    user = accept_anew(token=token, password=worlds.PASSWORD, now=NOW)
    assert user.grants.get().role == "officer"
    step = PendingStep.objects.get(verb=GIVE_ROLE)
    for wrong in (boss, user):
        with pytest.raises(steps.CannotConfirm):
            steps.confirm(step=step, user=wrong, now=NOW + timedelta(days=2))
    steps.confirm(step=step, user=second, now=NOW)
    assert user.grants.filter(role="agency_admin").exists()
    with pytest.raises(steps.CannotConfirm):
        steps.confirm(step=step, user=second, now=NOW)


def test_the_operator_makes_only_the_first_administrator_alone(cedar: Agency) -> None:
    operator = worlds.operator()
    _made, token = invited(cedar, operator, Role.AGENCY_ADMIN)
    first = accept_anew(token=token, password=worlds.PASSWORD, now=NOW)
    assert first.grants.get().role == "agency_admin"
    _made, token = invited(cedar, operator, Role.AGENCY_ADMIN, email="next@staff.example")
    second = accept_anew(token=token, password=worlds.PASSWORD, now=NOW)
    assert not second.grants.exists()
    assert PendingStep.objects.get().person == second


def test_a_small_agency_waits_a_day_and_tells_the_chief(cedar: Agency, boss: User) -> None:
    Agency.objects.filter(pk=cedar.pk).update(is_small=True)
    cedar.refresh_from_db()
    colleague = worlds.officer(cedar, "Colleague")
    asked = {"person": colleague, "role": Role.AGENCY_ADMIN, "agency": cedar, "areas": ()}
    term = {"from_on": TODAY, "until_on": None, "giver": boss, "now": NOW}
    with pytest.raises(steps.NobodyIsTold):
        give_role(**asked, **term)  # type: ignore[arg-type]
    chief = store_contact(
        agency_id=cedar.pk, kind="email", value="chief@city.example", language="en", now=NOW
    )
    AgencyChief.objects.create(agency=cedar, contact=chief)
    give_role(**asked, **term)  # type: ignore[arg-type]
    step = PendingStep.objects.get()
    assert Message.objects.get(kind="people.step_asked").contact_id == chief.pk
    with pytest.raises(steps.CannotConfirm):
        steps.confirm(step=step, user=boss, now=NOW + timedelta(hours=23, minutes=59))
    steps.confirm(step=step, user=boss, now=NOW + timedelta(hours=24))
    assert colleague.grants.filter(role="agency_admin").exists()


def test_an_ended_role_opens_nothing_the_same_day(cedar: Agency, boss: User) -> None:
    officer = worlds.officer(cedar, now=NOW - timedelta(days=30))
    assert allowed(officer, "concern.read", agency_id=cedar.pk)
    end_grant(grant=officer.grants.get(), by=worlds.Actor.staff(boss.pk), now=NOW)
    fresh = User.objects.get(pk=officer.pk)
    assert not allowed(fresh, "concern.read", agency_id=cedar.pk)
    assert Grant.objects.get(user=officer).until_on == TODAY - timedelta(days=1)


def test_an_invitation_that_nobody_answers_is_forgotten(cedar: Agency, boss: User) -> None:
    made, _token = invited(cedar, boss)
    assert forget_unanswered(now=NOW + timedelta(days=36)) == 0
    assert forget_unanswered(now=NOW + timedelta(days=38)) == 1
    made.refresh_from_db()
    assert made.state == "revoked"
    assert bytes(made.contact.ciphertext) == b""


def test_history_says_who_did_each_of_it(cedar: Agency, boss: User) -> None:
    made, token = invited(cedar, boss)
    resend(invitation=made, by=worlds.Actor.staff(boss.pk), now=NOW)
    made.refresh_from_db()
    accept_anew(token=token_of(made) or "", password=worlds.PASSWORD, now=NOW)
    events = set(Entry.objects.filter(agency_id=cedar.pk).values_list("event", flat=True))
    assert {"INVITATION_SENT", "INVITATION_ACCEPTED", "ROLE_GRANTED"} <= events
    assert settings.ORIGIN
    assert token
