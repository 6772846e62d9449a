"""What is true of the whole installation, and who gets which sheet of paper."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from engagement.places.models import Agency, Area


class Installation(models.Model):
    """The single row that says whether this database is a demonstration.

    Written by the first migration and refused any change by a trigger: a demonstration, with
    its known accounts and relaxed rules, never becomes a service.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    is_demonstration = models.BooleanField(_("is a demonstration"))

    class Meta:
        verbose_name = _("installation")
        verbose_name_plural = _("installation")
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="installation_is_one_row"),
        ]

    def __str__(self) -> str:
        return str(_("Demonstration") if self.is_demonstration else _("Service"))


class SheetKind(models.TextChoices):
    BEAT = "beat", _("Beat sheet")
    WEEK = "week", _("The week in numbers")


class ShiftStart(models.Model):
    """A time of day at which a shift of the agency begins, on the clocks of its zone."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    at = models.TimeField(_("begins at"))

    class Meta:
        verbose_name = _("start of a shift")
        verbose_name_plural = _("starts of shifts")
        ordering = ("agency", "at")
        constraints = [
            models.UniqueConstraint(fields=["agency", "at"], name="a_shift_begins_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%H:%M}"


class SheetOrder(models.Model):
    """A member of staff who wants a sheet by mail; without an area it is about the whole agency."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=SheetKind)
    area = models.ForeignKey(Area, null=True, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "user", "kind", "area"],
                nulls_distinct=False,
                name="a_sheet_is_ordered_once",
            ),
            models.CheckConstraint(
                condition=models.Q(kind=SheetKind.WEEK) | models.Q(area__isnull=False),
                name="a_beat_sheet_is_about_an_area",
            ),
        ]
        indexes = [models.Index(fields=["agency", "kind", "area"], name="who_wants_a_sheet")]

    def __str__(self) -> str:
        return f"{self.kind} for {self.user_id}"
