"""Who asked to hear of what is published, and what there was to tell.

What is told comes from the projection alone, and where it is told by anchors and their areas.
"""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from concerns.published.models import PublicConcern, PublicUpdate
from engagement.people.models import Contact
from engagement.places.models import Agency, Area

CONFIRMED = Q(confirmed_on__isnull=False)


class Pace(models.TextChoices):
    NOW = "now", _("Within the hour")
    DAILY = "daily", _("Once a day, at 8 in the morning")
    WEEKLY = "weekly", _("Once a week, on Monday at 8 in the morning")


class Subscription(models.Model):
    """One wish to hear of new concerns and updates; with a row of its address for itself alone.

    Without areas and shape it is about the whole agency; without kinds about all of them. Nothing
    is sent before somebody pressed the button behind the mailed link. `since_news` is the last
    news that it is not about. Ended is what the outbox holds as ended.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    # Names it in its own links and nowhere else.
    binding = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    contact = models.OneToOneField(Contact, on_delete=models.CASCADE, related_name="+")
    account_link = models.BinaryField(max_length=32, null=True)
    pace = models.CharField(max_length=10, choices=Pace)
    kinds = ArrayField(models.SlugField(max_length=40), default=list, blank=True)
    areas: "models.ManyToManyField[Area, SubscriptionArea]" = models.ManyToManyField(
        Area, through="SubscriptionArea", related_name="+"
    )
    # GeoJSON, one ring; the box around it finds it.
    shape = models.JSONField(null=True)
    min_lon = models.FloatField(null=True)
    min_lat = models.FloatField(null=True)
    max_lon = models.FloatField(null=True)
    max_lat = models.FloatField(null=True)
    is_everywhere = models.BooleanField()
    since_news = models.BigIntegerField(default=0)
    created_on = models.DateField()
    confirmed_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "id"], name="a_subscription_belongs_to_one_agency"
            ),
            models.CheckConstraint(
                condition=Q(
                    shape__isnull=True,
                    min_lon__isnull=True,
                    min_lat__isnull=True,
                    max_lon__isnull=True,
                    max_lat__isnull=True,
                )
                | Q(
                    shape__isnull=False,
                    min_lon__isnull=False,
                    min_lat__isnull=False,
                    max_lon__isnull=False,
                    max_lat__isnull=False,
                    is_everywhere=False,
                ),
                name="a_followed_shape_has_a_box",
            ),
        ]
        indexes = [
            models.Index(
                fields=["agency", "pace"], name="followers_of_a_pace", condition=CONFIRMED
            ),
            models.Index(
                fields=["created_on"],
                name="followers_to_confirm",
                condition=Q(confirmed_on__isnull=True),
            ),
            models.Index(fields=["agency", "account_link"], name="followed_by_an_account"),
            GistIndex(
                Func(
                    Func(F("min_lon"), F("min_lat"), function="point"),
                    Func(F("max_lon"), F("max_lat"), function="point"),
                    function="box",
                ),
                name="followed_boxes",
                condition=CONFIRMED & Q(shape__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"subscription {self.pk}"


class SubscriptionArea(models.Model):
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", db_index=False)
    subscription = models.ForeignKey(
        Subscription, on_delete=models.CASCADE, related_name="followed_areas", db_index=False
    )
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subscription", "area"], name="an_area_is_followed_once"
            ),
        ]
        indexes = [
            models.Index(fields=["area", "subscription"], name="followers_of_an_area"),
        ]

    def __str__(self) -> str:
        return f"{self.subscription_id} of {self.area_id}"


class What(models.TextChoices):
    CONCERN = "concern", _("New")
    UPDATE = "update", _("Update")
    RESOLVED = "resolved", _("Resolved")


class Round(models.Model):
    """One telling of news to the followers of one pace, from one day to another, both included."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    pace = models.CharField(max_length=10, choices=Pace)
    first_on = models.DateField()
    last_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "pace", "last_on"],
                condition=~Q(pace=Pace.NOW),
                name="a_day_is_told_once_at_each_pace",
            ),
            models.UniqueConstraint(fields=["agency", "id"], name="a_round_belongs_to_one_agency"),
        ]

    def __str__(self) -> str:
        return f"{self.pace} {self.last_on}"


class News(models.Model):
    """Something published that followers may want to hear; gone when it is taken down.

    `hour` is the hour of publication; `round` is the round that told it to those who wait for
    none.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", db_index=False)
    public_concern = models.ForeignKey(PublicConcern, on_delete=models.CASCADE, related_name="+")
    update = models.ForeignKey(PublicUpdate, null=True, on_delete=models.CASCADE, related_name="+")
    what = models.CharField(max_length=10, choices=What)
    hour = models.DateTimeField()
    on = models.DateField()
    round = models.ForeignKey(Round, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(what=What.UPDATE, update__isnull=False)
                | Q(what__in=[What.CONCERN, What.RESOLVED], update__isnull=True),
                name="news_of_an_update_name_it",
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "on"], name="news_of_a_day"),
            models.Index(fields=["hour"], name="news_not_told", condition=Q(round__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.public_concern_id}"
