"""House numbers, and the blocks that hold enough of them to hide one."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from engagement.places.models.agencies import Agency


class Address(models.Model):
    """One house number. `street_key` names its street however a file spells it (names.key_of)."""

    agency = models.ForeignKey(
        Agency, on_delete=models.CASCADE, related_name="+", db_index=False, verbose_name=_("agency")
    )
    street_key = models.CharField(max_length=140)
    street = models.CharField(_("street"), max_length=120)
    number = models.PositiveIntegerField(_("number"))
    suffix = models.CharField(_("letter or fraction"), max_length=8, blank=True)
    lon = models.FloatField(_("longitude"))
    lat = models.FloatField(_("latitude"))

    class Meta:
        verbose_name = _("address")
        verbose_name_plural = _("addresses")
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "street_key", "number", "suffix"],
                name="a_house_number_stands_once_in_a_street",
            )
        ]

    def __str__(self) -> str:
        return f"{self.number}{self.suffix} {self.street}"


class Block(models.Model):
    """A cell of the map with at least ten house numbers; one point stands for all of it.

    The cells of an agency never overlap. Degrees, WGS84; west and south belong to the cell.
    """

    agency = models.ForeignKey(
        Agency, on_delete=models.CASCADE, related_name="+", verbose_name=_("agency")
    )
    west = models.FloatField()
    south = models.FloatField()
    east = models.FloatField()
    north = models.FloatField()
    lon = models.FloatField()
    lat = models.FloatField()
    numbers = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("block")
        verbose_name_plural = _("blocks")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(numbers__gte=10), name="a_block_hides_each_of_its_addresses"
            )
        ]

    def __str__(self) -> str:
        return f"{self.west},{self.south}"
