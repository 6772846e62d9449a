"""What is held about a report, in the hands of its reporter: account, export, erasure."""

import json
from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from concerns.actions.adopting import adopt as adopt_report
from concerns.actions.adopting import let_go as let_report_go
from concerns.actions.erasing import OnHold
from concerns.actions.exporting import Held, held_about
from concerns.actions.holding import erase_or_wait
from concerns.forms.follow import new_pass
from concerns.models import Concern
from concerns.views.export_archive import File, archive_answer, files_of, in_parts
from concerns.views.follow_referral import answer
from concerns.views.public_follow import follow_page
from engagement.audit.actors import Actor
from engagement.audit.erasures import CannotRemember
from engagement.doors.addresses import address
from engagement.doors.requests import PortalRequest

FILE_NAME = "report.json"


def adopt(request: PortalRequest, concern: Concern) -> HttpResponse:
    if not request.user.is_authenticated:
        return follow_page(request, concern, said=_("Sign in first."))
    adopt_report(
        concern_id=concern.pk,
        account_user_id=request.user.pk,
        by=Actor.reporter(),
        now=timezone.now(),
    )
    return follow_page(request, concern, said=_("The report is listed under My reports now."))


def consent(request: PortalRequest, concern: Concern) -> HttpResponse:
    """Say whether the address may go to another agency."""
    said = answer(concern, request.POST.get("number", ""), request.POST.get("said", ""))
    return follow_page(request, concern, said=said)


def let_go(request: PortalRequest, concern: Concern) -> HttpResponse:
    if not request.user.is_authenticated:
        return follow_page(request, concern, said=_("Sign in first."))
    try:
        let_report_go(
            concern_id=concern.pk,
            account_user_id=request.user.pk,
            by=Actor.reporter(),
            now=timezone.now(),
        )
    except CannotRemember:
        return follow_page(request, concern, said=not_erased())
    except OnHold:
        return follow_page(request, concern, said=is_on_hold())
    done = _("The report is no longer tied to your account. Code and secret go on opening it.")
    return follow_page(request, concern, said=done)


def erase(request: PortalRequest, concern: Concern) -> HttpResponse:
    try:
        is_done = erase_or_wait(concern_id=concern.pk, by=Actor.reporter(), now=timezone.now())
    except CannotRemember:
        return follow_page(request, concern, said=not_erased())
    if not is_done:
        return follow_page(request, concern, said=_waits())
    return follow_page(request, concern, said=_("Your contact and account link are erased."))


def export(request: PortalRequest, concern: Concern) -> HttpResponseBase:
    return export_page(request, [concern], verb="export")


def export_page(
    request: PortalRequest, concerns: Sequence[Concern], *, verb: str
) -> HttpResponseBase:
    """Everything held about these reports: as a page to read and print, as an archive with the
    photos, or as a file of the words alone."""
    held = [held_about(concern) for concern in concerns]
    form = request.POST.get("form")
    if form == "json":
        return _file(held)
    parts = in_parts(files_of(concerns))
    if form == "zip" and (chosen := _chosen(request, parts)) is not None:
        return archive_answer(held, chosen)
    context: dict[str, Any] = {
        "held": held,
        "verb": verb,
        "parts": [
            {"number": number, "photos": len(part), "bytes": sum(file.size for file in part)}
            for number, part in enumerate(parts, start=1)
        ],
        "is_in_parts": form == "zip",
        "export_url": address(request, "track" if verb == "export" else "my"),
        "track_url": address(request, "track"),
        "pass": new_pass(concerns[0].tracking_code) if verb == "export" else "",
    }
    with timezone.override(concerns[0].agency.zone if concerns else None):
        return render(request, "concerns/follow_export.html", context)


def _chosen(request: PortalRequest, parts: Sequence[list[File]]) -> list[File] | None:
    """The photos of the part that is asked for; all where there is one part; None to be asked."""
    if len(parts) <= 1:
        return parts[0] if parts else []
    number = request.POST.get("part", "")
    is_one = number.isascii() and number.isdecimal() and 1 <= int(number[:4]) <= len(parts)
    return parts[int(number[:4]) - 1] if is_one else None


def _waits() -> str:
    return _(
        "A legal hold, such as a court case, delays this. Your wish is kept: nobody writes to you "
        "any more, and your contact and account link are erased the day the hold ends."
    )


def is_on_hold() -> str:
    return _(
        "A legal hold, such as a court case, keeps this report as it is, so this cannot be done "
        "yet. Try again later."
    )


def not_erased() -> str:
    return _("Nothing was erased: the portal could not write it down for good. Try again later.")


def _file(held: Sequence[Held]) -> HttpResponse:
    text = json.dumps([one.as_json() for one in held], ensure_ascii=False, indent=2)
    answer = HttpResponse(text, content_type="application/json; charset=utf-8")
    # The name in a folder of downloads says nothing of the code.
    answer["Content-Disposition"] = f'attachment; filename="{FILE_NAME}"'
    return answer
