"""The usual categories, put in place for an agency."""

import json
from datetime import datetime
from pathlib import Path

from django.db import transaction

from concerns.actions.moderating import store_reasons
from concerns.actions.questions import store_questions
from concerns.actions.templates import store_templates
from concerns.models import Category
from engagement.audit.actions import record
from engagement.audit.actors import Actor
from engagement.audit.subjects import Subject
from engagement.places.models import Agency

USUAL = Path(__file__).resolve().parent.parent / "fixtures" / "categories.json"


@transaction.atomic
def store_categories(*, agency: Agency, by: Actor, now: datetime) -> int:
    """Add the usual categories that the agency lacks, with their questions and the texts that
    replies begin with, and return how many categories that were.

    Also inside the transaction that creates the agency in the administration.
    Those it has stay as its administrators wrote them.
    """
    had = set(
        Category.objects.filter(agency=agency).order_by("code").values_list("code", flat=True)
    )
    missing = [row for row in usual_categories() if row["code"] not in had]
    Category.objects.bulk_create(
        (Category(agency=agency, **row) for row in missing), ignore_conflicts=True
    )
    store_questions(agency=agency)
    store_templates(agency=agency)
    store_reasons(agency=agency)
    if missing:
        record(
            "CATEGORIES_STORED",
            by=by,
            subject=Subject("agency", agency.slug),
            agency_id=agency.pk,
            now=now,
            payload={"count": len(missing)},
        )
    return len(missing)


def give_categories(agency: Agency, by: Actor, now: datetime) -> None:
    """What a new agency needs of this room: without categories nobody can report to it."""
    store_categories(agency=agency, by=by, now=now)


def usual_categories() -> list[dict[str, str]]:
    """Return the usual categories as the fields of Category, in English and Spanish."""
    rows: list[dict[str, str]] = json.loads(USUAL.read_text(encoding="utf-8"))
    return rows
