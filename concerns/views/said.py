"""What a case page says after a press, carried by a short word in its address: a session that
stays as it is costs neither page a question more."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from concerns.models import Concern
from concerns.views.route_words import holder_and_day

SAID = {
    "accepted": gettext_lazy("Accepted. The reporter is told."),
    "started": gettext_lazy("Marked as under way. The reporter is told."),
    "reopened": gettext_lazy("Opened again. The reporter is told."),
    "sent": gettext_lazy("Sent to the reporter."),
    "asked": gettext_lazy("Sent to the reporter. The clock stands still until they answer."),
    "noted": gettext_lazy("Note kept for staff."),
    "resolved": gettext_lazy("Resolved. The reporter has 14 days to say that it is not fixed."),
    "closed": gettext_lazy("Closed. The reporter is told."),
    "waits": gettext_lazy("It waits for someone outside the police. The clock stands still."),
    "priority": gettext_lazy("Priority changed."),
    "help": gettext_lazy("Put on the list. Nothing was sent to the reporter yet."),
    "dropped": gettext_lazy("Taken off the list. Nothing was sent."),
    "tagged": gettext_lazy("Tagged."),
    "untagged": gettext_lazy("The tag is off."),
    "unpublished": gettext_lazy("The public page is gone."),
    "late_told": gettext_lazy("The reporter reads why it is late."),
    "removal_answered": gettext_lazy("Answered. The reporter is told."),
}
HANDED_ON = "handed_on"
# After these the page also says who has it now and by when.
SAID_WITH_HOLDER = {
    "handed_over": gettext_lazy("Handed over."),
    "refiled": gettext_lazy("Category changed."),
    "moved": gettext_lazy("The place is corrected."),
}


def said_of(word: str, concern: Concern, *, taken_by: str = "") -> str:
    """The sentence of a word in an address, or "" for any other word; `taken_by` is the name of
    who got the last hand-off."""
    if word == HANDED_ON and taken_by:
        return _("Handed on to %(name)s. The clock stands still.") % {"name": taken_by}
    if word in SAID_WITH_HOLDER:
        return f"{SAID_WITH_HOLDER[word]} {holder_and_day(concern)}"
    return str(SAID.get(word, ""))


def back_to(concern: Concern, word: str) -> HttpResponse:
    """Go back to the case, which says what was done."""
    path = reverse("desk_concern", args=[concern.staff_reference])
    return redirect(f"{path}?{urlencode({'said': word})}")
