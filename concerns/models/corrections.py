"""Where a report pointed before its reporter corrected it."""

from django.db import models

from concerns import words
from concerns.models.concern import Concern, PlaceSource
from engagement.places.models import Agency, Area


class PlaceCorrection(models.Model):
    """The former place; the concern itself holds the present one."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="place_corrections")
    at = models.DateTimeField()
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    place_text = models.CharField(max_length=words.PLACE_LIMIT, blank=True)
    place_source = models.CharField(max_length=10, choices=PlaceSource)
    is_home = models.BooleanField()
    area = models.ForeignKey(Area, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("concern", "id")

    def __str__(self) -> str:
        return f"former place of {self.concern_id}"
