"""Which column of the nightly file of calls holds what: shape only."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from concerns.actions.calls_mapping import COLUMNS
from concerns.models import CallMapping

if TYPE_CHECKING:
    Shape = forms.ModelForm[CallMapping]
else:
    Shape = forms.ModelForm

# Names of the columns in the file that was tried, offered while somebody types.
HEADINGS = "file-headings"
NAMED = ("number_column", "date_column", "type_column", "block_column", "disposition_column")


class CallsFileForm(Shape):
    """`seen` is the standing of what was shown; `codes` are the categories that kinds may name."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = CallMapping
        fields = COLUMNS
        widgets = {
            "kinds": forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
            **{
                name: forms.TextInput(attrs={"list": HEADINGS, "autocomplete": "off"})
                for name in NAMED
            },
        }
        help_texts = {
            "system": _("Dispatch (CAD) or records (RMS)."),
            "number_column": _("The heading of the column, as the file writes it."),
            "date_column": _(
                "Its days may be written 2026-04-30, 04/30/2026 or with a time behind."
            ),
            "type_column": _("Leave it empty when the file does not tell kinds of call."),
            "block_column": _("Exact houses are made into the hundred of their block."),
            "disposition_column": _(
                "How the call ended. Leave it empty when the file does not tell."
            ),
            "delimiter": _("Open the file in a plain editor to see it: most files have commas."),
            "encoding": _("Try Windows-1252 when letters such as ñ come out wrong with UTF-8."),
            "kinds": _(
                "One kind=category on each line, such as NOISE*=noise; * stands for anything, the "
                "first fit wins. With such lines a call is only suggested to cases of that "
                "category; without any, street and day are enough."
            ),
        }
        error_messages = {
            "number_column": {"required": _("Name the column that holds the number.")},
            "date_column": {"required": _("Name the column that holds the day.")},
        }

    def __init__(self, *args: Any, codes: Collection[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.codes = codes

    def clean_kinds(self) -> str:
        kinds: str = self.cleaned_data["kinds"]
        pairs = CallMapping(kinds=kinds).pairs
        unknown = sorted({code for _kind, code in pairs} - set(self.codes))
        if unknown:
            raise forms.ValidationError(
                _("There is no category %(codes)s here. The words for them stand below.")
                % {"codes": ", ".join(f"“{code[:40]}”" for code in unknown[:5])}
            )
        return kinds

    @property
    def values(self) -> dict[str, str]:
        """What the action takes, once the form is valid."""
        return {name: self.cleaned_data[name] for name in COLUMNS}
