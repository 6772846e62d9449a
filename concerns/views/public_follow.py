"""The page of one report as its reporter sees it."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from concerns.forms.follow import AnswerForm, ReopenForm, new_pass
from concerns.models import Concern
from concerns.models.casework import Direction
from concerns.workflow import STATE_LABELS, State, is_open, reporter_may_reopen
from engagement.doors.addresses import address
from engagement.doors.requests import PortalRequest
from engagement.keys.references import spaced

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Step:
    """One line of the history: a move of the report."""

    words: "StrOrPromise"
    detail: "StrOrPromise"
    at: datetime


def follow_page(
    request: PortalRequest,
    concern: Concern,
    *,
    answer: AnswerForm | None = None,
    reopen: ReopenForm | None = None,
    said: str = "",
) -> HttpResponse:
    """Render the report with what its reporter may do now; read anew, an action may have run."""
    concern = Concern.objects.select_related("agency", "category", "area", "public").get(
        pk=concern.pk
    )
    request.agency = concern.agency
    replies = list(concern.replies.order_by("id"))
    context: dict[str, Any] = {
        "concern": concern,
        "code": spaced(concern.tracking_code),
        "state": STATE_LABELS[State(concern.state)],
        "outcome": concern.outcome and concern.get_outcome_display(),
        "replies": replies,
        "question": _open_question(concern, replies),
        "steps": _steps(concern),
        "public_url": _public_url(request, concern),
        "answer": answer or AnswerForm(),
        "reopen": reopen or ReopenForm(auto_id="id_reopen_%s"),
        "said": said,
        "pass": new_pass(concern.tracking_code),
        "can_answer": concern.state != State.CLOSED,
        "can_reopen": reporter_may_reopen(
            state=concern.state,
            resolved_at=concern.resolved_at,
            reopened_count=concern.reopened_count,
            now=timezone.now(),
        ),
        "can_confirm": concern.state == State.RESOLVED,
        "can_withdraw": is_open(concern.state),
        "track_url": address(request, "track"),
    }
    with timezone.override(concern.agency.zone):
        return render(request, "concerns/follow.html", context)


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


def _steps(concern: Concern) -> list[Step]:
    return [
        Step(
            words=STATE_LABELS[State(change.state)],
            detail=change.get_outcome_display() if change.outcome else "",
            at=change.at,
        )
        for change in concern.status_changes.order_by("id")
    ]


def _public_url(request: PortalRequest, concern: Concern) -> str:
    if concern.public is None:
        return ""
    return address(request, "published_detail", concern.public.reference)
