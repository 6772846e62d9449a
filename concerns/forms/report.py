"""What a resident types on the report form: shape only, nothing is stored here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from concerns import words
from concerns.models import Category
from concerns.models.concern import Level
from engagement.places.models import Area

# Less than a report holds: when and how often is added to it.
TEXT_LIMIT = words.TEXT_LIMIT - 400

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
            "Your e-mail is stored encrypted, so that we can write to you; only permitted staff "
            "can open it, and each opening is recorded with its reason. A court order can still "
            "reach it."
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


@dataclass(frozen=True)
class CategoryGroup:
    """Categories under one everyday heading; `is_open` when the chosen one is inside."""

    heading: str
    categories: Sequence[Category]
    is_open: bool


class ReportForm(forms.Form):
    """One page: what, where, when, the words, and how the reporter wants to be known."""

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
        max_length=TEXT_LIMIT,
        error_messages={"required": _("Tell us in a few words what is going on.")},
    )
    when = forms.CharField(
        label=_("When, and how often?"),
        help_text=_("For example: most nights after 11. Leave it empty if it does not matter."),
        required=False,
        max_length=200,
    )
    level = forms.ChoiceField(
        label=_("How do you want to be known?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how you want to be known.")},
    )
    email = forms.EmailField(
        label=_("Your e-mail"),
        help_text=_("Only for a confidential report."),
        required=False,
        max_length=words.EMAIL_LIMIT,
        error_messages={"invalid": _("Write the e-mail like name@example.org.")},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        categories: Iterable[Category],
        areas: Iterable[Area],
        is_signed_in: bool,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        self.categories = {category.code: category for category in categories}
        self.areas = {area.code: area.name for area in areas}
        self.is_signed_in = is_signed_in
        levels = [Level.ANONYMOUS, Level.CONFIDENTIAL, *([Level.SIGNED_IN] if is_signed_in else [])]
        self._offer("category", [(code, str(c.label)) for code, c in self.categories.items()])
        self._offer("area", [("", _("Choose from the list")), *self.areas.items()])
        self._offer("level", [(level, LEVELS[level][0]) for level in levels])
        self.fields["level"].widget.option_hints = {
            str(level): LEVELS[level][1] for level in levels
        }

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
        cleaned = self.cleaned_data
        is_nameless = not cleaned.get("email") and "email" not in self.errors
        if cleaned.get("level") == Level.CONFIDENTIAL and is_nameless:
            self.add_error("email", _("Write your e-mail, or choose another way to be known."))
        return cleaned

    @property
    def chosen_category(self) -> Category | None:
        """The category as posted, also while other fields still have errors."""
        return self.categories.get(str(self["category"].value() or ""))

    @property
    def level_words(self) -> "tuple[StrPromise, StrPromise]":
        """Name and honest limits of the chosen level; for a valid form."""
        return LEVELS[Level(self.cleaned_data["level"])]

    def typed(self, *, but: Mapping[str, str]) -> list[tuple[str, str]]:
        """Name and value of everything typed, `but` with these, for hidden fields one step on."""
        values = {name: self[name].value() for name in self.fields} | dict(but)
        return [(name, _as_posted(value)) for name, value in values.items() if value]


def _as_posted(value: Any) -> str:
    return "on" if value is True else str(value)
