"""What the form asks about one kind of concern; administrators write it, nobody deploys it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from concerns.models.categories import Category
from engagement.places.models import Agency
from engagement.places.wording import DEFAULT_LANGUAGE, TranslatedText, Wording, language_codes

# The question without which a report of what somebody did is not taken.
BEHAVIOR = "behavior"
YES, NO = "yes", "no"


class Kind(models.TextChoices):
    CHOICE = "choice", _("One of several answers")
    CHOICES = "choices", _("Any of several answers")
    YES_NO = "yes_no", _("Yes or no")
    TEXT = "text", _("Free words")
    NUMBER = "number", _("A number")
    DATE = "date", _("A day")


CHOOSING = (Kind.CHOICE, Kind.CHOICES)


@dataclass(frozen=True)
class Option:
    """One answer to choose: what the form sends, and its words by language."""

    value: str
    words: Wording


class QuestionQuerySet(models.QuerySet["Question"]):
    def asked_by(self, agency: Agency) -> "QuestionQuerySet":
        """Questions in use of all kinds of an agency, in the order in which they are asked."""
        return (
            self.filter(agency=agency, is_active=True)
            .select_related("shown_when")
            .order_by("category_id", "sort", "id")
        )


class Question(models.Model):
    agency = models.ForeignKey(
        Agency, verbose_name=_("agency"), on_delete=models.PROTECT, related_name="+"
    )
    category = models.ForeignKey(
        Category, verbose_name=_("category"), on_delete=models.CASCADE, related_name="questions"
    )
    code = models.SlugField(
        _("code"),
        max_length=40,
        help_text=_("A short name of your own, such as still_there; never changed."),
    )
    kind = models.CharField(_("how it is answered"), max_length=10, choices=Kind)
    label = TranslatedText(_("question"))
    help = TranslatedText(_("hint"), blank=True)
    choices = TranslatedText(
        _("answers to choose from"),
        blank=True,
        multiline=True,
        help_text=_("One on each line, and in the same order in every language."),
    )
    is_required = models.BooleanField(
        _("must be answered"),
        default=False,
        help_text=_("Without an answer the report cannot be sent. Use it rarely."),
    )
    reminds_of_looks = models.BooleanField(
        _("asks for behavior"),
        default=False,
        help_text=_(
            "When the words only say how somebody looks, the form reminds once that what a person "
            "did matters. The report can be sent all the same."
        ),
    )
    shown_when = models.ForeignKey(
        "self",
        verbose_name=_("asked only after"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        help_text=_("Another question of the same category that stands before it."),
    )
    shown_for = models.TextField(
        _("and only for these answers"),
        blank=True,
        help_text=_(
            "One on each line, in English as listed there; for yes or no write yes or no. Empty: "
            "for any answer."
        ),
    )
    sort = models.PositiveSmallIntegerField(
        _("order"), default=0, help_text=_("Lower numbers are asked first.")
    )
    is_active = models.BooleanField(_("in use"), default=True)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ("category", "sort", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["category", "code"], name="a_question_code_is_used_once_in_a_category"
            ),
            models.UniqueConstraint(
                fields=["category", "id"], name="a_question_belongs_to_one_category"
            ),
            models.CheckConstraint(
                condition=Q(shown_when__isnull=False) | Q(shown_for=""),
                name="answers_are_named_only_of_a_question_before",
            ),
        ]

    def __str__(self) -> str:
        return str(self.label)

    @property
    def options(self) -> list[Option]:
        """The answers to choose from; empty for kinds without a list."""
        if self.kind == Kind.YES_NO:
            return [Option(YES, in_all_languages(_("Yes"))), Option(NO, in_all_languages(_("No")))]
        if self.kind not in CHOOSING:
            return []
        texts = {code: _lines(text) for code, text in self.choices}
        first = texts.get(DEFAULT_LANGUAGE) or next(iter(texts.values()), [])
        return [
            Option(
                f"{slugify(line)[:30] or 'answer'}-{place}",
                Wording({code: row[place] for code, row in texts.items() if place < len(row)}),
            )
            for place, line in enumerate(first)
        ]

    @property
    def deciding(self) -> list[str]:
        """Values of the question before for which this one is asked; empty for any answer."""
        if self.shown_when is None:
            return []
        wanted = {line.casefold() for line in _lines(self.shown_for)}
        return [
            option.value
            for option in self.shown_when.options
            if {option.value, option.words.text(DEFAULT_LANGUAGE).casefold()} & wanted
        ]

    def is_asked(self, values: dict[str, Sequence[str]]) -> bool:
        """Whether it applies; `values` holds what was answered by code, of questions before it."""
        if self.shown_when is None:
            return True
        given = values.get(self.shown_when.code, ())
        return bool(given) and (not self.shown_for or bool(set(given) & set(self.deciding)))

    def clean(self) -> None:
        self._clean_choices()
        before = self.shown_when
        if before is None:
            return
        if before.category_id != self.category_id or before.pk == self.pk:
            raise ValidationError({"shown_when": _("Choose a question of the same category.")})
        if before.sort >= self.sort:
            raise ValidationError({"sort": _("Give it a higher number than the question before.")})
        if len(self.deciding) != len(set(_lines(self.shown_for))):
            raise ValidationError({"shown_for": _("Copy the answers as they are listed there.")})

    def _clean_choices(self) -> None:
        numbers = {len(_lines(text)) for _code, text in self.choices}
        if self.kind in CHOOSING and not numbers:
            raise ValidationError({"choices": _("Write at least two answers, one on each line.")})
        if len(numbers) > 1:
            raise ValidationError({"choices": _("Write as many answers in every language.")})


def in_all_languages(text: object) -> Wording:
    """Our own translated words as an administrator would write them: once per language."""
    found = {}
    for code in language_codes():
        with override(code):
            found[code] = str(text)
    return Wording(found)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
