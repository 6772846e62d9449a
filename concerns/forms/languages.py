"""Which languages a member of staff writes: shape only."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from concerns.spoken import choices
from engagement.places.wording import DEFAULT_LANGUAGE


class LanguagesForm(forms.Form):
    languages = forms.MultipleChoiceField(
        label=_("Which languages do you write to residents?"),
        help_text=_(
            "Colleagues can then put words for a reporter on your list. English is taken as given."
        ),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [row for row in choices() if row[0] not in (DEFAULT_LANGUAGE, "und")]
        self.fields["languages"].choices = offered  # type: ignore[attr-defined]
