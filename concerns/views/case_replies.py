"""What helps to write to the reporter, as short lists of the case page: the texts that fit, the
colleagues who write the language, and what waits for it."""

from typing import Any

from django.db.models import Case, OuterRef, Q, QuerySet, Value, When

from concerns.models import LanguageTask, ReplyTemplate, WrittenLanguage
from concerns.views.short_lists import ShortList
from concerns.workflow import State
from engagement.places.wording import DEFAULT_LANGUAGE

# The most specific first: of the category, of its group, of every kind.
REACH = Case(
    When(category__isnull=False, then=Value(0)),
    When(group__gt="", then=Value(1)),
    default=Value(2),
)


def _templates() -> QuerySet[ReplyTemplate]:
    kind = Q(category__isnull=True, group__in=["", OuterRef("category__group")])
    fitting = Q(category=OuterRef("category_id")) | kind
    return ReplyTemplate.objects.in_use().filter(
        fitting, agency=OuterRef("agency_id"), language=OuterRef("language")
    )


def _colleagues() -> QuerySet[WrittenLanguage]:
    return WrittenLanguage.objects.filter(
        agency=OuterRef("agency_id"), language=OuterRef("language"), user__is_active=True
    ).exclude(language=DEFAULT_LANGUAGE)


def _task() -> QuerySet[LanguageTask]:
    return LanguageTask.objects.filter(concern=OuterRef("pk"), done_on__isnull=True)


TEMPLATES = ShortList(
    "templates",
    _templates,
    {"id": "id", "state": "state", "name": "name"},
    order=(REACH, "name", "id"),
)
COLLEAGUES = ShortList(
    "colleagues", _colleagues, {"id": "user_id", "name": "user__name"}, order=("user__name", "id")
)
LANGUAGE_TASK = ShortList(
    "language_task",
    _task,
    {
        "text": "text",
        "help": "help",
        "use": "use",
        "asked_by": "asked_by__name",
        "colleague": "colleague__name",
        "on": "asked_on",
    },
)


def buttons_for(rows: list[dict[str, Any]], state: str) -> dict[str, list[dict[str, Any]]]:
    """The texts by the form whose button they are: "reply" for one in the state as it is, and for
    a question; "resolve" for what ends it."""
    ends = (State.CLOSED,) if state == State.RECEIVED else (State.RESOLVED, State.CLOSED)
    replies = [state] if state == State.WAITING else [state, State.WAITING]
    return {
        "reply": [row for want in replies for row in rows if row["state"] == want],
        "resolve": [row for want in ends for row in rows if row["state"] == want],
    }
