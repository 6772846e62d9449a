"""Numbers of open work, kept while it changes; and when a person last looked at them."""

from enum import StrEnum

from django.conf import settings
from django.db import models

from engagement.places.models import Agency

# In place of an area or an owner: whichever it is, or none.
ANY, NONE = -1, 0


class Kind(StrEnum):
    """What a number counts. A piece of open work is of exactly one of the first two."""

    CLOCK = "clock"  # its clock runs; `on` is the next deadline
    WAITING = "waiting"  # its clock stands still
    MESSAGE = "message"  # words of the reporter wait; `on` is since when
    DANGER = "danger"  # it calls for help and nobody took it up


class DeskNumber(models.Model):
    """So many open concerns of one kind, with this area and owner (or ANY, or NONE).

    `is_private` says whether their category is; who may not read those adds up the others.
    """

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="+", db_index=False)
    area_ref = models.BigIntegerField()
    owner_ref = models.BigIntegerField()
    is_private = models.BooleanField()
    kind = models.CharField(max_length=8)
    on = models.DateField(null=True)
    number = models.IntegerField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


class DeskCount(DeskNumber):
    """A number up to the last sweep."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "owner_ref", "area_ref", "is_private", "kind", "on"],
                nulls_distinct=False,
                name="one_count_of_open_work_of_a_kind",
            ),
        ]


class DeskChange(DeskNumber):
    """What has been added or taken away since; triggers write these, a sweep adds them up."""

    class Meta:
        indexes = [
            models.Index(fields=["agency", "owner_ref", "area_ref"], name="changes_of_open_work")
        ]


class DeskLook(models.Model):
    """When a member of staff last opened the desk, for "what changed since"; nobody else reads it.

    `since` is the visit before this one: looking twice within one visit hides nothing.
    """

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    looked_at = models.DateTimeField()
    since = models.DateTimeField()
    keys_are_off = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "user"], name="one_look_per_person_and_agency"
            ),
        ]

    def __str__(self) -> str:
        return f"look of {self.user_id}"
