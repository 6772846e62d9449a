"""/desk/messages/: mails and texts that did not arrive, and sending one of them again."""

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from concerns.models import Concern
from engagement.doors.access import actor_of, staff_page
from engagement.doors.paging import keyset_page
from engagement.doors.requests import StaffRequest
from engagement.outbox.actions import CannotRequeue, requeue
from engagement.outbox.models import Message
from engagement.outbox.queries import dead_letters
from engagement.outbox.registry import UnknownKind
from engagement.outbox.states import State
from portal.letters.registry import RESEND

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

PAGE_SIZE = 50
CONCERN = "concern"
ABOUT: dict[str, "StrOrPromise"] = {
    CONCERN: gettext_lazy("About a report"),
    "meeting": gettext_lazy("About a meeting"),
    "handoff": gettext_lazy("About work that was handed on"),
    "invitation": gettext_lazy("Invitation of a colleague"),
    "account": gettext_lazy("About a colleague's account"),
    "step": gettext_lazy("About a step that waits for a second person"),
    "sheet": gettext_lazy("A sheet that was ordered"),
    "subscription": gettext_lazy("News that somebody follows"),
    "round": gettext_lazy("News that somebody follows"),
    "bulk": gettext_lazy("About a step on many reports"),
}
OTHER = gettext_lazy("About something else")
# An erased address stays erased; sending again would only fail again.
HOPELESS = "no-address"
WHY: dict[str, "StrOrPromise"] = {
    HOPELESS: gettext_lazy("The address was erased, or nothing can be sent to it."),
    "address": gettext_lazy("The address is not spelled like one."),
    "words": gettext_lazy("The portal could not write it. Ask whoever runs the installation."),
    "check": gettext_lazy("The portal could not check it. Ask whoever runs the installation."),
    "connect": gettext_lazy("The mail server could not be reached."),
    "folder": gettext_lazy("The mail server could not be reached."),
    "gateway": gettext_lazy("The service for texts could not be reached."),
    "lost": gettext_lazy("The connection to the mail server broke."),
    "restored": gettext_lazy("A backup was brought back; it may have left before that."),
}


@dataclass(frozen=True)
class Line:
    """One message: what it is about and why it is here, never whose address or which words."""

    message: Message
    about: "StrOrPromise"
    reference: str
    state: "StrOrPromise"
    why: "StrOrPromise"
    may_be_double: bool
    can_be_sent: bool


@staff_page(RESEND)
@require_GET
def stuck(request: StaffRequest) -> HttpResponse:
    page = keyset_page(
        _readable(request),
        order=("-finished_at", "-id"),
        size=PAGE_SIZE,
        cursor=request.GET.get("cursor"),
    )
    lines = [_line(message) for message in page.rows]
    return render(request, "letters/stuck.html", {"lines": lines, "page": page})


@staff_page(RESEND)
@require_POST
def again(request: StaffRequest, message: UUID) -> HttpResponse:
    """Put one back to leave at once, if it is still true by then."""
    found = get_object_or_404(_readable(request).exclude(last_code=HOPELESS), pk=message)
    try:
        requeue(
            message_id=found.pk,
            agency_id=request.agency.pk,
            by=actor_of(request),
            now=timezone.now(),
        )
    except (CannotRequeue, UnknownKind):
        messages.error(request, _("This message is on its way already, or can leave no more."))
    else:
        messages.success(request, _("It leaves now, if what it says is still true."))
    return redirect("desk_messages")


def _readable(request: StaffRequest) -> QuerySet[Message]:
    """Those of the agency; about reports only such as this person may read."""
    seen = Concern.objects.visible_to(request.user).filter(agency=request.agency)
    theirs = Q(subject_reference__in=seen.order_by().values("staff_reference"))
    return dead_letters(request.agency.pk).filter(~Q(subject_type=CONCERN) | theirs)


def _line(message: Message) -> Line:
    return Line(
        message=message,
        about=ABOUT.get(message.subject_type, OTHER),
        reference=message.subject_reference if message.subject_type == CONCERN else "",
        state=State(message.state).label,
        why=_why(message),
        may_be_double=message.state == State.UNKNOWN,
        can_be_sent=message.last_code != HOPELESS,
    )


def _why(message: Message) -> "StrOrPromise":
    if message.state == State.EXPIRED:
        return _("It could not leave in time, and then it was of no use any more.")
    known = WHY.get(message.last_code)
    if known is not None:
        return known
    if message.state == State.UNKNOWN:
        return _("The answer of the server was lost: it may have arrived.")
    return _("The other side refused it (code %(code)s).") % {"code": message.last_code or "?"}
