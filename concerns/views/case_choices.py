"""What the forms of a case page offer, as two of its short lists: kinds, and officers."""

from typing import Any

from django.db.models import BigIntegerField, DateField, QuerySet

from concerns.composed import Given
from concerns.models import Category
from concerns.views.short_lists import Bundle, ShortList
from engagement.people.models import User
from engagement.people.queries import staff_holding_on
from engagement.people.roles import Role
from engagement.places.wording import as_wording

OFFICERS = (Role.OFFICER, Role.SUPERVISOR)


def _agency() -> Given:
    return Given("agency", BigIntegerField())


def _kinds() -> QuerySet[Category]:
    return Category.objects.filter(agency=_agency(), is_active=True).taken()


def _officers() -> QuerySet[User]:
    return staff_holding_on(Given("today", DateField()), roles=OFFICERS, agency_id=_agency())


def _choices(_key: None) -> tuple[ShortList, ...]:
    return (
        ShortList(
            "kinds",
            _kinds,
            {"id": "id", "code": "code", "label": "label"},
            _kind,
            order=("sort", "code"),
        ),
        ShortList(
            "officers",
            _officers,
            {"id": "id", "name": "name"},
            lambda one: (str(one["id"]), one["name"]),
            order=("name", "id"),
        ),
    )


def _kind(one: dict[str, Any]) -> dict[str, Any]:
    return {**one, "label": str(as_wording(one["label"]))}


# To be given "today", the agency's day.
CHOICES = Bundle(_choices)
