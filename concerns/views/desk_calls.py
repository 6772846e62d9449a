"""Calls and letters that staff owe to reporters: the list, one of them, and how it went."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import phonenumbers
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from concerns.actions.calls import (
    RESULTS,
    CannotReach,
    CannotRecord,
    Opened,
    open_number,
    record_try,
)
from concerns.calling import workable_by
from concerns.models import CallTask, OfferedWays
from concerns.models.calls import CallResult, CallWay
from concerns.registry import CALL
from concerns.spoken import name_of
from engagement.doors.access import actor_of, staff_page
from engagement.doors.paging import keyset_page
from engagement.doors.requests import StaffRequest
from engagement.keys.references import spaced
from engagement.people.addresses import EXTENSION

PAGE_SIZE = 50
HOURS = ("in_the_morning", "in_the_afternoon", "in_the_evening")


@dataclass(frozen=True)
class Row:
    """A line of the list, and the head of one call; nobody's number."""

    task: CallTask
    url: str
    what: str
    hours: str
    language: str
    is_late: bool


@staff_page(CALL)
@require_GET
def calls(request: StaffRequest) -> HttpResponse:
    page = keyset_page(
        _tasks(request),
        order=("due_on", "id"),
        size=PAGE_SIZE,
        cursor=request.GET.get("cursor"),
    )
    today = request.agency.day_of(timezone.now())
    context = {
        "rows": [_row(task, today) for task in page.rows],
        "newer": page.newer,
        "older": page.older,
    }
    return render(request, "concerns/desk/calls.html", context)


@staff_page(CALL)
@require_GET
def call(request: StaffRequest, number: int) -> HttpResponse:
    return _call_page(request, _find(request, number))


@staff_page(CALL)
@require_POST
def open_call(request: StaffRequest, number: int) -> HttpResponse:
    """Show the number or the letter; that it was opened is on record before."""
    task = _find(request, number)
    try:
        opened = open_number(task=task, by=actor_of(request), now=timezone.now())
    except CannotReach:
        messages.error(request, _("The reporter has erased the address. Nobody can be reached."))
        return redirect("desk_call", number)
    return _call_page(request, task, opened)


@staff_page(CALL)
@require_POST
def result(request: StaffRequest, number: int) -> HttpResponse:
    task, said = _find(request, number), request.POST.get("result", "")
    try:
        done = record_try(task_id=task.pk, result=said, by=actor_of(request), now=timezone.now())
    except CannotRecord:
        messages.error(request, _("This was recorded already, or the page is old. Look again."))
        return redirect("desk_calls")
    told = _("Written down; the reporter can read it.")
    if done.done_on is None:
        told = _("Written down. Try again on the next business day.")
    messages.success(request, told)
    return redirect("desk_calls")


def _tasks(request: StaffRequest) -> Any:
    tasks = workable_by(request.user, request.agency)
    return tasks.select_related(
        "concern__category", "concern__area", "concern__owner", "concern__wish"
    ).defer("concern__search", "concern__text")


def _find(request: StaffRequest, number: int) -> CallTask:
    """The open task, as far as it is this person's to do. Raises Http404."""
    tasks = _tasks(request).select_related("concern__agency", "concern__reporter")
    task: CallTask = get_object_or_404(tasks, pk=number)
    return task


def _row(task: CallTask, today: date) -> Row:
    what = {
        CallWay.PHONE: _("Call: %(why)s"),
        CallWay.LETTER: _("Letter: %(why)s"),
    }[CallWay(task.way)]
    return Row(
        task=task,
        url=reverse("desk_call", args=[task.pk]),
        what=what % {"why": task.get_why_display()},
        hours=_hours(task),
        language=name_of(task.concern.language),
        is_late=task.due_on < today,
    )


def _hours(task: CallTask) -> str:
    words = {
        "in_the_morning": _("in the morning"),
        "in_the_afternoon": _("in the afternoon"),
        "in_the_evening": _("in the evening"),
    }
    wish = getattr(task.concern, "wish", None)
    return ", ".join(words[name] for name in HOURS if wish is not None and getattr(wish, name))


def _call_page(request: StaffRequest, task: CallTask, opened: Opened | None = None) -> HttpResponse:
    row = _row(task, request.agency.day_of(timezone.now()))
    context = {
        "row": row,
        "task": task,
        "concern": task.concern,
        "opened": opened,
        "number": as_dialled(opened.value) if opened and task.way == CallWay.PHONE else None,
        "results": _results(task, opened),
        "tries": task.call_tries.select_related("by_user").order_by("id"),
        "script": _in_their_language(task, _script),
        "letter": _in_their_language(task, _letter) if task.way == CallWay.LETTER else None,
        "sender": _sender(task) if opened and task.way == CallWay.LETTER else "",
    }
    answer = render(request, "concerns/desk/call.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


def as_dialled(stored: str) -> dict[str, str]:
    """The number as people read it, and what a phone dials."""
    plain, _mark, extension = stored.partition(EXTENSION)
    parsed = phonenumbers.parse(plain)
    shown = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)
    if parsed.country_code != 1:
        shown = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    return {"shown": shown, "href": f"tel:{plain}", "extension": extension}


def _results(task: CallTask, opened: Opened | None) -> list[tuple[str, str]]:
    """Results to tap. A word is left only where the wishes were read and allow it."""
    may_leave_word = opened is not None and not opened.wishes.no_voice_mail
    return [
        (result.value, str(result.label))
        for result in RESULTS[task.way]
        if result != CallResult.LEFT_WORD or may_leave_word
    ]


def _in_their_language(task: CallTask, write: Any) -> dict[str, Any]:
    language = task.concern.language
    known = language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    with translation.override(known):
        return {"language": known, "lines": write(task)}


def _script(task: CallTask) -> list[str]:
    """What to say, without a word of the matter until the right person is there."""
    return [
        _("Hello. May I speak to the person who asked for a call?"),
        _("I call about something that you told us. Is this a good moment to talk?"),
        _("There is an answer for you. I can read it to you, or you can read it with your code."),
    ]


def _letter(task: CallTask) -> list[str]:
    code, where = spaced(task.concern.tracking_code), settings.ORIGIN + reverse("track")
    lines = [
        _("A message waits for you."),
        _("Read it at %(where)s with your code %(code)s and your secret.")
        % {"where": where, "code": code},
    ]
    phone = task.concern.agency.non_emergency_phone
    if phone:
        lines.append(
            _("No internet? Call %(phone)s and ask for help to read it.") % {"phone": phone}
        )
    return lines


def _sender(task: CallTask) -> str:
    chosen = OfferedWays.objects.filter(agency_id=task.agency_id).first()
    return chosen.envelope_sender if chosen else ""
