"""Somebody else who says "mine too" of a published concern, and follows it."""

from django.db import models
from django.db.models import Q

from concerns import words
from concerns.models.concern import Concern, Level
from engagement.people.models import Contact
from engagement.places.models import Agency


class Joining(models.Model):
    """Never the reporter: it opens what the public reads and how the concern moves, no more.

    As with a reporter, an anonymous one has neither contact nor account link; `account_link` is a
    keyed hash of the account. Who left keeps the day alone, and their words, which staff read.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="joinings")
    tracking_code = models.CharField(max_length=16, unique=True)
    level = models.CharField(max_length=12, choices=Level)
    language = models.CharField(max_length=10, default="en")
    contact = models.OneToOneField(Contact, null=True, on_delete=models.SET_NULL, related_name="+")
    account_link = models.BinaryField(max_length=32, null=True)
    words = models.TextField(max_length=words.TEXT_LIMIT, blank=True, default="")
    submission_digest = models.BinaryField(max_length=32, null=True)
    secret_digest = models.BinaryField(max_length=32, null=True)
    # False where the sending looked like a program's: it follows all the same, the public
    # number leaves it out.
    is_counted = models.BooleanField(default=True)
    joined_on = models.DateField()
    left_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["submission_digest"], name="a_form_joins_once_however_often_it_is_sent"
            ),
            models.UniqueConstraint(
                fields=["concern", "account_link"], name="an_account_joins_a_concern_once"
            ),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True, secret_digest__isnull=False)
                | Q(
                    left_on__isnull=False,
                    secret_digest__isnull=True,
                    contact__isnull=True,
                    account_link__isnull=True,
                ),
                name="who_left_a_concern_has_no_way_back_and_no_address",
            ),
            models.CheckConstraint(
                condition=~Q(level=Level.ANONYMOUS)
                | Q(contact__isnull=True, account_link__isnull=True),
                name="an_anonymous_joiner_is_not_known",
            ),
        ]
        indexes = [
            models.Index(
                fields=["concern"], condition=Q(left_on__isnull=True), name="joiners_of_a_concern"
            ),
            models.Index(
                fields=["joined_on"],
                condition=Q(submission_digest__isnull=False),
                name="joining_forms_still_remembered",
            ),
            models.Index(
                fields=["account_link"],
                condition=Q(account_link__isnull=False),
                name="joinings_linked_to_an_account",
            ),
        ]

    def __str__(self) -> str:
        return f"joiner of {self.concern_id}"
