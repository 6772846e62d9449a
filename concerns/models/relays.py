"""Organisations through which people report who do not want the police to know them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from engagement.people.models import Contact
from engagement.places.models import Agency


class RelayKind(models.TextChoices):
    CHURCH = "church", _("Church or congregation")
    CLINIC = "clinic", _("Clinic")
    ASSOCIATION = "association", _("Neighborhood association")
    SHELTER = "shelter", _("Shelter or victim service")
    SCHOOL = "school", _("School")
    OTHER = "other", _("Other")


class Relays(models.QuerySet["Relay"]):
    def offered_at(self, agency: Agency) -> "Relays":
        """Those that residents of the agency may choose now."""
        return self.filter(agency=agency, is_active=True, contact__isnull=False)


class Relay(models.Model):
    """The police see this organisation and its address, and nobody behind it."""

    agency = models.ForeignKey(Agency, verbose_name=_("agency"), on_delete=models.PROTECT)
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=20, choices=RelayKind, default=RelayKind.OTHER)
    contact = models.OneToOneField(
        Contact, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    is_active = models.BooleanField(_("offered on the report form"), default=True)

    objects = Relays.as_manager()

    class Meta:
        verbose_name = _("organisation that relays")
        verbose_name_plural = _("organisations that relay")
        ordering = ["agency", "name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "id"], name="a_relay_belongs_to_one_agency"),
            models.UniqueConstraint(
                fields=["agency", "name"],
                name="a_relay_is_listed_once",
                violation_error_message=_("This organisation is on the list already."),
            ),
            models.CheckConstraint(condition=~Q(name=""), name="a_relay_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name
