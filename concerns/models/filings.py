"""What staff filed for somebody who called, came in or wrote, and what that person agreed to."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from concerns.models.concern import Concern
from engagement.places.models import Agency


class AskedBy(models.TextChoices):
    PERSON = "person", _("The person themselves")
    RELATIVE = "relative", _("A relative or friend, at the person's wish")
    HELPER = "helper", _("A caseworker or other helper, at the person's wish")


class Agreed(models.TextChoices):
    ALOUD = "aloud", _("Said yes after it was read back")
    SIGNED = "signed", _("Signed the paper form")
    IN_WRITING = "in_writing", _("Asked for it in their own letter or mail")


class Filing(models.Model):
    """One concern that a member of staff filed for somebody else. Says nothing of who that is."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    concern = models.OneToOneField(Concern, on_delete=models.CASCADE, related_name="filing")
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    filed_on = models.DateField()
    asked_by = models.CharField(max_length=10, choices=AskedBy)
    agreed = models.CharField(max_length=12, choices=Agreed)
    had_interpreter = models.BooleanField(default=False)
    on_paper_form = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"filing of {self.concern_id}"
