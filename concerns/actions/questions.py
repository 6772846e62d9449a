"""The usual questions of each kind of concern, put in place for an agency."""

import json
from pathlib import Path
from typing import Any

from concerns.models import Category, Question
from engagement.places.models import Agency

USUAL = Path(__file__).resolve().parent.parent / "fixtures" / "questions.json"
STEP = 10


def store_questions(*, agency: Agency) -> int:
    """Add the usual questions that the agency's categories lack and return how many that were.

    Inside the transaction of the caller. Those that are there stay as administrators wrote
    them; one that nobody wants is taken out of use, not deleted, and so does not come back.
    """
    kinds = {kind.code: kind for kind in Category.objects.filter(agency=agency).order_by("code")}
    stored = {
        (question.category_id, question.code): question
        for question in Question.objects.filter(agency=agency).order_by("id")
    }
    added = 0
    for has_condition in (False, True):
        # Those asked after another need its row first.
        drafts = [
            draft(row, agency, kinds[row["category"]], place, stored)
            for place, row in enumerate(usual_questions())
            if bool(row.get("shown_when")) is has_condition
            and row["category"] in kinds
            and (kinds[row["category"]].pk, row["code"]) not in stored
        ]
        for one in Question.objects.bulk_create(drafts):
            stored[one.category_id, one.code] = one
        added += len(drafts)
    return added


def usual_questions() -> list[dict[str, Any]]:
    """Return the usual questions, in English and Spanish, in the order in which they are asked."""
    rows: list[dict[str, Any]] = json.loads(USUAL.read_text(encoding="utf-8"))
    return rows


def draft(
    row: dict[str, Any],
    agency: Agency,
    category: Category,
    place: int,
    stored: dict[tuple[int, str], Question],
) -> Question:
    """One usual question as a row that is not stored yet; `stored` holds the one before it."""
    return Question(
        agency=agency,
        category=category,
        code=row["code"],
        kind=row["kind"],
        label=row["label"],
        help=row.get("help", {}),
        choices={code: "\n".join(lines) for code, lines in row.get("choices", {}).items()},
        is_required=row.get("is_required", False),
        reminds_of_looks=row.get("reminds_of_looks", False),
        shown_when=stored[category.pk, row["shown_when"]] if row.get("shown_when") else None,
        shown_for="\n".join(row.get("shown_for", [])),
        sort=place * STEP,
    )
