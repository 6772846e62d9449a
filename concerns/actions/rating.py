"""The reporter says how they were treated; staff read it only from ten reporters up.

A report is marked as rated, and the answer waits apart from it, sealed. While it waits, someone
with the database and the keys could join the two by the order in which the rows were written.
Once ten wait they are counted together and deleted, and nothing that is left leads back.
"""

from collections import Counter
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Count

from concerns.actions.casework import CannotMove, locked, log
from concerns.models import RatingMark, RatingRelease, WaitingRating
from concerns.models.ratings import FEWEST
from engagement.audit.actors import Actor
from engagement.keys.moments import floor_to_hour
from engagement.people.identity import open_words, seal_words

QUESTIONS = ("respect", "informed", "better")
ANSWERS = {"yes": "y", "partly": "p", "no": "n"}
WORDS = {letter: answer for answer, letter in ANSWERS.items()}
UNSAID = "-"
SEALED_AS = "concern.rating"


class CannotRate(CannotMove):
    """It is not done yet, or was rated before."""


@transaction.atomic(durable=True)
def rate(*, concern_id: int, answers: dict[str, str], by: Actor, now: datetime) -> None:
    """Keep what the reporter thinks of the work; `answers` maps some of QUESTIONS to ANSWERS.

    Once for each report, when it is resolved or closed. Raises CannotRate.
    """
    concern = locked(concern_id)
    said = "".join(ANSWERS.get(answers.get(question, ""), UNSAID) for question in QUESTIONS)
    is_rated = RatingMark.objects.filter(concern=concern).exists()
    if concern.is_open or is_rated or not said.strip(UNSAID):
        raise CannotRate(concern)
    RatingMark.objects.create(agency_id=concern.agency_id, concern=concern)
    waiting = WaitingRating(agency_id=concern.agency_id)
    waiting.sealed = seal_words(
        # Always as long as the other ones: the length of a sealed text shows.
        said,
        what=SEALED_AS,
        agency_id=concern.agency_id,
        binding=waiting.binding,
    )
    waiting.save()
    log("CONCERN_RATED", concern, by=by, at=floor_to_hour(now))


def release(*, now: datetime) -> int:
    """Count and delete what waits, for each agency where ten wait; return how many releases."""
    ready = WaitingRating.objects.values("agency_id").annotate(number=Count("id"))
    agency_ids = sorted(row["agency_id"] for row in ready.filter(number__gte=FEWEST))
    return sum(_release(agency_id, now) for agency_id in agency_ids)


def sealed_anew(waiting: WaitingRating) -> bytes:
    """The same answer under the current key."""
    return seal_words(
        _opened(waiting), what=SEALED_AS, agency_id=waiting.agency_id, binding=waiting.binding
    )


@transaction.atomic(durable=True)
def _release(agency_id: int, now: datetime) -> bool:
    waiting = list(
        WaitingRating.objects.select_for_update().filter(agency_id=agency_id).order_by("binding")
    )
    if len(waiting) < FEWEST:
        return False
    counts = {question: Counter[str]() for question in QUESTIONS}
    for row in waiting:
        for question, letter in zip(QUESTIONS, _opened(row), strict=True):
            if letter != UNSAID:
                counts[question][WORDS[letter]] += 1
    RatingRelease.objects.create(
        agency_id=agency_id,
        released_on=_monday(now.date()),
        reporters=len(waiting),
        counts={question: dict(sorted(found.items())) for question, found in counts.items()},
    )
    WaitingRating.objects.filter(pk__in=[row.pk for row in waiting]).delete()
    return True


def _opened(waiting: WaitingRating) -> str:
    return open_words(
        waiting.sealed, what=SEALED_AS, agency_id=waiting.agency_id, binding=waiting.binding
    )


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
