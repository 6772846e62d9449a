"""By which way a reporter wants to be reached. The address itself is a Contact."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from concerns.models.concern import Concern
from concerns.models.relays import Relay
from engagement.places.models import Agency


class Way(models.TextChoices):
    EMAIL = "email", _("E-mail")
    TEXT = "text", _("Text message")
    PHONE = "phone", _("Phone call")
    LETTER = "letter", _("Letter")
    RELAY = "relay", _("Through someone I trust")


# A person of the agency must do something; nothing leaves by itself.
BY_HAND = (Way.PHONE, Way.LETTER)


class ContactWish(models.Model):
    """The way and the best hours; what must not happen is sealed with the address itself."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    concern = models.OneToOneField(Concern, on_delete=models.CASCADE, related_name="wish")
    way = models.CharField(max_length=10, choices=Way)
    relay = models.ForeignKey(Relay, null=True, on_delete=models.PROTECT, related_name="+")
    in_the_morning = models.BooleanField(default=False)
    in_the_afternoon = models.BooleanField(default=False)
    in_the_evening = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(way=Way.RELAY, relay__isnull=False)
                | ~Q(way=Way.RELAY) & Q(relay__isnull=True),
                name="a_relay_is_named_exactly_when_it_is_the_way",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.way} {self.concern_id}"
