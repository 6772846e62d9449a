"""Rows of one change are stored in one statement, as if each had been stored by itself."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from engagement.audit.actions import record
from engagement.audit.actors import Actor
from engagement.audit.models import Entry, Payload
from engagement.audit.subjects import Subject
from engagement.audit.together import OutsideTransaction, Together
from engagement.places.models import Agency, Area, Holiday
from tests import worlds

SUBJECT = Subject("concern", "ABCDEFGH1")


@pytest.fixture
def cedar(db: None) -> Agency:
    return worlds.agency()


def area(agency: Agency, code: str) -> Area:
    return Area(agency=agency, layer="beat", code=code, name=f"Beat {code}", slug=f"beat-{code}")


@pytest.mark.django_db
def test_rows_that_name_each_other_get_their_numbers_in_one_question(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    new = Agency(slug="elm", name="Elm Police")
    writes = Together()
    writes.insert(new)
    first, second = writes.insert(area(new, "1")), writes.insert(area(new, "2"))
    with django_assert_num_queries(1):
        writes.send()
    assert new.pk is not None
    stored = Area.objects.filter(agency=new).order_by("id").values_list("id", "agency_id", "code")
    assert list(stored) == [(first.pk, new.pk, "1"), (second.pk, new.pk, "2")]
    assert first.agency_id == new.pk


@pytest.mark.django_db
def test_a_row_named_twice_is_changed_once(
    cedar: Agency, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    writes = Together()
    cedar.name = "Cedar Hills Police"
    writes.change(cedar, "name")
    cedar.name, cedar.short_name = "Cedar Falls Police", "Cedar"
    writes.change(cedar, "name", "short_name")
    with django_assert_num_queries(1):
        writes.send()
    cedar.refresh_from_db()
    assert (cedar.name, cedar.short_name) == ("Cedar Falls Police", "Cedar")


@pytest.mark.django_db
def test_a_change_may_name_a_row_that_is_new(cedar: Agency) -> None:
    made, writes = area(cedar, "1"), Together()
    writes.insert(made)
    made.name = "Harbor"
    writes.change(made, "name")
    writes.send()
    made.refresh_from_db()
    assert made.name == "Harbor"


@pytest.mark.django_db
def test_a_row_that_meets_its_twin_is_left_out_without_a_violation(cedar: Agency) -> None:
    area(cedar, "1").save()
    twin, writes = area(cedar, "1"), Together()
    writes.insert(twin, once=True)
    writes.send()
    assert twin.pk is None
    assert Area.objects.filter(agency=cedar, layer="beat").count() == 1


@pytest.mark.django_db
def test_rows_that_nobody_read_are_changed_and_deleted_along(cedar: Agency) -> None:
    for number in (1, 2):
        Holiday.objects.create(agency=cedar, on=f"2026-12-0{number}", name="Closed")
    writes = Together()
    writes.update(Holiday.objects.filter(agency=cedar, on="2026-12-01"), name="Founders' day")
    writes.delete(Holiday.objects.filter(agency=cedar, on="2026-12-02"))
    writes.send()
    assert list(Holiday.objects.order_by("on").values_list("name", flat=True)) == ["Founders' day"]


@pytest.mark.django_db
def test_whoever_runs_a_statement_hears_of_how_many_rows(cedar: Agency) -> None:
    heard: list[int] = []
    writes = Together()
    writes.run("UPDATE places_area SET name = name WHERE layer = %s RETURNING 1", ["district"])
    writes.run("DELETE FROM places_holiday WHERE id < %s RETURNING 1", [0], heard=heard.append)
    writes.run("UPDATE places_agency SET slug = slug RETURNING 1", [], heard=heard.append)
    writes.send()
    assert heard == [0, Agency.objects.count()]


@pytest.mark.django_db
def test_history_and_its_details_are_stored_with_the_rest(cedar: Agency) -> None:
    writes = Together()
    shared = {"by": worlds.BY, "subject": SUBJECT, "agency_id": cedar.pk, "now": worlds.NOW}
    with CaptureQueriesContext(connection) as asked:
        plain = record("CONCERN_ACCEPTED", **shared, writes=writes)
        detailed = record("CONCERN_RESOLVED", **shared, payload={"number": 2}, writes=writes)
        assert len(asked) == 0
        writes.send()
    assert len(asked) == 1
    assert plain.pk < detailed.pk
    assert Payload.objects.get(entry__subject_reference="ABCDEFGH1").entry_id == detailed.pk
    assert Entry.objects.get(pk=detailed.pk).xid == Entry.objects.get(pk=plain.pk).xid == plain.xid


@pytest.mark.django_db
def test_nothing_gathered_is_no_question(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    writes = Together()
    with django_assert_num_queries(0):
        writes.send()


@pytest.mark.django_db
def test_what_was_sent_is_not_sent_again(cedar: Agency) -> None:
    writes = Together()
    writes.insert(area(cedar, "1"))
    writes.send()
    writes.insert(area(cedar, "2"))
    writes.send()
    assert Area.objects.filter(agency=cedar, layer="beat").count() == 2


def test_outside_a_transaction_nothing_is_written(committed_database: str) -> None:
    writes = Together()
    writes.insert(Agency(slug="elm", name="Elm Police"))
    with pytest.raises(OutsideTransaction):
        writes.send()
    assert not Agency.objects.filter(slug="elm").exists()


@pytest.mark.django_db
def test_what_belongs_together_falls_together(cedar: Agency) -> None:
    area(cedar, "1").save()
    writes = Together()
    record(
        "CONCERN_ACCEPTED",
        by=Actor.task("tests"),
        subject=SUBJECT,
        agency_id=cedar.pk,
        now=worlds.NOW,
        writes=writes,
    )
    writes.insert(area(cedar, "1"))
    with pytest.raises(Exception, match="duplicate key"), transaction.atomic():
        writes.send()
    assert not Entry.objects.filter(subject_reference="ABCDEFGH1").exists()
