"""What a resident types on the report form: shape only, nothing is stored here."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from concerns import words
from concerns.actions.answers import GivenAnswer
from concerns.actions.services import is_sealed
from concerns.forms.contact import ContactForm
from concerns.forms.moments import MOMENTS, choices_of, moments_given
from concerns.forms.questions import QuestionsForm, questions_of
from concerns.models import Category, Question
from concerns.models.concern import Level
from concerns.ways import E_MAIL_ALONE, Offered
from engagement.places.models import Area
from engagement.places.queries import AreaHit

# Names the kind whose questions were on the page.
ASKED = "asked"

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

LEVELS = {
    Level.ANONYMOUS: (
        _("Anonymous"),
        _(
            "We keep no name, no contact and no mark of your device; a code and a secret bring you "
            "back. Your words or the place may still give you away, your network or device may "
            "show that this site was visited, and a court or a records request may reach what you "
            "wrote."
        ),
    ),
    Level.CONFIDENTIAL: (
        _("Confidential"),
        _(
            "Where to reach you is stored encrypted; only permitted staff can open it, and each "
            "opening is recorded with its reason. A court order can still reach it."
        ),
    ),
    Level.SIGNED_IN: (
        _("Signed in"),
        _(
            "Like confidential, and the report is listed under My reports in your account. Staff "
            "do not see your account, but a court order can reach the link."
        ),
    ),
}


class ReportForm(ContactForm):
    """One page: what, where, when, the words, and how the reporter wants to be known."""

    is_for_oneself = True

    # Mistakes are listed in the order of the page; what the contact brings stands at its end.
    field_order: tuple[str, ...] = (
        "category",
        "place_query",
        "area",
        "no_place",
        "is_home",
        "text",
        "when",
        "level",
    )
    category = forms.ChoiceField(
        label=_("What is it about?"),
        error_messages={
            "required": _("Choose what it is about."),
            "invalid_choice": _("Choose one of the listed kinds."),
        },
    )
    place_query = forms.CharField(
        label=_("Street address or corner"),
        required=False,
        max_length=200,
    )
    place_hit = forms.CharField(required=False, max_length=300, widget=forms.HiddenInput)
    place_kept = forms.CharField(required=False, max_length=300, widget=forms.HiddenInput)
    lon = forms.FloatField(required=False, min_value=-180, max_value=180, widget=forms.HiddenInput)
    lat = forms.FloatField(required=False, min_value=-90, max_value=90, widget=forms.HiddenInput)
    area = forms.ChoiceField(label=_("Or choose the neighborhood"), required=False)
    no_place = forms.BooleanField(label=_("There is no exact place"), required=False)
    is_home = forms.BooleanField(
        label=_("This is where I live"),
        help_text=_("Then the public never sees the street, only the block."),
        required=False,
    )
    text = forms.CharField(
        label=_("What is going on?"),
        help_text=_(
            "What do you see, hear or find? Leave out names, plates and anything that shows who "
            "you are."
        ),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=words.TEXT_LIMIT,
        error_messages={"required": _("Tell us in a few words what is going on.")},
    )
    last_seen, time_of_day, how_often = (
        forms.ChoiceField(label=moment.label, choices=choices_of(moment), required=False)
        for moment in MOMENTS
    )
    when = forms.CharField(
        label=_("Anything else about when?"),
        help_text=_("For example: most nights after 11. Leave it empty if it does not matter."),
        required=False,
        max_length=200,
    )
    reminded = forms.BooleanField(required=False, widget=forms.HiddenInput)
    level = forms.ChoiceField(
        label=_("How do you want to be known?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how you want to be known.")},
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        categories: Iterable[Category],
        areas: Iterable[Area | AreaHit],
        is_signed_in: bool,
        questions: Iterable[Question] = (),
        ways: Offered = E_MAIL_ALONE,
        draft: QueryDict | None = None,
        asks_first: bool = False,
    ) -> None:
        """`draft` is shown without a word about mistakes. With `asks_first` the questions of a
        kind are no mistake as long as they were not on the page that was sent."""
        super().__init__(data, initial=draft.dict() if draft is not None else None)
        self.categories = {category.code: category for category in categories}
        self.posted = data
        self.questions = self._question_forms(list(questions), draft, asks_first=asks_first)
        self.areas = {area.code: area.name for area in areas}
        self.is_signed_in = is_signed_in
        self.offer(ways)
        levels = [Level.ANONYMOUS, Level.CONFIDENTIAL, *([Level.SIGNED_IN] if is_signed_in else [])]
        self._offer("category", [(code, str(c.label)) for code, c in self.categories.items()])
        self._offer("area", [("", _("Choose from the list")), *self.areas.items()])
        self._offer("level", [(level, LEVELS[level][0]) for level in levels])
        self.fields["level"].widget.option_hints = {
            str(level): LEVELS[level][1] for level in levels
        }

    def _question_forms(
        self, questions: Sequence[Question], draft: QueryDict | None, *, asks_first: bool
    ) -> dict[str, QuestionsForm]:
        """One form for each kind that has questions, by its code; only the chosen one is read."""
        found = {}
        for code, category in self.categories.items():
            own = questions_of(category, questions) if category.is_taken else []
            if own:
                read = self.posted if code == self.chosen_code else None
                if asks_first and read is not None and code not in read.getlist(ASKED):
                    read = None
                found[code] = QuestionsForm(read, category=category, questions=own, draft=draft)
        return found

    def _offer(self, name: str, choices: Sequence[tuple[Any, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean_text(self) -> str:
        text = words.clean_words(self.cleaned_data["text"])
        if not text:
            raise forms.ValidationError(self.fields["text"].error_messages["required"])
        return text

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("level") == Level.CONFIDENTIAL:
            self.demand_way()
        else:
            self.forget_way()
        if self.cleaned_data.get("level") == Level.ANONYMOUS and self._needs_a_person():
            self.add_error("level", _("For this we must be able to reach you. Choose another way."))
        return self.cleaned_data

    def _needs_a_person(self) -> bool:
        return self.chosen_category is not None and is_sealed(self.chosen_category)

    @property
    def chosen_code(self) -> str:
        return str(self["category"].value() or "")

    @property
    def chosen_questions(self) -> QuestionsForm | None:
        """The questions of the chosen kind, None when it has none."""
        return self.questions.get(self.chosen_code)

    @property
    def is_still_to_ask(self) -> bool:
        """Whether the chosen kind has questions that were not on the page that was sent."""
        return self.chosen_questions is not None and not self.chosen_questions.is_bound

    @property
    def has_mistakes(self) -> bool:
        """Whether anything on the page has to be put right."""
        asked = self.chosen_questions
        return bool(self.errors) or bool(asked is not None and asked.errors)

    @property
    def given(self) -> list[GivenAnswer]:
        """Every answer in words, about the kind and about the moment; for a valid form."""
        asked = self.chosen_questions
        return [*(asked.given if asked else []), *moments_given(self.cleaned_data)]

    @property
    def chosen_category(self) -> Category | None:
        """The category as posted, also while other fields still have errors."""
        return self.categories.get(self.chosen_code)

    @property
    def level_words(self) -> "tuple[StrPromise, StrPromise]":
        """Name and honest limits of the chosen level; for a valid form."""
        return LEVELS[Level(self.cleaned_data["level"])]

    def typed(self, *, but: Mapping[str, str]) -> list[tuple[str, str]]:
        """Name and value of everything typed, `but` with these, for hidden fields one step on."""
        values = {name: self[name].value() for name in self.fields} | dict(but)
        typed = [(name, _as_posted(value)) for name, value in values.items() if value]
        asked = self.chosen_questions
        return typed if asked is None else [*typed, (ASKED, self.chosen_code), *asked.typed()]


def _as_posted(value: Any) -> str:
    return "on" if value is True else str(value)
