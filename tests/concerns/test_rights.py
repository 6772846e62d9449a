"""Who reads which concern."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connection, transaction

from concerns.models import Concern
from concerns.views.desk_case import what_can_be_done
from engagement.audit.models import Entry
from engagement.outbox.models import Message
from engagement.people.models import User
from engagement.people.roles import Role
from engagement.places.models import Agency
from tests.concerns.conftest import area_of, category_of, file_report, hire, meet_user


def readable(user: User | AnonymousUser) -> list[Concern]:
    return list(Concern.objects.visible_to(user).order_by("id"))


def test_ordinary_concerns_are_read_by_every_officer_of_the_agency(
    concern: Concern, officer: User, colleague: User
) -> None:
    assert readable(officer) == readable(colleague) == [concern]


def test_officer_elsewhere_cannot_see_the_concern(concern: Concern, stranger: User) -> None:
    before = (Entry.objects.count(), Message.objects.count())
    assert readable(stranger) == []
    assert (Entry.objects.count(), Message.objects.count()) == before


def test_residents_and_visitors_read_nothing_here(concern: Concern) -> None:
    assert readable(meet_user("Ana")) == readable(AnonymousUser()) == []


def test_a_partner_and_an_operator_read_no_concern(concern: Concern) -> None:
    operator = meet_user("Operator")
    operator.is_superuser = True
    operator.save()
    assert readable(hire("Partner", Role.PARTNER, concern.agency)) == readable(operator) == []


@pytest.fixture
def private(agency: Agency, officer: User) -> Concern:
    """A dispute between neighbors in district west, owned by its officer."""
    return file_report(agency, code="neighbor_dispute", submission_key="key-p").concern


def test_a_private_concern_is_read_by_its_owner_and_not_by_a_colleague(
    private: Concern, officer: User, colleague: User
) -> None:
    assert readable(officer) == [private]
    assert readable(colleague) == []


def test_a_supervisor_reads_the_private_concerns_of_their_areas_alone(private: Concern) -> None:
    agency = private.agency
    west, east = area_of(agency, "district", "west"), area_of(agency, "district", "east")
    assert readable(hire("Sergeant West", Role.SUPERVISOR, agency, west)) == [private]
    assert readable(hire("Sergeant East", Role.SUPERVISOR, agency, east)) == []
    assert readable(hire("Captain", Role.SUPERVISOR, agency)) == [private]


def test_a_private_concern_outside_every_area_waits_for_whoever_reads_the_whole_agency(
    agency: Agency,
) -> None:
    lost = file_report(agency, code="neighbor_dispute", lon=None, lat=None).concern
    west = area_of(agency, "district", "west")
    assert readable(hire("Dispatcher", Role.DISPATCHER, agency)) == [lost]
    assert readable(hire("Sergeant West", Role.SUPERVISOR, agency, west)) == []


def test_work_ends_at_the_border_of_a_grant_unless_the_concern_was_given(
    agency: Agency, concern: Concern
) -> None:
    lost = file_report(agency, lon=None, lat=None, submission_key="key-lost").concern
    west, east = area_of(agency, "district", "west"), area_of(agency, "district", "east")
    at_home = hire("Officer Home", Role.OFFICER, agency, west)
    away = hire("Officer Away", Role.OFFICER, agency, east)
    everywhere = hire("Captain", Role.SUPERVISOR, agency)

    def workers(of: Concern) -> list[User]:
        return [who for who in (at_home, away, everywhere) if what_can_be_done(who, of)["reply"]]

    assert workers(concern) == [at_home, everywhere]
    assert workers(lost) == [everywhere], "outside every area lies in no officer's area"
    lost.owner = away
    assert workers(lost) == [away, everywhere]


def test_rights_and_words_are_asked_in_one_statement(
    concern: Concern, officer: User, stranger: User, django_assert_num_queries: object
) -> None:
    readable(officer)
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert list(Concern.objects.visible_to(officer).matching("green wall")) == [concern]
    assert not Concern.objects.visible_to(stranger).matching("green wall").exists()
    assert not Concern.objects.visible_to(officer).matching("purple").exists()


@pytest.mark.parametrize("column", ["category_id", "area_id"])
def test_the_database_itself_refuses_a_link_into_another_agency(
    concern: Concern, elsewhere: Agency, column: str
) -> None:
    foreign = {
        "category_id": category_of(elsewhere, "graffiti").pk,
        "area_id": area_of(elsewhere, "district", "west").pk,
    }[column]
    with pytest.raises(IntegrityError), transaction.atomic():
        _link_now(concern, **{column: foreign})


def _link_now(concern: Concern, **columns: int) -> None:
    Concern.objects.filter(pk=concern.pk).update(**columns)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
