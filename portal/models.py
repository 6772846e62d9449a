"""What is true of the whole installation."""

from django.db import models
from django.utils.translation import gettext_lazy as _


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
