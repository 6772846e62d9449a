"""What staff type when a concern goes to somebody else for good: shape only."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from concerns import words
from concerns.actions.referring import NAME_LIMIT, Destination
from concerns.forms.desk import SeenForm, clean_text
from concerns.models import Category
from engagement.places.models import Agency


class ReferForm(SeenForm):
    """`to` is "agency:category" for another agency here, or "outside"."""

    to = forms.ChoiceField(
        label=_("Who gets it?"),
        error_messages={"required": _("Choose who gets it.")},
    )
    name = forms.CharField(
        label=_("Name of who gets it, if they are not on the list"),
        required=False,
        max_length=NAME_LIMIT,
    )
    letter = forms.CharField(
        label=_("Letter or mail to them, in your words"),
        required=False,
        max_length=words.TEXT_LIMIT,
        help_text=_(
            "Only for somebody who is not on the list: you print or mail it yourself. They never "
            "get the report, so say what they need to know."
        ),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    words = forms.CharField(
        label=_("Your words to the reporter"),
        help_text=_("Say who has it now and what to expect. Their code goes on telling it."),
        max_length=words.TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write what the reporter should read.")},
    )
    in_their_language = forms.BooleanField(
        label=_("My words are in the reporter's language"), required=False
    )
    with_contact = forms.BooleanField(
        label=_("Pass on the reporter's address"),
        required=False,
        help_text=_("Only after they said yes on their own page."),
    )

    def __init__(
        self, *args: Any, kinds: Sequence[tuple[Agency, Sequence[Category]]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        groups: list[Any] = [("", _("Choose"))]
        groups += [
            (agency.name, [(f"{agency.pk}:{kind.pk}", str(kind.label)) for kind in listed])
            for agency, listed in kinds
        ]
        groups.append(("outside", _("Somebody who is not on the list")))
        self.fields["to"].choices = groups  # type: ignore[attr-defined]

    def clean_words(self) -> str:
        return clean_text(self.cleaned_data["words"])

    def clean_letter(self) -> str:
        return clean_text(self.cleaned_data["letter"])

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("to") == "outside":
            if not said.get("name"):
                self.add_error("name", _("Say who gets it."))
            if not said.get("letter"):
                self.add_error("letter", _("Write what they need to know."))
        return said

    def destination(self) -> Destination:
        """Where it goes; for a valid form."""
        if self.cleaned_data["to"] == "outside":
            return Destination(name=self.cleaned_data["name"])
        agency, _colon, category = self.cleaned_data["to"].partition(":")
        return Destination(agency_id=int(agency), category_id=int(category))
