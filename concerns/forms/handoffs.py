"""What staff and partners type about a hand-off: shape only."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from concerns import words
from concerns.actions.handoff_drafts import Draft
from concerns.forms.desk import SeenForm, clean_text
from concerns.models import ConcernPhoto, OutsideService
from concerns.models.handoffs import BRIEF_LIMIT, NUMBER_LIMIT, STATUS_LIMIT, Precision, Said
from engagement.groups.models import Organisation, TakesBy

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class HandOnForm(SeenForm):
    """`service` lists what the servers of all offered organisations list, as "organisation:code":
    which one fits is only known once the organisation is chosen."""

    organisation = forms.TypedChoiceField(
        label=_("Who gets it?"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose who gets it.")},
    )
    service = forms.ChoiceField(
        label=_("As which service?"),
        required=False,
        help_text=_("Only for an organisation that takes work by Open311."),
    )
    brief = forms.CharField(
        label=_("What it is about, in your words"),
        help_text=_("They read this, and never the report. Name nobody and no exact address."),
        max_length=BRIEF_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write what it is about.")},
    )
    asked = forms.CharField(
        label=_("What you ask of them"),
        max_length=BRIEF_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write what they should do.")},
    )
    precision = forms.ChoiceField(
        label=_("How closely may they know the place?"), widget=forms.RadioSelect
    )
    photos = forms.TypedMultipleChoiceField(
        label=_("Photos that they see"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only copies that are public already, with faces and plates covered."),
    )
    due_on = forms.DateField(
        label=_("Until when"),
        widget=DAY,
        help_text=_("If they have not answered by then, it comes back to you."),
        error_messages={"required": _("Choose a day."), "invalid": _("Choose a day.")},
    )

    def __init__(
        self,
        *args: Any,
        organisations: Sequence[Organisation],
        services: Sequence[OutsideService],
        photos: Sequence[ConcernPhoto],
        precisions: Sequence[Precision],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.has_services = bool(services)
        listed = {row.organisation_id for row in services}
        self.lacks_services = any(
            row.takes_by == TakesBy.OPEN311 and row.pk not in listed for row in organisations
        )
        self._choose("organisation", [(row.pk, _taken(row)) for row in organisations])
        names = {row.pk: row.name for row in organisations}
        self._choose(
            "service",
            [("", "—")]
            + [
                (f"{row.organisation_id}:{row.code}", f"{names[row.organisation_id]}: {row.name}")
                for row in services
                if row.organisation_id in names
            ],
        )
        self._choose(
            "photos",
            [
                (row.pk, str(row.public.shows) or _("Photo %(n)s") % {"n": row.position})
                for row in photos
                if row.public is not None
            ],
        )
        self._choose("precision", [(each.value, each.label) for each in precisions])

    def _choose(self, name: str, choices: list[Any]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean_brief(self) -> str:
        return clean_text(self.cleaned_data["brief"])

    def clean_asked(self) -> str:
        return clean_text(self.cleaned_data["asked"])

    def draft(self) -> Draft:
        """What was chosen; for a valid form."""
        said = self.cleaned_data
        organisation, _colon, code = said["service"].partition(":")
        fits = organisation == str(said["organisation"])
        return Draft(
            organisation_id=said["organisation"],
            brief=said["brief"],
            asked=said["asked"],
            precision=said["precision"],
            due_on=said["due_on"],
            photo_ids=tuple(said["photos"]),
            service_code=code if fits else "",
        )


def _taken(row: Organisation) -> str:
    return f"{row.name}: {TakesBy(row.takes_by).label}"


class NumberForm(SeenForm):
    number = forms.CharField(label=_("Their number"), max_length=NUMBER_LIMIT, required=False)
    status = forms.CharField(
        label=_("How it stands there"), max_length=STATUS_LIMIT, required=False
    )


class ToldForm(SeenForm):
    said = forms.ChoiceField(
        label=_("What did they say?"),
        choices=[
            (Said.ANSWERED.value, _("An answer; they still have it")),
            (Said.DONE.value, _("It is done")),
            (Said.GIVEN_BACK.value, _("They give it back")),
        ],
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=_("In short"),
        max_length=BRIEF_LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_text(self) -> str:
        return clean_text(self.cleaned_data["text"])


class DayForm(SeenForm):
    due_on = forms.DateField(
        label=_("New day"),
        widget=DAY,
        error_messages={"required": _("Choose a day."), "invalid": _("Choose a day.")},
    )


class AnswerForm(forms.Form):
    """What whoever has the work writes back."""

    text = forms.CharField(
        label=_("Your words to the police"),
        max_length=words.TEXT_LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean_text(self) -> str:
        return clean_text(self.cleaned_data["text"])
