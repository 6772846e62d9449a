"""Days on which a member of staff is away, and who stands in for them."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from engagement.places.models import Agency


class Absences(models.QuerySet["Absence"]):
    def on(self, day: Any) -> "Absences":
        """Those that hold on this day of the agency, which may be an expression."""
        return self.filter(from_on__lte=day, until_on__gte=day)

    def from_now_on(self, day: date) -> "Absences":
        """Those that are not over, the next first."""
        return self.filter(until_on__gte=day).order_by("from_on", "id")


class Absence(models.Model):
    """From the first to the last day, both included. Why is nobody else's matter."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    stand_in = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    from_on = models.DateField()
    until_on = models.DateField()

    objects = Absences.as_manager()

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on__gte=F("from_on")), name="an_absence_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(stand_in__isnull=True) | ~Q(stand_in=F("user")),
                name="nobody_stands_in_for_themselves",
            ),
        ]
        indexes = [models.Index(fields=["agency", "until_on"], name="absences_not_over")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.from_on} to {self.until_on}"
