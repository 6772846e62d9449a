"""Requests that our server filed with another one by Open311 (GeoReport v2)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from concerns.models.handoffs import Handoff
from engagement.groups.models import Organisation
from engagement.places.models import Agency

CODE_LIMIT = 80
NAME_LIMIT = 200


class OutsideService(models.Model):
    """A service that the server of an organisation lists."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="services"
    )
    code = models.CharField(max_length=CODE_LIMIT)
    name = models.CharField(max_length=NAME_LIMIT)

    class Meta:
        ordering = ("organisation", "name", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "code"], name="an_outside_service_is_listed_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class FilingState(models.TextChoices):
    """How far a request got. After `sending` nobody knows until an answer is written down."""

    WAITING = "waiting", _("About to be filed")
    SENDING = "sending", _("Being filed")
    UNSURE = "unsure", _("The line broke: it may have been filed or not")
    NUMBERLESS = "numberless", _("Filed; their number comes later")
    FILED = "filed", _("Filed")
    REFUSED = "refused", _("Their server refused it")
    CLOSED = "closed", _("Closed there")


# The sweep looks after these; the others wait for a person, or for nothing.
ASKED_ABOUT = frozenset(
    {
        FilingState.WAITING,
        FilingState.SENDING,
        FilingState.UNSURE,
        FilingState.NUMBERLESS,
        FilingState.FILED,
    }
)


class OutsideRequest(models.Model):
    """One request at the server of an organisation, filed once however often the line breaks.

    `service_name` is kept as it was called then. `last_code` is an HTTP status or a short word of
    ours, never what the server wrote.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    handoff = models.OneToOneField(
        Handoff, on_delete=models.CASCADE, related_name="outside_request"
    )
    service_code = models.CharField(max_length=CODE_LIMIT)
    service_name = models.CharField(max_length=NAME_LIMIT)
    state = models.CharField(max_length=12, choices=FilingState, default=FilingState.WAITING)
    token = models.CharField(max_length=120, blank=True, default="")
    tries = models.PositiveSmallIntegerField(default=0)
    looks = models.PositiveSmallIntegerField(default=0)
    last_code = models.CharField(max_length=20, blank=True, default="")
    try_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(try_at__isnull=True) | Q(state__in=sorted(ASKED_ABOUT)),
                name="only_an_outside_request_that_is_asked_about_has_a_next_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["try_at"],
                condition=Q(try_at__isnull=False),
                name="outside_requests_to_ask_about",
            )
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.handoff_id}"
