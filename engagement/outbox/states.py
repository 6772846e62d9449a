"""The life of a message, as words. Pure: no database, no clock."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    PLANNED = "planned", _("Planned")
    SENDING = "sending", _("Sending")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")
    EXPIRED = "expired", _("Too late to be useful")
    SUPERSEDED = "superseded", _("No longer true")
    SUPPRESSED = "suppressed", _("Not wanted")
    UNKNOWN = "unknown", _("Perhaps sent")


# A message in one of these still has something to do.
OPEN: tuple[State, ...] = (State.PLANNED, State.SENDING)
# A person must look at these; nothing leaves by itself any more.
DEAD_LETTERS: tuple[State, ...] = (State.FAILED, State.EXPIRED, State.UNKNOWN)
