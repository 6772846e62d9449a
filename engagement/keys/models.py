from django.db import models
from django.utils.translation import gettext_lazy as _


class RekeyProgress(models.Model):
    """How far `rekey` has come with one batch of rows, so that it can go on after a crash."""

    purpose = models.CharField(_("purpose"), max_length=20)
    version = models.PositiveIntegerField(_("key version"))
    batch = models.CharField(_("rows"), max_length=80)
    last_id = models.BigIntegerField(_("last row done"), default=0)
    is_finished = models.BooleanField(_("finished"), default=False)

    class Meta:
        verbose_name = _("rekey progress")
        verbose_name_plural = _("rekey progress")
        constraints = [
            models.UniqueConstraint(
                fields=["purpose", "version", "batch"], name="one_progress_row_per_batch"
            )
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.version} {self.batch}"
