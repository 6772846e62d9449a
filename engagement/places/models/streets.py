"""Streets as lines to draw and names to search, and the corners where they meet."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from engagement.places.models.agencies import Agency


class Street(models.Model):
    """All lines of one name. `lines` is a list of {"rank": 1 to 6, "points": [[lon, lat], ...]}."""

    agency = models.ForeignKey(
        Agency, on_delete=models.CASCADE, related_name="streets", verbose_name=_("agency")
    )
    name = models.CharField(_("name"), max_length=120)
    search_name = models.CharField(_("name without direction and type"), max_length=120)
    street_class = models.CharField(_("class"), max_length=60, blank=True)
    lines = models.JSONField(_("lines"))
    min_lon = models.FloatField(_("west"))
    min_lat = models.FloatField(_("south"))
    max_lon = models.FloatField(_("east"))
    max_lat = models.FloatField(_("north"))

    class Meta:
        verbose_name = _("street")
        verbose_name_plural = _("streets")
        ordering = ["agency", "name"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "name"], name="one_street_of_a_name")
        ]

    def __str__(self) -> str:
        return self.name


class Corner(models.Model):
    """A place where two streets meet; `street_a` sorts before `street_b`."""

    agency = models.ForeignKey(
        Agency, on_delete=models.CASCADE, related_name="corners", verbose_name=_("agency")
    )
    street_a = models.CharField(_("street"), max_length=120)
    street_b = models.CharField(_("other street"), max_length=120)
    lon = models.FloatField(_("longitude"))
    lat = models.FloatField(_("latitude"))

    class Meta:
        verbose_name = _("corner")
        verbose_name_plural = _("corners")
        ordering = ["agency", "street_a", "street_b", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(street_a__lt=models.F("street_b")),
                name="corner_names_its_streets_in_order",
            )
        ]

    def __str__(self) -> str:
        return f"{self.street_a} & {self.street_b}"
