"""What somebody looks at again and again in the queue, and how the queue looks to them."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from concerns.models.teams import Team
from engagement.places.models import Agency

NAME_LIMIT = 60
SORT_LIMIT = 12
COLUMN_LIMIT = 12


class SavedFilter(models.Model):
    """A named wish; one with a team is offered to all of its members."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    team = models.ForeignKey(Team, null=True, on_delete=models.SET_NULL, related_name="+")
    name = models.CharField(_("name"), max_length=NAME_LIMIT)
    # As `Wanted.as_json` writes it.
    wanted = models.JSONField()
    sort = models.CharField(max_length=SORT_LIMIT)

    class Meta:
        verbose_name = _("saved filter")
        verbose_name_plural = _("saved filters")
        constraints = [
            models.UniqueConstraint(
                "agency", "made_by", Lower("name"), name="nobody_gives_two_filters_one_name"
            ),
            models.UniqueConstraint(
                fields=["agency", "id"], name="a_saved_filter_belongs_to_one_agency"
            ),
        ]
        indexes = [
            models.Index(
                fields=["agency", "team"],
                condition=Q(team__isnull=False),
                name="filters_of_a_team",
            ),
        ]

    def __str__(self) -> str:
        return f"filter {self.pk}"


class FilterUse(models.Model):
    """What one person does with a saved filter: keeps it as a tab, wants to hear of new reports."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    saved = models.ForeignKey(SavedFilter, on_delete=models.CASCADE, related_name="uses")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    is_pinned = models.BooleanField(default=False)
    # Tell when so many reports are new; null for never.
    tell_at = models.PositiveSmallIntegerField(null=True)
    # The newest report when they were last told, and how many they were told of.
    seen_id = models.BigIntegerField(default=0)
    told = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "saved"], name="a_filter_is_used_by_somebody_once"
            ),
            models.CheckConstraint(
                condition=Q(tell_at__isnull=True) | Q(tell_at__gte=1),
                name="somebody_is_told_of_at_least_one",
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"], condition=Q(tell_at__isnull=False), name="filters_that_tell"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} uses filter {self.saved_id}"


class QueueLook(models.Model):
    """The columns that somebody chose for the queue, and whether the map stands beside it."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    columns = ArrayField(models.CharField(max_length=COLUMN_LIMIT))
    has_map = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "agency"], name="the_queue_looks_one_way_to_somebody"
            ),
        ]

    def __str__(self) -> str:
        return f"queue of {self.user_id}"
