"""Photos of a report and of the messages about it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from concerns.models.casework import Party, Reply
from concerns.models.concern import Concern
from concerns.published.models import PublicPhoto
from engagement.doors.pictures.store import NAME_LENGTH
from engagement.places.models import Agency

MOST_PHOTOS = 6


class ConcernPhoto(models.Model):
    """One photo, made new from pixels alone; its file is named `name`, of `width` x `height`.

    Without `reply` it belongs to the report itself. `digest` is a keyed hash of the picture: a form
    that is sent again brings the same ones. `public` is the copy that everybody sees, if any.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="photos")
    reply = models.ForeignKey(Reply, null=True, on_delete=models.CASCADE, related_name="photos")
    position = models.PositiveSmallIntegerField()
    by_party = models.CharField(max_length=10, choices=Party)
    by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField(max_length=NAME_LENGTH, unique=True)
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    digest = models.BinaryField(max_length=32)
    at = models.DateTimeField()
    public = models.OneToOneField(
        PublicPhoto, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ("concern", "id")
        constraints = [
            models.CheckConstraint(
                condition=Q(position__gte=1, position__lte=MOST_PHOTOS),
                name="a_report_or_message_has_at_most_six_photos",
            ),
            models.UniqueConstraint(
                fields=["concern", "reply", "position"],
                nulls_distinct=False,
                name="a_report_or_message_numbers_its_photos",
            ),
            models.UniqueConstraint(
                fields=["concern", "reply", "digest"],
                nulls_distinct=False,
                name="a_report_or_message_has_a_photo_once",
            ),
            models.CheckConstraint(
                condition=Q(by_party=Party.STAFF) | Q(by_user__isnull=True),
                name="only_staff_are_named_at_a_photo",
            ),
        ]

    def __str__(self) -> str:
        return f"photo {self.position} of {self.concern_id}"


class DoomedFile(models.Model):
    """A file that must go. Written in the transaction that drops its row, so that a crash before
    the file is deleted does not keep it."""

    name = models.CharField(max_length=NAME_LENGTH, unique=True)

    def __str__(self) -> str:
        return self.name
