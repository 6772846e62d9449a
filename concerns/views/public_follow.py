"""The page of one report as its reporter sees it."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from concerns.actions.adopting import is_linked
from concerns.actions.following import STILL_READ
from concerns.calling import tries_told
from concerns.forms.follow import (
    AnswerForm,
    DissentForm,
    RatingForm,
    RemovalForm,
    ReopenForm,
    new_pass,
)
from concerns.models import Concern, Reply
from concerns.models.casework import Direction
from concerns.views import follow_story as story
from concerns.views.follow_joined import around, followed_case, with_surroundings
from concerns.views.follow_referral import consents_of, where_it_went
from concerns.views.photos_shown import photo_room
from concerns.views.taking_photos import refused_photos
from concerns.views.threads import thread_of
from concerns.workflow import STATE_LABELS, Outcome, State, is_open, reporter_may_reopen
from engagement.doors.addresses import address
from engagement.doors.challenging import challenged_address
from engagement.doors.requests import PortalRequest
from engagement.keys.references import spaced


@dataclass(frozen=True)
class Typed:
    """Forms that were refused, with what was typed; `unsent` are words that no form can take."""

    answer: AnswerForm | None = None
    reopen: ReopenForm | None = None
    removal: RemovalForm | None = None
    rating: RatingForm | None = None
    dissent: DissentForm | None = None
    unsent: str = ""


def follow_page(
    request: PortalRequest,
    concern: Concern,
    *,
    typed: Typed | None = None,
    said: str = "",
) -> HttpResponse:
    """Render the report with what its reporter may do now; read anew, an action may have run."""
    concern = _read(concern.pk)
    request.agency = concern.agency
    replies, surroundings = thread_of(concern), around(concern)
    of_parts = [reply for part in surroundings["parts"] for reply in part.replies]
    context: dict[str, Any] = {
        "concern": concern,
        "code": spaced(concern.tracking_code),
        "state": STATE_LABELS[State(concern.state)],
        "outcome": story.outcome_told(concern),
        "replies": replies,
        "answers": list(concern.answers.order_by("id")),
        "question": _open_question(concern, replies),
        "public_url": _public_url(request, concern),
        "said": said,
        "pass": new_pass(concern.tracking_code),
        # Each form of the page is sent there, and one of them once.
        "track_url": challenged_address(request, address(request, "track"), "track"),
        "photo_room": photo_room(request, concern, [*replies, *of_parts]),
        "refused_photos": refused_photos(request),
        **_forms(typed or Typed()),
        **_verbs(concern),
        "followed": followed_case(request, concern),
        **surroundings,
        **_story(concern, replies),
        **_account(request, concern),
    }
    with timezone.override(concern.agency.zone):
        return render(request, "concerns/follow.html", context)


def _read(concern_id: int) -> Concern:
    rows = Concern.objects.select_related(
        "agency", "category", "area", "public", "owner", "reporter__contact", "rating_mark"
    )
    return with_surroundings(story.with_owner_role(rows.defer("search"))).get(pk=concern_id)


def _forms(typed: Typed) -> dict[str, Any]:
    return {
        "answer": typed.answer or AnswerForm(),
        "reopen": typed.reopen or ReopenForm(auto_id="id_reopen_%s"),
        "removal": typed.removal or RemovalForm(auto_id="id_removal_%s"),
        "rating": typed.rating or RatingForm(auto_id="id_rating_%s"),
        "dissent": typed.dissent or DissentForm(auto_id="id_dissent_%s"),
        "unsent": typed.unsent,
    }


def _verbs(concern: Concern) -> dict[str, bool]:
    """What can be done now; the buttons of everything else are not there."""
    return {
        "can_answer": concern.state != State.CLOSED or concern.outcome in STILL_READ,
        "can_reopen": reporter_may_reopen(
            state=concern.state,
            resolved_at=concern.resolved_at,
            reopened_count=concern.reopened_count,
            now=timezone.now(),
        ),
        "can_confirm": concern.state == State.RESOLVED,
        "can_withdraw": is_open(concern.state),
        "can_correct": is_open(concern.state),
        "can_rate": not is_open(concern.state)
        and concern.outcome not in STILL_READ
        and not hasattr(concern, "rating_mark"),
        "is_rated": hasattr(concern, "rating_mark"),
    }


def _story(concern: Concern, replies: list[Reply]) -> dict[str, Any]:
    today = concern.agency.day_of(timezone.now())
    corrections = list(concern.place_corrections.order_by("id"))
    removals = list(concern.removal_requests.select_related("spoken").order_by("id"))
    handed = story.waits_with(concern)
    return {
        "steps": story.steps(concern, corrections, replies),
        "who_has_it": story.who_has_it(concern, handed),
        "next_words": story.what_comes_next(concern, handed),
        "their_day": handed.due_on if handed else concern.resolve_by,
        "closes_on": story.closes_on(concern),
        "why_late": story.lateness(concern, today=today),
        "readings": story.readings(concern),
        # Who left no address cannot be called.
        "tries": [] if concern.is_anonymous else tries_told(concern),
        "was_passed_on": concern.outcome == Outcome.REFERRED,
        "gone": where_it_went(concern),
        "consents": consents_of(concern),
        "removals": removals,
        "open_removal": next((one for one in removals if one.answered_at is None), None),
    }


def _account(request: PortalRequest, concern: Concern) -> dict[str, Any]:
    """What ties the report to somebody, and what erasing would do."""
    reporter = getattr(concern, "reporter", None)
    contact = reporter.contact if reporter else None
    user = request.user
    return {
        "is_signed_in": user.is_authenticated,
        "is_mine": user.is_authenticated and is_linked(concern, user.pk),
        "has_contact": contact is not None and bool(contact.ciphertext),
        "has_link": reporter is not None and reporter.account_link is not None,
        "backup_days": settings.BACKUP_DAYS,
    }


def _open_question(concern: Concern, replies: list[Any]) -> Any:
    """The newest question of the police that has no answer yet."""
    if not is_open(concern.state):
        return None
    for reply in reversed(replies):
        if reply.direction == Direction.FROM_REPORTER:
            return None
        if reply.is_question:
            return reply
    return None


def _public_url(request: PortalRequest, concern: Concern) -> str:
    if concern.public is None:
        return ""
    return address(request, "published_detail", concern.public.reference)
