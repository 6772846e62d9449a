"""Staff write: to the reporter, or for their colleagues."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from concerns import notices
from concerns.actions.casework import (
    STATE_FIELDS,
    CannotMove,
    locked_as_seen,
    log,
    move,
    needed_words,
    save,
)
from concerns.families import whole_of
from concerns.models import Concern, LanguageTask, Note, Reply, ReplyLanguage
from concerns.models.casework import Direction
from concerns.models.languages import HelpResult, MadeBy
from concerns.workflow import DAYS_TO_REMIND, State, WaitingOn
from engagement.audit.actors import Actor
from engagement.keys.moments import floor_to_hour
from engagement.places.wording import DEFAULT_LANGUAGE


class CannotReply(CannotMove):
    """Nobody can read a reply: the concern was taken over from another system."""


class CannotAsk(CannotMove):
    """A question can be asked while the concern is accepted or worked on."""


class UnsaidLanguage(CannotMove):
    """The reporter reads another language than English, and nobody said in which this is."""


@dataclass(frozen=True)
class Spoken:
    """In which language words to a reporter are, and who brought them into it; `original` is what
    staff wrote when a machine translated it."""

    language: str
    made_by: MadeBy
    original: str = ""


@transaction.atomic(durable=True)
def reply(
    *,
    concern_id: int,
    seen_version: int,
    text: str,
    by: Actor,
    now: datetime,
    spoken: Spoken | None = None,
) -> Reply:
    """Write to the reporter. `spoken` is needed where they read another language than English.

    Raises StaleEdit, CannotReply, BadWords, UnsaidLanguage.
    """
    words = needed_words(text)
    concern = locked_as_seen(concern_id, seen_version)
    _demand_reader(concern)
    at = floor_to_hour(now)
    written = write(concern, words, by=by, at=at, spoken=spoken)
    save(concern)
    log("CONCERN_REPLIED", concern, by=by, at=at)
    notices.news(concern, event=f"reply:{written.pk}", now=now)
    return written


@transaction.atomic(durable=True)
def ask(
    *,
    concern_id: int,
    seen_version: int,
    text: str,
    by: Actor,
    now: datetime,
    spoken: Spoken | None = None,
) -> Reply:
    """Ask the reporter something; the clock stops until they answer. They are reminded once, and
    after 14 days without an answer the work goes on.

    Raises StaleEdit, CannotAsk, CannotReply, BadWords, UnsaidLanguage.
    """
    words = needed_words(text)
    concern = locked_as_seen(concern_id, seen_version)
    _demand_reader(concern)
    at = floor_to_hour(now)
    move(
        concern,
        State.WAITING,
        by=by,
        at=at,
        waiting_on=WaitingOn.REPORTER,
        refusal=CannotAsk,
    )
    written = write(concern, words, by=by, at=at, is_question=True, spoken=spoken)
    save(concern, *STATE_FIELDS)
    log("CONCERN_ASKED", concern, by=by, at=at)
    notices.question(concern, event=f"reply:{written.pk}", now=now)
    remind_at = now + timedelta(days=DAYS_TO_REMIND)
    notices.reminder(concern, event=f"reply:{written.pk}", due_at=remind_at, now=now)
    return written


@transaction.atomic(durable=True)
def add_note(*, concern_id: int, seen_version: int, text: str, by: Actor, now: datetime) -> Note:
    """Write for colleagues only. Raises StaleEdit, BadWords."""
    words = needed_words(text)
    concern = locked_as_seen(concern_id, seen_version)
    if by.user_id is None:
        raise ValueError("only staff write notes")
    at = floor_to_hour(now)
    note = Note.objects.create(
        agency_id=concern.agency_id, concern=concern, text=words, at=at, by_user_id=by.user_id
    )
    save(concern)
    log("CONCERN_NOTED", concern, by=by, at=at)
    return note


def _demand_reader(concern: Concern) -> None:
    # Of a part, whoever sent the whole report reads it.
    if not hasattr(concern, "reporter") and whole_of(concern) is None:
        raise CannotReply(concern)


def write(
    concern: Concern,
    words: str,
    *,
    by: Actor,
    at: datetime,
    is_question: bool = False,
    spoken: Spoken | None = None,
) -> Reply:
    """Store words to the reporter of a locked concern. Raises UnsaidLanguage."""
    is_english = concern.language == DEFAULT_LANGUAGE
    if not is_english and not _reaches(spoken, concern):
        raise UnsaidLanguage(concern)
    concern.unanswered_since = None
    written = Reply.objects.create(
        agency_id=concern.agency_id,
        concern=concern,
        direction=Direction.TO_REPORTER,
        is_question=is_question,
        text=words,
        at=at,
        by_user_id=by.user_id,
    )
    if spoken is not None and not is_english:
        ReplyLanguage.objects.create(
            agency_id=concern.agency_id,
            concern=concern,
            reply=written,
            language=spoken.language,
            made_by=spoken.made_by,
            original=spoken.original,
        )
        told = spoken.made_by == MadeBy.INTERPRETER
        end_task(concern, HelpResult.TOLD if told else HelpResult.WRITTEN, by=by, at=at)
    return written


def _reaches(spoken: Spoken | None, concern: Concern) -> bool:
    if spoken is None:
        return False
    return spoken.language == concern.language or spoken.made_by == MadeBy.INTERPRETER


def end_task(concern: Concern, result: HelpResult, *, by: Actor, at: datetime) -> bool:
    """Finish what waits to be brought into the reporter's language; False when nothing does."""
    open_one = LanguageTask.objects.filter(concern=concern, done_on__isnull=True)
    today = concern.agency.day_of(at)
    return bool(open_one.update(done_on=today, done_by=by.user_id, result=result))
