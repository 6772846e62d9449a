"""The wrong door: whom to call now, who has it, who called whom, and how it ended."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from concerns.actions import wrong_door
from concerns.actions.casework import BadWords
from concerns.forms.police_side import CalledForm, EndingForm, NoNumberForm
from concerns.models import Concern, WrongDoor
from concerns.models.wrong_doors import Ending, Wrong
from concerns.outside_registry import DUTY
from concerns.querysets import READ
from concerns.registry import TRIAGE
from concerns.rights import may
from concerns.views.desk_cad import find_to_work
from concerns.views.desk_case import find
from concerns.views.public_pages import EMERGENCY, help_choices
from engagement.doors.access import actor_of, staff_page
from engagement.doors.requests import StaffRequest
from engagement.people.rights import allowed
from engagement.places.models import Agency

MOST_LISTED = 100
# Codes of the hotlines that answer each mark.
ANSWERING = {
    Wrong.DANGER: (EMERGENCY,),
    Wrong.ABUSE: ("child_abuse", "adult_abuse", EMERGENCY),
    Wrong.CRIME: (EMERGENCY,),
}
DESK = "non_emergency"


@staff_page(READ)
@require_GET
def wrong_doors(request: StaffRequest) -> HttpResponse:
    """What is marked and not over, of the cases that this person may read; what waits first."""
    visible = Concern.objects.visible_to(request.user).filter(agency=request.agency)
    rows = WrongDoor.objects.open().filter(agency=request.agency, concern__in=visible.values("pk"))
    rows = rows.select_related("concern__category", "concern__area", "marked_by", "accepted_by")
    rows = rows.defer("concern__search", "concern__text")
    listed = list(rows.order_by("accepted_at", "marked_at", "id")[:MOST_LISTED])
    # NULLs come last in PostgreSQL, and those wait.
    listed.sort(key=lambda row: (row.accepted_at is not None, row.marked_at))
    context = {
        "rows": [(row, may(request.user, DUTY, row.concern)) for row in listed],
        "keeps_duty": allowed(request.user, DUTY, agency_id=request.agency.pk),
    }
    return render(request, "concerns/desk/wrong_doors.html", context)


@sensitive_post_parameters()
@staff_page(READ)
@require_POST
def mark(request: StaffRequest, reference: str) -> HttpResponse:
    """One tap by anybody who reads the case."""
    concern, kind = find(request, reference), request.POST.get("kind", "")
    if kind not in Wrong.values:
        raise Http404
    wrong_door.mark(concern_id=concern.pk, kind=kind, by=actor_of(request), now=timezone.now())
    messages.success(request, _("Marked. A supervisor is paged, the public sees nothing."))
    return redirect("desk_concern_wrong_door", reference)


@staff_page(READ)
@require_GET
def wrong_door_page(request: StaffRequest, reference: str) -> HttpResponse:
    return _page(request, find(request, reference))


@staff_page(DUTY)
@require_POST
def take_over(request: StaffRequest, reference: str, number: int) -> HttpResponse:
    """“I have it”: paging ends."""
    concern = find(request, reference)
    if not may(request.user, DUTY, concern):
        raise Http404
    found = _mark_of(concern, number)
    if wrong_door.take_over(mark_id=found.pk, by=actor_of(request), now=timezone.now()):
        messages.success(request, _("You have it. Nobody else is paged."))
    else:
        messages.info(request, _("Somebody has it already, or it is over."))
    return redirect("desk_concern_wrong_door", reference)


@sensitive_post_parameters()
@staff_page(READ)
@require_POST
def called(request: StaffRequest, reference: str, number: int) -> HttpResponse:
    """Write down a call: of a listed number in one tap, or of another by name."""
    concern = find(request, reference)
    found, form = _mark_of(concern, number), _called(number, request.POST)
    if code := request.POST.get("code"):
        told = _listed(code, concern.agency)
    elif form.is_valid():
        told = form.cleaned_data
    else:
        return _page(request, concern, bound=form, number=number, status=422)
    try:
        wrong_door.write_down_call(
            mark_id=found.pk, by=actor_of(request), now=timezone.now(), **told
        )
    except BadWords:
        form.add_error("whom", _("Write whom you called."))
        return _page(request, concern, bound=form, number=number, status=422)
    messages.success(request, _("Written down: you called, now."))
    return redirect("desk_concern_wrong_door", reference)


@sensitive_post_parameters()
@staff_page(TRIAGE)
@require_POST
def end(request: StaffRequest, reference: str, number: int) -> HttpResponse:
    concern = find_to_work(request, reference)
    found, form = _mark_of(concern, number), _ending(number, request.POST)
    if not form.is_valid():
        return _page(request, concern, bound=form, number=number, status=422)
    try:
        wrong_door.end(
            mark_id=found.pk, by=actor_of(request), now=timezone.now(), **form.cleaned_data
        )
    except wrong_door.CannotEnd as refusal:
        words = {
            "no_reason": _("Say why it was a mistake."),
            "no_call": _("Write down whom you called first, or say why nobody was."),
            "over": _("It has ended already."),
        }
        form.add_error("reason", words[refusal.reason])
        return _page(request, concern, bound=form, number=number, status=422)
    messages.success(request, _("Ended. It stays on record."))
    return redirect("desk_concern_wrong_door", reference)


@sensitive_post_parameters()
@staff_page(TRIAGE)
@require_POST
def no_number(request: StaffRequest, reference: str) -> HttpResponse:
    concern, form = (
        find_to_work(request, reference),
        NoNumberForm(request.POST, auto_id="id_number_%s"),
    )
    if not form.is_valid():
        return _page(request, concern, bound=form, status=422)
    reason = form.cleaned_data["reason"]
    try:
        done = wrong_door.explain_no_number(
            concern_id=concern.pk, reason=reason, by=actor_of(request), now=timezone.now()
        )
    except BadWords:
        form.add_error("reason", _("Write why, so that the case can be closed."))
        return _page(request, concern, bound=form, status=422)
    if not done:
        raise Http404
    messages.success(request, _("Written down. The case can be closed now."))
    return redirect("desk_concern_wrong_door", reference)


def _mark_of(concern: Concern, number: int) -> WrongDoor:
    return get_object_or_404(WrongDoor.objects.filter(concern=concern), pk=number)


def _called(number: int, data: QueryDict | None = None) -> CalledForm:
    """Several marks may stand on one page, and ids must not repeat."""
    return CalledForm(data, auto_id=f"called-{number}-%s")


def _ending(number: int, data: QueryDict | None = None) -> EndingForm:
    return EndingForm(data, auto_id=f"ending-{number}-%s")


def _page(
    request: StaffRequest,
    concern: Concern,
    *,
    bound: Form | None = None,
    number: int = 0,
    status: int = 200,
) -> HttpResponse:
    """`bound` is a form that was refused, of the mark of that `number` or of the case itself."""
    marks = list(
        WrongDoor.objects.filter(concern=concern)
        .select_related("marked_by", "accepted_by", "ended_by")
        .prefetch_related("pages__user", "calls__by_user")
        .order_by("-id")
    )
    choices = help_choices(concern.agency)
    context = {
        "concern": concern,
        "marks": [
            {
                "row": row,
                "numbers": _numbers(row, choices, concern.agency),
                "called": _own(bound, number, row, CalledForm) or _called(row.pk),
                "ending": _own(bound, number, row, EndingForm) or _ending(row.pk),
            }
            for row in marks
        ],
        "is_crime": any(row.kind == Wrong.CRIME and row.ending != Ending.MISTAKE for row in marks),
        "reason_given": next((row.no_number_reason for row in marks if row.no_number_reason), ""),
        "may_work": may(request.user, TRIAGE, concern),
        "may_take_over": may(request.user, DUTY, concern),
        "no_number": bound
        if isinstance(bound, NoNumberForm)
        else NoNumberForm(auto_id="id_number_%s"),
        "bound": bound,
    }
    return render(request, "concerns/desk/wrong_door.html", context, status=status)


def _own(bound: Form | None, number: int, row: WrongDoor, kind: type[Form]) -> Form | None:
    return bound if row.pk == number and isinstance(bound, kind) else None


def _numbers(row: WrongDoor, choices: list[dict[str, Any]], agency: Agency) -> list[dict[str, Any]]:
    """Whom to call for this mark, the most fitting first; each with the day of its last check."""
    if row.ending:
        return []
    wanted = ANSWERING[Wrong(row.kind)]
    found = sorted(
        (choice for choice in choices if choice["code"] in wanted),
        key=lambda choice: wanted.index(choice["code"]),
    )
    if row.kind == Wrong.CRIME and agency.non_emergency_phone:
        found.insert(0, _desk_number(agency))
    return found


def _desk_number(agency: Agency) -> dict[str, Any]:
    return {
        "code": DESK,
        "title": _("Police reports, not an emergency"),
        "number": agency.non_emergency_phone,
        "phone": agency.non_emergency_phone,
        "phone_href": "",
        "checked": None,
    }


def _listed(code: str, agency: Agency) -> dict[str, str]:
    """Name and number of a listed hotline. Raises Http404."""
    for choice in [*help_choices(agency), _desk_number(agency)]:
        if choice["code"] == code:
            return {"whom": str(choice["title"]), "number": str(choice["number"]), "line": ""}
    raise Http404
