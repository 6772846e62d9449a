"""A concern that went to somebody else for good: another agency here, or one outside."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from concerns import words
from concerns.models.concern import Concern
from engagement.places.models import Agency


class Referral(models.Model):
    """Where a concern went. `arrived` is the new one at an agency of this installation; outside of
    it `to_name` alone says who was written to."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="referrals")
    to_name = models.CharField(max_length=120)
    arrived = models.OneToOneField(
        Concern, null=True, on_delete=models.SET_NULL, related_name="came_from"
    )
    with_contact = models.BooleanField(default=False)
    # Staff's words to its reporter about where it went and why.
    words = models.TextField(max_length=words.TEXT_LIMIT)
    at = models.DateTimeField()
    by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ("concern", "id")
        constraints = [
            models.CheckConstraint(condition=~Q(to_name=""), name="a_referral_says_to_whom"),
        ]

    def __str__(self) -> str:
        return f"referral of {self.concern_id}"


class ContactConsent(models.Model):
    """The reporter was asked whether another agency may have their address, and what they said."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="contact_consents")
    to_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    asked_on = models.DateField()
    is_given = models.BooleanField(null=True)
    answered_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["concern", "to_agency"], name="a_reporter_is_asked_once_for_an_agency"
            ),
            models.CheckConstraint(
                condition=Q(is_given__isnull=True, answered_on__isnull=True)
                | Q(is_given__isnull=False, answered_on__isnull=False),
                name="a_consent_says_when_it_was_answered_exactly_when_it_is",
            ),
        ]

    def __str__(self) -> str:
        return f"consent of {self.concern_id}"
