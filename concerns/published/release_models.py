"""Figures of what is only counted: released once, for a period that is over, and never changed."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from engagement.places.models import Agency


class Release(models.Model):
    """The reports of one group of categories in whole weeks; `until_on` is the last day."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    group = models.CharField(max_length=20)
    from_on = models.DateField()
    until_on = models.DateField()

    class Meta:
        verbose_name = _("released figures")
        verbose_name_plural = _("released figures")
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "group", "until_on"], name="a_week_is_released_once"
            ),
            models.CheckConstraint(
                condition=Q(until_on__gte=F("from_on")), name="a_release_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group} {self.from_on}"


class Figure(models.Model):
    """How many reports came from these areas together. No areas named: from outside all of them.

    Five is the fewest that may be said; what is fewer was joined with other areas before.
    """

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="figures")
    areas = ArrayField(models.BigIntegerField())
    is_outside_too = models.BooleanField(default=False)
    number = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("figure")
        verbose_name_plural = _("figures")
        constraints = [
            models.CheckConstraint(
                condition=Q(number__gte=5), name="fewer_than_five_are_never_published"
            ),
        ]

    def __str__(self) -> str:
        return str(self.number)
