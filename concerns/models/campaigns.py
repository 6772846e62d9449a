"""Posters and flyers that lead here, and how often they were used: a number per day, no more."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from engagement.places.models import Agency, Area


class Campaign(models.Model):
    """A name for posters of one area or of the whole agency; `code` stands in the QR code."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=16, unique=True)
    name = models.CharField(_("name"), max_length=80)
    area = models.ForeignKey(Area, null=True, on_delete=models.PROTECT, related_name="+")
    begun_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "id"], name="a_campaign_belongs_to_one_agency"
            ),
            models.UniqueConstraint(
                fields=["agency", "name"], name="a_campaign_is_named_once_in_an_agency"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CampaignDay(models.Model):
    """How often a campaign's code was opened on a day that is over, and how many reports came
    from it. Written once for the whole day, so that no row tells of a single use."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="days")
    on = models.DateField()
    opened = models.PositiveIntegerField(default=0)
    sent = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "on"], name="a_campaign_has_one_row_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.on}"
