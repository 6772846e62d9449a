"""When something was seen and how often, as the form asks it of every kind of concern."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from concerns.actions.answers import GivenAnswer
from concerns.models.questions import Kind, in_all_languages
from concerns.words import clean_line

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

WHEN = "when"
# Never the code of a question that an administrator wrote: those hold no colon.
PREFIX = "moment:"


@dataclass(frozen=True)
class Moment:
    """One short list: its name on the form, the question, and the answers by code."""

    name: str
    label: "StrPromise"
    answers: "dict[str, StrPromise]"


MOMENTS = (
    Moment(
        "last_seen",
        _("When did you last see it?"),
        {
            "today": _("Today"),
            "week": _("In the past week"),
            "longer": _("Longer ago"),
        },
    ),
    Moment(
        "time_of_day",
        _("At what time of day?"),
        {
            "morning": _("In the morning"),
            "afternoon": _("In the afternoon"),
            "evening": _("In the evening"),
            "night": _("At night"),
            "any": _("At different times"),
        },
    ),
    Moment(
        "how_often",
        _("How often?"),
        {
            "once": _("Once"),
            "sometimes": _("Now and then"),
            "weekly": _("Every week"),
            "daily": _("Nearly every day"),
            "always": _("All the time"),
        },
    ),
)


def choices_of(moment: Moment) -> "list[tuple[str, StrPromise]]":
    return [("", _("Choose if it matters")), *moment.answers.items()]


def moments_given(cleaned: dict[str, Any]) -> list[GivenAnswer]:
    """What was chosen and typed about the moment, in words to store."""
    found = [
        GivenAnswer(
            code=PREFIX + moment.name,
            kind=Kind.CHOICE,
            label=in_all_languages(moment.label),
            chosen=in_all_languages(moment.answers[cleaned[moment.name]]),
        )
        for moment in MOMENTS
        if cleaned.get(moment.name)
    ]
    if cleaned.get(WHEN):
        label = in_all_languages(_("When, in your own words"))
        typed = clean_line(cleaned[WHEN])
        found.append(GivenAnswer(code=PREFIX + WHEN, kind=Kind.TEXT, label=label, typed=typed))
    return found
