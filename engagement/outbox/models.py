"""One row per notice: to one person, about one event. Addresses and words are not kept here."""

import uuid

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from engagement.outbox.states import DEAD_LETTERS, OPEN, State
from engagement.people.models import Contact
from engagement.places.models import Agency


class Channel(models.TextChoices):
    """By which way a message leaves; follows the kind of its contact."""

    EMAIL = "email", _("E-mail")
    TEXT = "text", _("Text message")


class Messages(models.QuerySet["Message"]):
    def of_agency(self, agency_id: int | None) -> "Messages":
        """Those of one agency; None means those of the installation itself."""
        if agency_id is None:
            return self.filter(agency__isnull=True)
        return self.filter(agency_id=agency_id)

    def dead(self) -> "Messages":
        return self.filter(state__in=DEAD_LETTERS)


class Message(models.Model):
    """A notice that is planned, on its way or done.

    The key is random: numbers in order would tell between which two other notices an anonymous
    report arrived. `is_coarse` marks a notice about such a report; its kept times are full hours.
    """

    id = models.UUIDField(
        primary_key=True, default=uuid.uuid4, db_default=RandomUUID(), editable=False
    )
    kind = models.CharField(_("kind"), max_length=80)
    channel = models.CharField(
        _("channel"), max_length=8, choices=Channel, default=Channel.EMAIL, db_default="email"
    )
    contact = models.ForeignKey(
        Contact,
        verbose_name=_("contact"),
        on_delete=models.CASCADE,
        related_name="+",
        db_index=False,
    )
    agency = models.ForeignKey(
        Agency,
        verbose_name=_("agency"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    subject_type = models.CharField(max_length=40)
    subject_reference = models.CharField(max_length=40)
    event = models.CharField(max_length=120)
    state = models.CharField(
        _("state"), max_length=12, choices=State.choices, default=State.PLANNED
    )
    is_coarse = models.BooleanField(default=False)
    due_at = models.DateTimeField(_("due"))
    # Breaks ties of `due_at` among the open messages of one contact about one subject.
    position = models.PositiveIntegerField(default=1)
    useful_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    # From here on only while the message is open: when to try, who holds it and until when.
    try_at = models.DateTimeField(null=True)
    claim = models.UUIDField(null=True)
    leased_until = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)
    # An SMTP code or one of our own short words, never the server's text: it repeats addresses.
    last_code = models.CharField(_("last code"), max_length=20, blank=True, default="")

    objects = Messages.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [
            # Contact and subject lead: the order among their messages is looked up by these two.
            models.UniqueConstraint(
                fields=["contact", "subject_reference", "event", "kind", "subject_type"],
                name="one_message_per_contact_and_event",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.PLANNED) | Q(try_at__isnull=False),
                name="planned_message_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.SENDING) | Q(leased_until__isnull=False),
                name="sending_message_has_a_lease",
            ),
            models.CheckConstraint(
                condition=Q(state__in=OPEN) | Q(finished_at__isnull=False),
                name="done_message_says_when",
            ),
        ]
        indexes = [
            models.Index(fields=["try_at"], name="message_due", condition=Q(state=State.PLANNED)),
            # Texts are few: they must not be looked for among a hundred thousand mails.
            models.Index(
                fields=["try_at"],
                name="text_message_due",
                condition=Q(state=State.PLANNED, channel=Channel.TEXT),
            ),
            # Not on `leased_until`: an index on it would have to be rewritten at every claim.
            models.Index(
                fields=["state"], name="message_sending", condition=Q(state=State.SENDING)
            ),
            models.Index(
                fields=["state", "-finished_at"],
                name="message_to_look_at",
                condition=Q(state__in=DEAD_LETTERS),
            ),
            models.Index(
                fields=["agency", "subject_type", "-finished_at"],
                name="dead_letters_of_an_agency",
                condition=Q(state__in=DEAD_LETTERS),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


# Stands where a kind would: said of all texts to a number at once.
EVERY_KIND = "*"


class Suppression(models.Model):
    """This contact wants no more of this kind, or of any (`EVERY_KIND`, by the word STOP).

    Taking it back deletes the row.
    """

    contact = models.ForeignKey(
        Contact, verbose_name=_("contact"), on_delete=models.CASCADE, related_name="+"
    )
    kind = models.CharField(_("kind"), max_length=80)
    since_on = models.DateField(_("since"))

    class Meta:
        verbose_name = _("unsubscription")
        verbose_name_plural = _("unsubscriptions")
        constraints = [
            models.UniqueConstraint(fields=["contact", "kind"], name="one_suppression_per_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.contact_id}"


class ConsentWay(models.TextChoices):
    LINK = "link", _("Link in a message")
    ONE_CLICK = "one_click", _("Button of the mail program")
    PAGE = "page", _("Own page")
    FORM = "form", _("Report form")
    ANSWER = "answer", _("Answer to a text")
    STAFF = "staff", _("Told to staff")


class Consent(models.Model):
    """What somebody said about a kind of message, and how; rows are only added.

    `wording` names the version of the sentence that they said yes to.
    """

    contact = models.ForeignKey(
        Contact, verbose_name=_("contact"), on_delete=models.CASCADE, related_name="+"
    )
    kind = models.CharField(_("kind"), max_length=80)
    is_given = models.BooleanField(_("given"))
    way = models.CharField(_("way"), max_length=12, choices=ConsentWay.choices)
    wording = models.CharField(_("wording"), max_length=40, blank=True, default="")
    said_on = models.DateField(_("said on"))

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")

    def __str__(self) -> str:
        return f"{self.kind} {self.contact_id} {self.is_given}"


class Sweep(models.Model):
    """The heartbeat: when somebody last looked for due messages. One row."""

    last_at = models.DateTimeField()

    class Meta:
        verbose_name = _("sweep")
        verbose_name_plural = _("sweeps")

    def __str__(self) -> str:
        return f"{self.last_at:%Y-%m-%d %H:%M} UTC"
