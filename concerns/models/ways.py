"""Which ways of being reached an agency offers, and what its letters say outside."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from engagement.places.models import Agency


class OfferedWays(models.Model):
    """One row an agency; without one every way is offered that can work."""

    agency = models.OneToOneField(
        Agency, verbose_name=_("agency"), on_delete=models.CASCADE, related_name="+"
    )
    by_email = models.BooleanField(_("by e-mail"), default=True)
    by_text = models.BooleanField(_("by text message"), default=True)
    by_phone = models.BooleanField(_("by phone call"), default=True)
    by_letter = models.BooleanField(_("by letter"), default=True)
    by_relay = models.BooleanField(_("through an organisation"), default=True)
    phone_region = models.CharField(_("country of phone numbers"), max_length=2, default="US")
    envelope_sender = models.TextField(_("sender on the envelope"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("ways to reach reporters")
        verbose_name_plural = _("ways to reach reporters")

    def __str__(self) -> str:
        return str(self.agency)
