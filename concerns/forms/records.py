"""What staff type to open an address, to erase a reporter, and to place or lift a hold."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from concerns.forms.desk import clean_text
from concerns.models.holds import REASON_LIMIT


class ReasonForm(forms.Form):
    """A reason of at least ten letters; what it is for stands in `label` and `hint`."""

    label: Any = ""
    hint: Any = ""
    empty: Any = _("Say why, in at least ten letters.")

    reason = forms.CharField(
        max_length=REASON_LIMIT, min_length=10, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # Several of these stand on one page, and ids must not repeat.
        kwargs.setdefault("auto_id", f"{self.__class__.__name__.lower()}-%s")
        super().__init__(*args, **kwargs)
        field = self.fields["reason"]
        field.label, field.help_text = self.label, self.hint
        field.error_messages |= {"required": self.empty, "min_length": self.empty}

    def clean_reason(self) -> str:
        return clean_text(self.cleaned_data["reason"])


class OpenForm(ReasonForm):
    label = _("Why do you need the address?")
    hint = _("At least ten letters. Somebody other than you reads it.")


class EraseForm(ReasonForm):
    label = _("How did they ask, and how do you know that it was they?")
    hint = _("Such as: came to the counter with code and secret. Write no name and no address.")


class PlaceForm(ReasonForm):
    label = _("Why is it held?")
    hint = _("Such as the number of the case or request. Everybody who reads the report sees it.")


class LiftForm(ReasonForm):
    label = _("Why does the hold end?")
