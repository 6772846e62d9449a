"""What a case page says after a press, carried by a short word in its address: a session that
stays as it is costs neither page a question more."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from concerns.models import Concern

SAID = {
    "accepted": _("Accepted. The reporter is told."),
    "started": _("Marked as under way. The reporter is told."),
    "reopened": _("Opened again. The reporter is told."),
    "sent": _("Sent to the reporter."),
    "asked": _("Sent to the reporter. The clock stands still until they answer."),
    "noted": _("Note kept for staff."),
    "resolved": _("Resolved. The reporter has 14 days to say that it is not fixed."),
    "closed": _("Closed. The reporter is told."),
    "waits": _("It waits for someone outside the police. The clock stands still."),
    "priority": _("Priority changed."),
    "help": _("Put on the list. Nothing was sent to the reporter yet."),
    "dropped": _("Taken off the list. Nothing was sent."),
    "late_told": _("The reporter reads why it is late."),
    "removal_answered": _("Answered. The reporter is told."),
}


def said_of(word: str) -> str:
    """The sentence of a word in an address, or "" for any other word."""
    return str(SAID.get(word, ""))


def back_to(concern: Concern, word: str) -> HttpResponse:
    """Go back to the case, which says what was done."""
    path = reverse("desk_concern", args=[concern.staff_reference])
    return redirect(f"{path}?{urlencode({'said': word})}")
