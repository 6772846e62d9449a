"""What staff type at the desk: shape only. Every form carries the version on the screen."""

from copy import copy
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from concerns import words
from concerns.models import Category, Team
from engagement.people.models import User
from engagement.places.models import Agency, Area

SUMMARY_LIMIT = 400
Choices = list[tuple[str, str]]


def clean_text(text: str) -> str:
    """Return what staff wrote without control characters, which the database refuses."""
    return words.clean_words(text, limit=words.TEXT_LIMIT)


class SeenForm(forms.Form):
    """Carries what the writer had before them: its version, and how it stood then in words."""

    seen_version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    seen_as = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # Several forms stand on one page, and ids must not repeat.
        kwargs.setdefault("auto_id", f"{self.__class__.__name__.lower()}-%s")
        super().__init__(*args, **kwargs)

    def show_version(self, version: int, words: str) -> None:
        """Make a form that came too late sendable again, with what its writer wrote kept."""
        # A copy keeps what a form sent as it is; a plain dict would show each value as a list.
        kept: Any = copy(self.data)
        kept["seen_version"], kept["seen_as"] = str(version), words
        self.data = kept


class NoteForm(SeenForm):
    text = forms.CharField(
        label=_("Note for colleagues"),
        help_text=_("A court or a records request may still reach it."),
        max_length=words.TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write the note first.")},
    )

    def clean_text(self) -> str:
        return clean_text(self.cleaned_data["text"])


class PublishForm(SeenForm):
    """A summary first; once something is public, an update to it or a better summary."""

    what = forms.ChoiceField(
        label=_("What do you write?"),
        choices=[("update", _("An update: what happened since")), ("summary", _("A new summary"))],
        initial="update",
        required=False,
        widget=forms.RadioSelect,
    )
    text_en = forms.CharField(
        label=_("In English"),
        max_length=SUMMARY_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write what the public should read.")},
    )
    text_es = forms.CharField(
        label=_("In Spanish"),
        help_text=_("Left empty, readers see the English text marked as not yet translated."),
        max_length=SUMMARY_LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    on_private_land = forms.BooleanField(
        label=_("This is on private land: show the block only"), required=False
    )

    def clean_text_en(self) -> str:
        return clean_text(self.cleaned_data["text_en"])

    def clean_text_es(self) -> str:
        return clean_text(self.cleaned_data["text_es"])


def choices_of(rows: QuerySet[Any] | Choices, words: str) -> list[tuple[str, str]]:
    """Return choices from two columns in one query, or those that were read before; a model choice
    field would ask anew."""
    if isinstance(rows, list):
        return rows
    return [(str(key), str(told)) for key, told in rows.values_list("pk", words)]


# How a team is told from an officer among the choices of one list.
TEAM = "team-"
NO_TEAM = f"{TEAM}none"


class AssignForm(SeenForm):
    """One list of officers and, where the agency has some, its teams."""

    owner = forms.ChoiceField(
        label=_("Officer"),
        error_messages={"required": _("Choose an officer.")},
    )

    def __init__(
        self,
        *args: Any,
        officers: QuerySet[User] | Choices,
        teams: QuerySet[Team] | Choices,
        has_team: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        named: list[Any] = [(f"{TEAM}{number}", name) for number, name in choices_of(teams, "name")]
        if has_team:
            named.append((NO_TEAM, _("No team")))
        people = choices_of(officers, "name")
        choices: list[Any] = [("", _("Choose an officer")), *people]
        if named:
            self.fields["owner"].label = _("Officer or team")
            self.fields["owner"].error_messages["required"] = _("Choose an officer or a team.")
            choices = [
                ("", _("Choose an officer or a team")),
                (_("Officers"), people),
                (_("Teams"), named),
            ]
        self.fields["owner"].choices = choices  # type: ignore[attr-defined]

    @property
    def goes_to_team(self) -> bool:
        """Whether a team was chosen, or that none has it any more."""
        return str(self.cleaned_data["owner"]).startswith(TEAM)

    @property
    def chosen(self) -> int | None:
        """The number of the officer or of the team; None for no team."""
        number = str(self.cleaned_data["owner"]).removeprefix(TEAM)
        return int(number) if number.isdecimal() else None


class CategoryForm(SeenForm):
    category = forms.TypedChoiceField(
        label=_("Category"),
        coerce=int,
        error_messages={"required": _("Choose a category.")},
    )

    def __init__(
        self, *args: Any, agency: Agency, kinds: Choices | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = choices_of(kinds or Category.objects.of(agency).taken(), "label")
        self.fields["category"].choices = choices  # type: ignore[attr-defined]


class QueueFilterForm(forms.Form):
    category = forms.TypedChoiceField(
        label=_("Category"), coerce=int, empty_value=None, required=False
    )
    area = forms.TypedChoiceField(label=_("Area"), coerce=int, empty_value=None, required=False)

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = Category.objects.of(agency).taken()
        areas = Area.objects.filter(agency=agency, layer=agency.responsible_layer)
        self.fields["category"].choices = [("", _("Every category")), *choices_of(kinds, "label")]  # type: ignore[attr-defined]
        self.fields["area"].choices = [  # type: ignore[attr-defined]
            ("", _("Every area")),
            *choices_of(areas.order_by("code", "name"), "name"),
        ]
