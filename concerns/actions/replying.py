"""Staff write: to the reporter, or for their colleagues."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

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
    tell_followers,
)
from concerns.actions.photos import Kept, attach
from concerns.families import whole_of
from concerns.models import Concern, LanguageTask, Note, Reply, ReplyLanguage
from concerns.models.casework import Direction
from concerns.models.languages import HelpResult, MadeBy, Use
from concerns.workflow import DAYS_TO_REMIND, State, WaitingOn
from engagement.audit.actors import Actor
from engagement.audit.together import Together
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
    photos: Sequence[Kept] = (),
) -> Reply:
    """Write to the reporter, with up to six photos for them and staff alone. `spoken` is needed
    where they read another language than English.

    Raises StaleEdit, CannotReply, BadWords, UnsaidLanguage.
    """
    words = needed_words(text)
    concern = locked_as_seen(concern_id, seen_version)
    _demand_reader(concern)
    at = floor_to_hour(now)
    writes = Together()
    written = write(concern, words, by=by, at=at, spoken=spoken, photos=photos, writes=writes)
    save(concern, writes=writes)
    log("CONCERN_REPLIED", concern, by=by, at=at, writes=writes)
    writes.send()
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
    photos: Sequence[Kept] = (),
) -> Reply:
    """Ask the reporter something; the clock stops until they answer. They are reminded once, and
    after 14 days without an answer the work goes on.

    Raises StaleEdit, CannotAsk, CannotReply, BadWords, UnsaidLanguage.
    """
    words = needed_words(text)
    concern = locked_as_seen(concern_id, seen_version)
    _demand_reader(concern)
    at = floor_to_hour(now)
    writes = Together()
    waiting: dict[str, Any] = {"waiting_on": WaitingOn.REPORTER, "refusal": CannotAsk}
    change = move(concern, State.WAITING, by=by, at=at, writes=writes, **waiting)
    told: dict[str, Any] = {"spoken": spoken, "photos": photos, "writes": writes}
    written = write(concern, words, by=by, at=at, is_question=True, **told)
    save(concern, *STATE_FIELDS, writes=writes)
    log("CONCERN_ASKED", concern, by=by, at=at, writes=writes)
    writes.send()
    tell_followers(concern, change, was_public=concern.public is not None, now=at)
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
    photos: Sequence[Kept] = (),
    writes: Together | None = None,
) -> Reply:
    """Store words to the reporter of a locked concern, and the photos at them; with `writes` that
    is gathered there. Raises UnsaidLanguage."""
    gathered = writes or Together()
    demand_language(concern, spoken)
    concern.unanswered_since = None
    written = Reply(
        agency_id=concern.agency_id,
        concern=concern,
        direction=Direction.TO_REPORTER,
        is_question=is_question,
        text=words,
        at=at,
        by_user_id=by.user_id,
    )
    gathered.insert(written)
    if rows := attach(concern, photos, reply=written, by=by, at=at, writes=gathered):
        payload: dict[str, str | int | bool | None] = {"number": len(rows)}
        log("CONCERN_PHOTOS_ADDED", concern, by=by, at=at, payload=payload, writes=gathered)
    if spoken is not None and concern.language != DEFAULT_LANGUAGE:
        language = ReplyLanguage(
            agency_id=concern.agency_id,
            concern=concern,
            reply=written,
            language=spoken.language,
            made_by=spoken.made_by,
            original=spoken.original,
        )
        gathered.insert(language)
        said(concern, spoken, use=Use.REPLY, by=by, at=at, writes=gathered)
    if writes is None:
        gathered.send()
    return written


def demand_language(concern: Concern, spoken: Spoken | None) -> None:
    """Raises UnsaidLanguage where nobody said how words reach a reporter who reads another
    language than English."""
    if concern.language != DEFAULT_LANGUAGE and not _reaches(spoken, concern):
        raise UnsaidLanguage(concern)


def _reaches(spoken: Spoken | None, concern: Concern) -> bool:
    if spoken is None:
        return False
    return spoken.language == concern.language or spoken.made_by == MadeBy.INTERPRETER


def said(
    concern: Concern,
    spoken: Spoken,
    *,
    use: Use,
    by: Actor,
    at: datetime,
    writes: Together | None = None,
) -> None:
    """What waited for this use in the reporter's language was said: it is off the list; with
    `writes` that is gathered there."""
    told = spoken.made_by == MadeBy.INTERPRETER
    result = HelpResult.TOLD if told else HelpResult.WRITTEN
    waiting = LanguageTask.objects.filter(concern=concern, done_on__isnull=True, use=use)
    finished = _finished(concern, result, by=by, at=at)
    if writes is None:
        waiting.update(**finished)
    else:
        writes.update(waiting, **finished)


def end_task(concern: Concern, result: HelpResult, *, by: Actor, at: datetime) -> bool:
    """Finish what waits to be brought into the reporter's language; False when nothing does."""
    waiting = LanguageTask.objects.filter(concern=concern, done_on__isnull=True)
    return bool(waiting.update(**_finished(concern, result, by=by, at=at)))


def _finished(concern: Concern, result: HelpResult, *, by: Actor, at: datetime) -> dict[str, Any]:
    return {"done_on": concern.agency.day_of(at), "done_by": by.user_id, "result": result}
