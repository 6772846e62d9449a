"""Columns that staff can choose for the queue."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# What a column is called; the reference stands in front of all of them.
COLUMNS: dict[str, str | Promise] = {
    "about": _("About"),
    "place": _("Place"),
    "area": _("Area"),
    "state": _("State"),
    "priority": _("Priority"),
    "received": _("Received"),
    "due": _("Due"),
    "owner": _("With"),
    "team": _("Team"),
    "channel": _("Came by"),
    "language": _("Language"),
    "waits": _("Waits for an answer since"),
}
USUAL_COLUMNS = ("about", "place", "state", "received", "due", "owner")
