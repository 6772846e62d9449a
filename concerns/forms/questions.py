"""Questions of one kind of concern as a form, and what was answered as rows to store."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from concerns import words
from concerns.actions.answers import GivenAnswer
from concerns.models import Category, Question
from concerns.models.categories import Mode
from concerns.models.questions import BEHAVIOR, CHOOSING, Kind, in_all_languages
from engagement.places.wording import Wording, language_codes

ANSWER_LIMIT = 1000
BEHAVIOR_LIMIT = 2000
LARGEST = 100_000


@dataclass(frozen=True)
class Row:
    """One question on the page: its field, and after which answers it is asked.

    `when` is the name of the field before ("" for none) and `values` are its deciding answers,
    joined by spaces, "" for any; `condition` says the same in words.
    """

    field: forms.BoundField
    when: str = ""
    values: str = ""
    condition: str = ""


class QuestionsForm(forms.Form):
    """The questions of one category; fields are named by category and question code."""

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        category: Category,
        questions: Sequence[Question],
        draft: QueryDict | None = None,
    ) -> None:
        super().__init__(data, prefix=category.code)
        self.category = category
        self.questions = list(questions)
        for question in self.questions:
            self.fields[question.code] = _field(question)
            if draft is not None:
                self.initial[question.code] = _drafted(draft, self.add_prefix(question.code))

    def clean(self) -> dict[str, Any]:
        """Drop what does not apply, with whatever was wrong about it."""
        asked = {question.code for question in self._asked()}
        for code in set(self.fields) - asked:
            self.cleaned_data.pop(code, None)
            self.errors.pop(code, None)
        return self.cleaned_data

    def _asked(self) -> list[Question]:
        values: dict[str, Sequence[str]] = {}
        asked = []
        for question in self.questions:
            if question.is_asked(values):
                asked.append(question)
                values[question.code] = _as_list(self.cleaned_data.get(question.code))
        return asked

    @property
    def rows(self) -> list[Row]:
        """Every question, with the words that say when it applies."""
        return [self._row(question) for question in self.questions]

    def _row(self, question: Question) -> Row:
        before = question.shown_when
        if before is None or before.code not in self.fields:
            return Row(self[question.code])
        answers = {option.value: str(option.words) for option in before.options}
        told = ", ".join(f"“{answers[value]}”" for value in question.deciding)
        if told:
            condition = _("Only if you answered %(answers)s before.") % {"answers": told}
        else:
            condition = _("Only if you answered “%(question)s”.") % {"question": before.label}
        return Row(
            self[question.code],
            when=self.add_prefix(before.code),
            values=" ".join(question.deciding),
            condition=condition,
        )

    @property
    def given(self) -> list[GivenAnswer]:
        """What was answered, in words; for a valid form."""
        found = []
        for question in self.questions:
            value = self.cleaned_data.get(question.code)
            if value not in (None, "", []):
                found.append(_given(question, value))
        return found

    def typed(self) -> list[tuple[str, str]]:
        """Name and value of everything posted, for hidden fields one step on."""
        return [
            (self.add_prefix(code), str(value))
            for code in self.fields
            for value in _as_list(self[code].value())
        ]


def questions_of(category: Category, questions: Iterable[Question]) -> list[Question]:
    """The questions of one category; a guided one always asks, first, what was done."""
    own = [question for question in questions if question.category_id == category.pk]
    if category.mode != Mode.GUIDED:
        return own
    behavior = next((question for question in own if question.code == BEHAVIOR), None)
    if behavior is None:
        behavior = Question(
            agency_id=category.agency_id,
            category=category,
            code=BEHAVIOR,
            kind=Kind.TEXT,
            label=in_all_languages(gettext_lazy("What did the person do?")),
            reminds_of_looks=True,
        )
        own.insert(0, behavior)
    behavior.is_required, behavior.shown_when = True, None
    return own


def _field(question: Question) -> forms.Field:
    facts: dict[str, Any] = {
        "label": str(question.label),
        "help_text": str(question.help),
        "required": question.is_required,
        "error_messages": {"required": _("Please answer this question.")},
    }
    choices = [(option.value, str(option.words)) for option in question.options]
    if question.kind == Kind.CHOICES:
        return forms.MultipleChoiceField(
            choices=choices, widget=forms.CheckboxSelectMultiple, **facts
        )
    if choices or question.kind in CHOOSING:
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **facts)
    if question.kind == Kind.NUMBER:
        facts["error_messages"]["invalid"] = _("Write a whole number, such as 5.")
        return forms.IntegerField(min_value=0, max_value=LARGEST, **facts)
    if question.kind == Kind.DATE:
        facts["error_messages"]["invalid"] = _("Choose a day.")
        day = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        return forms.DateField(widget=day, **facts)
    limit = BEHAVIOR_LIMIT if question.is_required else ANSWER_LIMIT
    area = forms.Textarea(attrs={"rows": 4 if question.is_required else 2})
    return forms.CharField(widget=area, max_length=limit, **facts)


def _drafted(draft: QueryDict, name: str) -> Any:
    found = draft.getlist(name)
    return found if len(found) > 1 else "".join(found)


def _as_list(value: Any) -> list[str]:
    if value in (None, ""):
        return []
    return [str(one) for one in value] if isinstance(value, list | tuple) else [str(value)]


def _given(question: Question, value: Any) -> GivenAnswer:
    chosen, typed = Wording(), ""
    if question.options:
        chosen = _in_words(question, _as_list(value))
    elif isinstance(value, date):
        chosen = _day_in_words(value)
    else:
        typed = words.clean_words(str(value), limit=BEHAVIOR_LIMIT)
    return GivenAnswer(
        code=question.code,
        kind=question.kind,
        label=question.label,
        chosen=chosen,
        typed=typed,
        asks_for_behavior=question.reminds_of_looks,
        day=value if isinstance(value, date) else None,
    )


def _in_words(question: Question, values: Sequence[str]) -> Wording:
    """Chosen answers by language, those of several joined."""
    options = [option.words for option in question.options if option.value in values]
    return Wording(
        {code: "; ".join(words.text(code) for words in options) for code in language_codes()}
    )


def _day_in_words(day: date) -> Wording:
    found: Mapping[str, str] = {}
    for code in language_codes():
        with override(code):
            found = {**found, code: date_format(day, "DATE_FORMAT")}
    return Wording(found)
