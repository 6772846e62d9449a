"""What a meeting is about, whom it is for, what helps people to come: the organizer's words."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from engagement.places.models import Area
from engagement.places.wording import Wording
from meetings.forms.seen import LineField, SeenForm
from meetings.forms.timing import TimingForm
from meetings.languages import spoken_languages
from meetings.models import Kind

TITLE_LIMIT = 120
SUMMARY_LIMIT = 600
NOTE_LIMIT = 2000
# Hours before the start.
CLOSES = {
    0: _("When the meeting starts"),
    24: _("One day before"),
    48: _("Two days before"),
    72: _("Three days before"),
    168: _("One week before"),
}
SPANISH_HINT = _("Left empty, readers see the English text marked as not yet translated.")


def _text(label: Any, *, limit: int, rows: int = 0, missing: Any = "", hint: Any = "") -> Any:
    """One question in one language: a line, or a box of so many rows. Whoever leaves it empty
    reads `missing`; without such a sentence it may stay empty."""
    kind = forms.CharField if rows else LineField
    return kind(
        label=label,
        help_text=hint,
        max_length=limit,
        required=bool(missing),
        error_messages={"required": missing} if missing else {},
        widget=forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput(),
    )


class WordsForm(SeenForm):
    """Everything but when and where: may change without anybody's calendar changing."""

    kind = forms.ChoiceField(
        label=_("What kind of meeting is it?"),
        choices=Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what kind of meeting it is.")},
    )
    title_en = _text(
        _("Title in English"), limit=TITLE_LIMIT, missing=_("Give the meeting a title.")
    )
    title_es = _text(_("Title in Spanish"), limit=TITLE_LIMIT, hint=SPANISH_HINT)
    summary_en = _text(
        _("What it is about, in English"),
        limit=SUMMARY_LIMIT,
        rows=4,
        missing=_("Say in two or three sentences what it is about."),
        hint=_("Two or three sentences: why come, who will be there, what people can ask."),
    )
    summary_es = _text(_("What it is about, in Spanish"), limit=SUMMARY_LIMIT, rows=4)
    agenda_en = _text(_("Agenda in English"), limit=NOTE_LIMIT, rows=4, hint=_("One item a line."))
    agenda_es = _text(_("Agenda in Spanish"), limit=NOTE_LIMIT, rows=4)
    access_en = _text(
        _("Getting there and in, in English"),
        limit=NOTE_LIMIT,
        rows=3,
        hint=_("Ramp, elevator, parking, bus, interpreters, child care."),
    )
    access_es = _text(_("Getting there and in, in Spanish"), limit=NOTE_LIMIT, rows=3)
    languages = forms.MultipleChoiceField(
        label=_("Languages spoken or interpreted"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        initial=["en"],
    )
    areas = forms.TypedMultipleChoiceField(
        label=_("Areas it is for"),
        help_text=_("Nothing ticked means the whole city. It shows on the pages of these areas."),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    capacity = forms.IntegerField(
        label=_("Most people who fit in"),
        help_text=_("Leave it empty if there is room for everyone."),
        required=False,
        min_value=1,
        max_value=100_000,
        error_messages={"invalid": _("Write a whole number like 60.")},
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    closes = forms.TypedChoiceField(
        label=_("Until when can people answer?"),
        choices=list(CLOSES.items()),
        coerce=int,
        initial=0,
    )

    def __init__(self, *args: Any, areas: Mapping[str, Iterable[Area]], **kwargs: Any) -> None:
        """`areas` are the choices, by the name of their layer."""
        super().__init__(*args, **kwargs)
        self._offer(
            "areas",
            [(layer, [(area.pk, area.name) for area in found]) for layer, found in areas.items()],
        )
        self._offer("languages", spoken_languages())
        self.fields["kind"].widget.option_hints = {
            Kind.TOWN_HALL: _("Everyone is invited; the police report and listen."),
            Kind.BEAT_MEETING: _("Neighbors of one area meet their officer, often each month."),
            Kind.OUTREACH: _("The police come to people: a fair, a school, a block party."),
        }

    def _offer(self, name: str, choices: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def words(self, name: str) -> Wording:
        """One text in all its languages; only after is_valid()."""
        found = {code: self.cleaned_data.get(f"{name}_{code}", "") for code in ("en", "es")}
        return Wording(found)


class MeetingForm(WordsForm, TimingForm):
    """A meeting that nobody outside has heard of yet: everything can still change."""

    # As the page asks, so that mistakes are listed from the top down.
    field_order = (
        *("seen_version", "kind", "title_en", "title_es", "summary_en", "summary_es"),
        *TimingForm.base_fields,
    )


class ReasonForm(SeenForm):
    """Why a meeting is cancelled, for everyone to read."""

    reason_en = _text(
        _("Why, in English"),
        limit=SUMMARY_LIMIT,
        rows=3,
        missing=_("Say why the meeting is cancelled."),
        hint=_("Everyone reads it, on the page and in the mail."),
    )
    reason_es = _text(_("Why, in Spanish"), limit=SUMMARY_LIMIT, rows=3, hint=SPANISH_HINT)

    def reason(self) -> Wording:
        found = {code: self.cleaned_data.get(f"reason_{code}", "") for code in ("en", "es")}
        return Wording(found)
