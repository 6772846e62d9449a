"""Judgements about words and photos, each for a reason of the published list."""

import json
from datetime import datetime
from inspect import unwrap
from pathlib import Path

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from concerns.actions import asking, public_side, spam
from concerns.actions.casework import CannotMove, locked, log, needed_words, save
from concerns.actions.replying import Spoken, write
from concerns.actions.showing_photos import hide_photo
from concerns.models import Concern, ConcernPhoto, Flag, ModerationDecision, ModerationReason
from concerns.models.languages import MadeBy
from concerns.models.moderation import WHY_LIMIT, Outcome, What
from engagement.audit.actors import Actor
from engagement.keys.moments import floor_to_hour
from engagement.places.models import Agency

USUAL = Path(__file__).resolve().parent.parent / "fixtures" / "moderation_reasons.json"
FLAGGED = (What.WORDS, What.PHOTOS)


class CannotFlag(CannotMove):
    """Nothing of it is public, that part is flagged already, or no reason was written."""


class CannotDecide(CannotMove):
    """The reason is of another agency or not in use, or somebody has decided meanwhile."""


class NeedsAnother(CannotDecide):
    """The same person decided before; a second look is another's."""


class NoSuchLanguage(CannotDecide):
    """The agency keeps this reason in no language that the reporter reads."""


def store_reasons(*, agency: Agency) -> int:
    """Give an agency without any reason the usual ones; inside the caller's transaction. Returns
    how many those were: who has some keeps what its administrators made of them."""
    if ModerationReason.objects.filter(agency=agency).exists():
        return 0
    usual = json.loads(USUAL.read_text(encoding="utf-8"))
    rows = [
        ModerationReason(agency=agency, sort=10 * place, **one)
        for place, one in enumerate(usual, start=1)
    ]
    return len(ModerationReason.objects.bulk_create(rows, ignore_conflicts=True))


@transaction.atomic(durable=True)
def flag(*, concern_id: int, what: str, why: str, by: Actor, now: datetime) -> Flag:
    """Ask that somebody looks again at what is public of a concern. Raises CannotFlag, BadWords."""
    words = needed_words(why)
    concern = locked(concern_id)
    is_open = Flag.objects.filter(concern=concern, what=what, decision__isnull=True).exists()
    if concern.public is None or what not in FLAGGED or is_open or len(words) > WHY_LIMIT:
        raise CannotFlag(concern)
    if by.user_id is None:
        raise ValueError("only staff flag")
    at = floor_to_hour(now)
    log("CONCERN_FLAGGED", concern, by=by, at=at, payload={"what": what})
    return Flag.objects.create(
        agency_id=concern.agency_id,
        concern=concern,
        what=what,
        why=words,
        at=at,
        by_user_id=by.user_id,
    )


@transaction.atomic(durable=True)
def decide_flag(*, flag_id: int, reason_id: int, by: Actor, now: datetime) -> ModerationDecision:
    """Leave what was flagged, or take it off the public page and tell the reporter why.

    Raises CannotDecide.
    """
    found = Flag.objects.select_related("concern").get(pk=flag_id)
    concern = locked(found.concern_id)
    held = Flag.objects.select_for_update().get(pk=flag_id)
    if held.decision_id is not None:
        raise CannotDecide(concern)
    reason, at = _reason(concern, reason_id), floor_to_hour(now)
    if reason.outcome == Outcome.TAKEN_DOWN and concern.public is not None:
        _take_down(concern, held.what, by=by, at=at)
        _tell(concern, _flag_words(held.what), reason, by=by, at=at)
    held.decision = _decided(concern, held.what, reason, by=by, at=at)
    held.save(update_fields=["decision"])
    return held.decision


@transaction.atomic(durable=True)
def decide_removal(
    *, concern_id: int, seen_version: int, reason_id: int, by: Actor, now: datetime
) -> ModerationDecision:
    """Answer the wish to have words removed, with the reason in the reporter's language.

    Who asks again gets another person. Raises StaleEdit, CannotDecide, CannotAnswerRemoval.
    """
    concern = locked(concern_id)
    reason = _reason(concern, reason_id)
    if concern.language not in reason.label.as_dict():
        raise NoSuchLanguage(concern)
    earlier = ModerationDecision.objects.filter(concern=concern, what=What.REMOVAL)
    if earlier.filter(by_user_id=by.user_id).exists() and not concern.agency.is_small:
        raise NeedsAnother(concern)
    unwrap(asking.answer_removal)(
        concern_id=concern_id,
        seen_version=seen_version,
        text=words_for(reason, concern.language),
        by=by,
        now=now,
        spoken=Spoken(concern.language, MadeBy.TEMPLATE),
    )
    return _decided(concern, What.REMOVAL, reason, by=by, at=floor_to_hour(now))


@transaction.atomic(durable=True)
def close_suspected(*, concern_id: int, reason_id: int, by: Actor, now: datetime) -> Concern:
    """Close a suspected report as spam and leave the reason where its reporter reads it.

    Raises CannotJudge, CannotDecide.
    """
    concern: Concern = unwrap(spam.close_as_spam)(concern_id=concern_id, by=by, now=now)
    reason, at = _reason(concern, reason_id), floor_to_hour(now)
    _tell(concern, "", reason, by=by, at=at)
    _decided(concern, What.SPAM, reason, by=by, at=at)
    return concern


def words_for(reason: ModerationReason, language: str, opening: str = "") -> str:
    """Return what the person concerned reads: what was done, why, and where a second look is."""
    with translation.override(language):
        parts = [
            f"{opening} {reason.label.text(language)}. {reason.explanation.text(language)}".strip(),
            _(
                "If you think that this is wrong, write so here or ask again: somebody else then "
                "looks at it. All reasons are listed on this site under “What may be taken down”."
            ),
        ]
    return "\n\n".join(parts)


def _flag_words(what: str) -> str:
    if what == What.PHOTOS:
        return _("We took the photos off the public page of your report.")
    return _("We took the public page of your report off this site.")


def _reason(concern: Concern, reason_id: int) -> ModerationReason:
    reasons = ModerationReason.objects.filter(agency_id=concern.agency_id, is_active=True)
    found = reasons.filter(pk=reason_id).first()
    if found is None:
        raise CannotDecide(concern)
    return found


def _take_down(concern: Concern, what: str, *, by: Actor, at: datetime) -> None:
    if what == What.PHOTOS:
        _hide_photos(concern, by=by, now=at)
        return
    public_side.delete_public_side(concern, by=by, at=at)
    save(concern, "public")


def _hide_photos(concern: Concern, *, by: Actor, now: datetime) -> None:
    shown = ConcernPhoto.objects.filter(concern=concern, public__isnull=False).order_by("id")
    for photo_id in list(shown.values_list("pk", flat=True)):
        version = Concern.objects.values_list("version", flat=True).get(pk=concern.pk)
        unwrap(hide_photo)(
            concern_id=concern.pk, photo_id=photo_id, seen_version=version, by=by, now=now
        )


def _tell(
    concern: Concern, opening: str, reason: ModerationReason, *, by: Actor, at: datetime
) -> None:
    """Into the conversation, which its reporter reads with the code; nothing is mailed."""
    is_kept_in_it = concern.language in reason.label.as_dict()
    if not hasattr(concern, "reporter") or not is_kept_in_it:
        return
    words = words_for(reason, concern.language, opening)
    write(concern, words, by=by, at=at, spoken=Spoken(concern.language, MadeBy.TEMPLATE))


def _decided(
    concern: Concern, what: str, reason: ModerationReason, *, by: Actor, at: datetime
) -> ModerationDecision:
    if by.user_id is None:
        raise ValueError("only staff decide")
    payload: dict[str, str | int | bool | None] = {"what": str(what), "reason": reason.code}
    log("CONCERN_MODERATED", concern, by=by, at=at, payload=payload)
    return ModerationDecision.objects.create(
        agency_id=concern.agency_id,
        concern=concern,
        what=what,
        reason=reason,
        at=at,
        by_user_id=by.user_id,
    )
