"""Help with the reporter's language: asked of a colleague or an interpreter, and ended."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from concerns import notices
from concerns.actions.casework import CannotMove, locked_as_seen, log, needed_words, save
from concerns.actions.replying import end_task
from concerns.models import Concern, LanguageTask, WrittenLanguage
from concerns.models.languages import Help, HelpResult, Use
from concerns.querysets import READ
from engagement.audit.actions import record
from engagement.audit.actors import Actor
from engagement.audit.subjects import Subject
from engagement.keys.moments import floor_to_hour
from engagement.people.models import User
from engagement.people.queries import staff_holding
from engagement.people.registry import permission
from engagement.places.models import Agency
from engagement.places.wording import DEFAULT_LANGUAGE


class CannotAskForHelp(CannotMove):
    """The reporter reads English, or that colleague may not read concerns here."""


class CannotDrop(CannotMove):
    """Nothing waits for the reporter's language."""


@transaction.atomic(durable=True)
def ask_for_help(
    *,
    concern_id: int,
    seen_version: int,
    text: str,
    help_from: Help,
    colleague_id: int | None,
    by: Actor,
    now: datetime,
    use: Use = Use.REPLY,
) -> LanguageTask:
    """Put words on the list of a colleague (None: of whoever writes the language) or of the
    interpreter line; words that waited before give way to them.

    Raises StaleEdit, CannotAskForHelp, BadWords.
    """
    words = needed_words(text)
    concern = locked_as_seen(concern_id, seen_version)
    if by.user_id is None:
        raise ValueError("only staff ask for help with a language")
    if concern.language == DEFAULT_LANGUAGE or not _may_help(colleague_id, concern, now):
        raise CannotAskForHelp(concern)
    at = floor_to_hour(now)
    end_task(concern, HelpResult.DROPPED, by=by, at=at)
    task = LanguageTask.objects.create(
        agency_id=concern.agency_id,
        concern=concern,
        help=help_from,
        language=concern.language,
        use=use,
        text=words,
        asked_by_id=by.user_id,
        colleague_id=colleague_id if help_from == Help.COLLEAGUE else None,
        asked_on=concern.agency.day_of(now),
    )
    save(concern)
    log("CONCERN_LANGUAGE_ASKED", concern, by=by, at=at, payload={"help": str(help_from)})
    notices.language_help(task, now=now)
    return task


@transaction.atomic(durable=True)
def drop_help(*, concern_id: int, seen_version: int, by: Actor, now: datetime) -> Concern:
    """Take the words off the list. Raises StaleEdit, CannotDrop."""
    concern = locked_as_seen(concern_id, seen_version)
    at = floor_to_hour(now)
    if not end_task(concern, HelpResult.DROPPED, by=by, at=at):
        raise CannotDrop(concern)
    save(concern)
    log("CONCERN_LANGUAGE_DROPPED", concern, by=by, at=at)
    return concern


@transaction.atomic(durable=True)
def say_languages(
    *, user: User, agency: Agency, languages: Collection[str], by: Actor, now: datetime
) -> None:
    """Say which languages this member of staff writes, in place of what they said before."""
    theirs = WrittenLanguage.objects.filter(agency=agency, user=user)
    theirs.exclude(language__in=languages).delete()
    rows = [WrittenLanguage(agency=agency, user=user, language=one) for one in sorted(languages)]
    WrittenLanguage.objects.bulk_create(rows, ignore_conflicts=True)
    record(
        "WRITTEN_LANGUAGES_SAID",
        by=by,
        subject=Subject("staff", str(user.pk)),
        agency_id=agency.pk,
        now=now,
        payload={"count": len(languages)},
    )


def _may_help(colleague_id: int | None, concern: Concern, now: datetime) -> bool:
    if colleague_id is None:
        return True
    readers = staff_holding(roles=permission(READ).roles, agency=concern.agency, now=now)
    return readers.filter(pk=colleague_id).exists()
