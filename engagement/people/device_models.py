"""Devices that an agency knows: a car's computer that officers share, or an officer's own phone."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from engagement.places.models import Agency

NAME_LIMIT = 60
LONGEST_SHIFT = 12


class Device(models.Model):
    """A browser that was registered with a second factor. It proves nothing about who uses it: the
    token in its cookie, stored hashed, only lets a sign-in last for a shift and end with it.

    A shared one has no owner; any member of the agency's staff works there in turn.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=NAME_LIMIT)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="devices"
    )
    shift_hours = models.PositiveSmallIntegerField(_("hours of a shift"), default=LONGEST_SHIFT)
    token_digest = models.BinaryField(max_length=32, unique=True)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    registered_on = models.DateField()
    revoked_on = models.DateField(null=True)

    class Meta:
        verbose_name = _("device")
        verbose_name_plural = _("devices")
        constraints = [
            models.CheckConstraint(
                condition=Q(shift_hours__gte=1, shift_hours__lte=LONGEST_SHIFT),
                name="a_shift_lasts_one_to_twelve_hours",
            ),
        ]
        indexes = [
            models.Index(
                fields=["agency", "id"], condition=Q(revoked_on__isnull=True), name="devices_in_use"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_shared(self) -> bool:
        return self.owner_id is None
