"""Areas of an agency, and the polygons that they had over time."""

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from engagement.places.models.agencies import Agency


class Area(models.Model):
    """The lasting identity of a district, neighborhood or ward: rights and routes name it."""

    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, related_name="areas", verbose_name=_("agency")
    )
    layer = models.SlugField(_("layer"), max_length=40)
    code = models.CharField(_("code"), max_length=60)
    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("short address"), max_length=80)

    class Meta:
        verbose_name = _("area")
        verbose_name_plural = _("areas")
        ordering = ["agency", "layer", "name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "layer", "code"], name="one_area_of_a_code_in_a_layer"
            ),
            models.UniqueConstraint(
                fields=["agency", "slug"], name="one_area_of_a_slug_in_an_agency"
            ),
            models.UniqueConstraint(
                fields=["agency", "id"], name="area_can_be_linked_inside_its_agency"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AreaVersionQuerySet(models.QuerySet["AreaVersion"]):
    def in_force(self, on: date) -> "AreaVersionQuerySet":
        still = models.Q(valid_until__isnull=True) | models.Q(valid_until__gte=on)
        return self.filter(still, valid_from__lte=on)


class AreaVersion(models.Model):
    """The polygon of an area from one day up to and with another. WGS84, longitude first."""

    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, related_name="+", verbose_name=_("agency")
    )
    area = models.ForeignKey(
        Area, on_delete=models.CASCADE, related_name="versions", verbose_name=_("area")
    )
    shape = models.JSONField(_("shape"), help_text=_("GeoJSON geometry: Polygon or MultiPolygon."))
    valid_from = models.DateField(_("in force from"))
    valid_until = models.DateField(_("in force until"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)
    min_lon = models.FloatField(_("west"))
    min_lat = models.FloatField(_("south"))
    max_lon = models.FloatField(_("east"))
    max_lat = models.FloatField(_("north"))

    objects = AreaVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of an area")
        verbose_name_plural = _("versions of areas")
        ordering = ["area", "valid_from", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["area", "valid_from"], name="one_version_of_an_area_starts_on_a_day"
            ),
            models.UniqueConstraint(
                fields=["area"],
                condition=models.Q(valid_until__isnull=True),
                name="one_version_of_an_area_has_no_end",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_until__isnull=True)
                | models.Q(valid_until__gte=models.F("valid_from")),
                name="version_of_an_area_ends_after_it_starts",
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "valid_until"], name="versions_of_an_agency_in_force")
        ]

    def __str__(self) -> str:
        return f"{self.area_id} {self.valid_from}"
