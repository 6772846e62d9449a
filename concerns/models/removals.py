"""A reporter asks that words of theirs be removed; a person decides."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from concerns import words
from concerns.models.concern import Concern
from engagement.places.models import Agency


class RemovalRequest(models.Model):
    """`asked` says which words and why; open until staff answered it."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="removal_requests")
    asked = models.TextField(max_length=words.TEXT_LIMIT)
    at = models.DateTimeField()
    answer = models.TextField(max_length=words.TEXT_LIMIT, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ("concern", "id")
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True, answer="")
                | Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer=""),
                name="a_request_to_remove_words_is_answered_in_words_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["concern"],
                condition=Q(answered_at__isnull=True),
                name="one_open_request_to_remove_words",
            ),
        ]

    def __str__(self) -> str:
        return f"removal {self.concern_id}"
