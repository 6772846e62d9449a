"""A composed question answers as the query set that it was made of, each time with its values."""

from typing import Any

import pytest
from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import BigIntegerField, DateField, OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from concerns.composed import Composer, Given, compose
from concerns.models import Concern, ConcernArea
from engagement.places.models import Agency
from tests import worlds

pytestmark = pytest.mark.django_db


@pytest.fixture
def cedar() -> Agency:
    return worlds.agency(now=timezone.now())


def rows(day: Any, number: Any) -> "QuerySet[Concern, Any]":
    lists = ConcernArea.objects.filter(concern=OuterRef("pk")).order_by("id")
    areas = lists.values(row=JSONObject(layer="area__layer", name="area__name"))
    found = Concern.objects.filter(received_on__gte=day, agency_id=number).order_by("id")
    return found.values("id", "category__label", "received_on", its=ArraySubquery(areas))


def test_it_gives_what_the_query_set_gives(cedar: Agency) -> None:
    elm = worlds.agency("elm", east=1.0, now=timezone.now())
    for _each in range(3):
        worlds.reported(cedar, now=timezone.now())
    today = cedar.day_of(timezone.now())
    question = compose(rows(Given("day", DateField()), Given("agency", BigIntegerField())))
    for agency in (cedar, elm):
        given = {"day": today, "agency": agency.pk}
        with CaptureQueriesContext(connection) as asked:
            found = question.values(given)
        assert len(asked) == 1
        assert found == list(rows(today, agency.pk))
    assert len(question.values({"day": today, "agency": cedar.pk})) == 3
    with pytest.raises(KeyError):
        question.values({"day": today})


def test_parts_of_a_union_are_composed_together(cedar: Agency) -> None:
    for _each in range(2):
        worlds.reported(cedar, now=timezone.now())
    parts = Concern.objects.filter(agency=cedar).order_by("id").values("id", "category__label")
    both = parts[:1].union(parts[1:2], all=True).order_by("id")
    assert compose(both).values({}) == list(both)


def test_a_question_is_made_once_for_what_it_depends_on_and_the_oldest_go(cedar: Agency) -> None:
    made = []

    def make(name: str) -> "QuerySet[Concern, Any]":
        made.append(name)
        return Concern.objects.filter(staff_reference=name).order_by("id").values("id")

    composer = Composer(most=2)
    for name in ("a", "a", "b", "a", "c", "b", "c", "a"):
        question = composer(name, lambda name=name: make(name))  # type: ignore[misc]
        assert name in question.parameters
    assert made == ["a", "b", "c", "a"]


def test_what_nothing_can_fit_is_not_asked(cedar: Agency) -> None:
    nothing = compose(Concern.objects.filter(pk__in=[], agency=cedar).order_by("id").values("id"))
    with CaptureQueriesContext(connection) as asked:
        assert nothing.values({}) == []
        assert nothing.first({}) is None
    assert len(asked) == 0
