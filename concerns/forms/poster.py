"""What staff choose for a poster."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from concerns.spoken import name_of
from concerns.words import clean_line
from engagement.places.models import Area

SIZES = (
    ("letter", _("Letter page, for a door or a board")),
    ("half", _("Two on a letter page, for a counter")),
    ("cards", _("Eight cards on a letter page, to hand out")),
)


class CampaignForm(forms.Form):
    """A new campaign: its name, and the area if it is for one."""

    name = forms.CharField(
        label=_("Name of the campaign"),
        help_text=_("For staff only, such as “Library boards, fall”."),
        max_length=80,
        error_messages={"required": _("Give it a name, so that you find its numbers again.")},
    )
    area = forms.ChoiceField(label=_("Area"), required=False)

    def __init__(self, data: Any = None, *, areas: Iterable[Area]) -> None:
        super().__init__(data)
        self.areas = {area.slug: area for area in areas}
        field = self.fields["area"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            ("", _("The whole agency")),
            *((slug, area.name) for slug, area in self.areas.items()),
        ]

    def clean_name(self) -> str:
        return clean_line(self.cleaned_data["name"], limit=80)


class PosterForm(forms.Form):
    """How the poster looks; both have a default, so that an address alone prints one."""

    size = forms.ChoiceField(label=_("Size"), choices=SIZES, required=False)
    language = forms.ChoiceField(label=_("Language"), required=False)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        field = self.fields["language"]
        assert isinstance(field, forms.ChoiceField)
        names = [(code, name_of(code)) for code, _label in settings.LANGUAGES]
        field.choices = [("", _("All on one poster")), *names]

    @property
    def chosen_size(self) -> str:
        return str(self.cleaned_data.get("size") or "letter")

    @property
    def chosen_languages(self) -> list[str]:
        """Codes; all where none was chosen."""
        chosen = self.cleaned_data.get("language")
        return [chosen] if chosen else [code for code, _label in settings.LANGUAGES]
