"""Languages of words to reporters: who writes which, what waits for somebody who does, and how each
was made."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from concerns import words
from concerns.models.casework import Reply
from concerns.models.concern import Concern
from concerns.models.delays import DelayReason
from concerns.models.removals import RemovalRequest
from engagement.places.models import Agency

OPEN = Q(done_on__isnull=True)


class WrittenLanguage(models.Model):
    """A member of staff says that they write this language to reporters."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    language = models.CharField(max_length=10)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "language", "user"], name="a_written_language_is_said_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.language}"


class Help(models.TextChoices):
    """Who brings the words into the reporter's language."""

    COLLEAGUE = "colleague", _("A colleague who writes it")
    INTERPRETER = "interpreter", _("The interpreter line")


class Use(models.TextChoices):
    """What words that wait for a language are for."""

    REPLY = "reply", _("An answer in the conversation")
    DELAY = "delay", _("Why it is late")
    REMOVAL = "removal", _("The answer to the wish to have words removed")


class HelpResult(models.TextChoices):
    WRITTEN = "written", _("Written to the reporter")
    TOLD = "told", _("Told with an interpreter")
    DROPPED = "dropped", _("Not needed any more")


class LanguageTask(models.Model):
    """Words that wait to be written or told in the reporter's language.

    At most one is open for a concern. A colleague is named, or whoever writes the language does it.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="language_tasks")
    help = models.CharField(max_length=12, choices=Help)
    language = models.CharField(max_length=10)
    use = models.CharField(max_length=10, choices=Use, default=Use.REPLY)
    text = models.TextField(max_length=words.TEXT_LIMIT)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    colleague = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    asked_on = models.DateField()
    done_on = models.DateField(null=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    result = models.CharField(max_length=10, choices=HelpResult, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["concern"], condition=OPEN, name="one_open_language_task_for_a_concern"
            ),
            models.CheckConstraint(
                condition=OPEN & Q(result="") | ~OPEN & ~Q(result=""),
                name="a_finished_language_task_says_how_it_ended",
            ),
            models.CheckConstraint(
                condition=Q(help=Help.COLLEAGUE) | Q(colleague__isnull=True),
                name="an_interpreter_is_no_colleague",
            ),
        ]
        indexes = [
            models.Index(
                fields=["agency", "asked_on", "id"],
                condition=OPEN,
                name="language_tasks_by_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.help} {self.concern_id}"


class MadeBy(models.TextChoices):
    WRITER = "writer", _("Written by staff in this language")
    TEMPLATE = "template", _("A text that the agency keeps in this language")
    MACHINE = "machine", _("Translated by a machine")
    INTERPRETER = "spoken", _("Told by an interpreter")


class ReplyLanguage(models.Model):
    """In which language a reply is and who brought it into it; `original` is what staff wrote.

    Kept only where the reporter's language is not English.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="+")
    reply = models.OneToOneField(Reply, on_delete=models.CASCADE, related_name="spoken")
    language = models.CharField(max_length=10)
    made_by = models.CharField(max_length=10, choices=MadeBy)
    original = models.TextField(max_length=words.TEXT_LIMIT, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(made_by=MadeBy.MACHINE) | ~Q(original=""),
                name="what_a_machine_translated_is_kept_beside_it",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.language} {self.made_by}"


class BesideLanguage(models.Model):
    """In which language a reason for delay or the answer to a wish is, and who brought it into it;
    `original` is what staff wrote. Kept only where the reporter's language is not English.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="+")
    delay = models.OneToOneField(
        DelayReason, null=True, on_delete=models.CASCADE, related_name="spoken"
    )
    removal = models.OneToOneField(
        RemovalRequest, null=True, on_delete=models.CASCADE, related_name="spoken"
    )
    language = models.CharField(max_length=10)
    made_by = models.CharField(max_length=10, choices=MadeBy)
    original = models.TextField(max_length=words.TEXT_LIMIT, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(delay__isnull=True, removal__isnull=False)
                | Q(delay__isnull=False, removal__isnull=True),
                name="a_language_is_said_of_one_delay_or_one_removal",
            ),
            models.CheckConstraint(
                condition=~Q(made_by=MadeBy.MACHINE) | ~Q(original=""),
                name="what_a_machine_said_beside_is_kept_as_written",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.language} {self.made_by}"
