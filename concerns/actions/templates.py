"""Texts that replies begin with: the usual ones put in place, and those of an agency edited."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from concerns.models import Category, ReplyTemplate
from engagement.audit.actions import record
from engagement.audit.actors import Actor
from engagement.audit.subjects import Subject
from engagement.places.models import Agency

USUAL = Path(__file__).resolve().parent.parent / "fixtures" / "reply_templates.json"
SIGNATURE = "{officer}"
FIELDS = ("state", "category", "group", "language", "name", "text", "is_active")


class CannotKeep(ValueError):
    """The category is of another agency, or that name is taken for the same use."""


def usual_templates() -> Iterator[dict[str, str]]:
    """Yield the usual texts as fields of ReplyTemplate: for each state and group of categories, in
    English and Spanish. Five lines each: we heard, we are sorry, what we did, what comes next,
    whom to call; and who writes."""
    parts: dict[str, Any] = json.loads(USUAL.read_text(encoding="utf-8"))
    for state, groups in parts["did"].items():
        for group, did in groups.items():
            for language in did:
                lines = [
                    parts["heard"][group][language],
                    parts["sorry"][group][language],
                    did[language],
                    parts["next"][state][language],
                    parts["call"][language],
                    SIGNATURE,
                ]
                yield {
                    "state": state,
                    "group": group,
                    "language": language,
                    "name": parts["names"][state][language],
                    "text": "\n".join(lines),
                }


def store_templates(*, agency: Agency) -> int:
    """Give an agency without any template the usual ones and return how many those were.

    Inside the transaction of the caller. Who has some keeps what its administrators made of them.
    """
    if ReplyTemplate.objects.filter(agency=agency).exists():
        return 0
    rows = [ReplyTemplate(agency=agency, **row) for row in usual_templates()]
    return len(ReplyTemplate.objects.bulk_create(rows, ignore_conflicts=True))


@transaction.atomic(durable=True)
def keep_template(
    *,
    agency: Agency,
    template_id: int | None,
    values: dict[str, Any],
    by: Actor,
    now: datetime,
) -> ReplyTemplate:
    """Write a new text (None) or change one. `values` are those of FIELDS, `category` an id or
    None. Raises CannotKeep, ReplyTemplate.DoesNotExist."""
    template = ReplyTemplate(agency=agency)
    if template_id is not None:
        rows = ReplyTemplate.objects.select_for_update().filter(agency=agency)
        template = rows.get(pk=template_id)
    category_id = values["category"]
    if category_id is not None and not Category.objects.of(agency).filter(pk=category_id).exists():
        raise CannotKeep
    template.category_id = category_id
    for name in FIELDS:
        if name != "category":
            setattr(template, name, values[name])
    if _is_taken(template):
        raise CannotKeep
    template.save()
    record(
        "REPLY_TEMPLATE_CHANGED",
        by=by,
        subject=Subject("reply_template", str(template.pk)),
        agency_id=agency.pk,
        now=now,
    )
    return template


def _is_taken(template: ReplyTemplate) -> bool:
    same = ReplyTemplate.objects.filter(
        agency=template.agency,
        state=template.state,
        group=template.group,
        language=template.language,
        name=template.name,
    )
    if template.category_id is None:
        same = same.filter(category__isnull=True)
    else:
        same = same.filter(category_id=template.category_id)
    return same.exclude(pk=template.pk).exists()
