"""What staff type to join, split and link cases: shape only."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from concerns import words
from concerns.forms.desk import CategoryForm, SeenForm, clean_text
from concerns.models.links import REASON_LIMIT
from engagement.keys.references import BadReference, normalise


class ReferenceField(forms.CharField):
    """The staff reference of another case, as people type it."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "error_messages", {"required": _("Type the reference of the other case.")}
        )
        super().__init__(
            label=_("Reference of the other case"),
            max_length=40,
            widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
            **kwargs,
        )

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        try:
            return normalise(typed)
        except BadReference:
            raise forms.ValidationError(_("No case has this reference.")) from None


class PickForm(forms.Form):
    """Which case to join this one with; asked by GET, so that the preview has an address."""

    into = ReferenceField()


class MergeForm(SeenForm):
    """Carries both cases as they stood before the eyes of whoever decides."""

    into = ReferenceField()
    into_version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    into_as = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Why is it the same?"),
        help_text=_("For colleagues. A court or a records request may still reach it."),
        max_length=REASON_LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"].widget = forms.HiddenInput()

    def clean_reason(self) -> str:
        return clean_text(self.cleaned_data["reason"])


class LinkForm(SeenForm):
    other = ReferenceField()
    reason = forms.CharField(
        label=_("Why read them together?"),
        max_length=200,
        error_messages={"required": _("Say in a few words why.")},
    )

    def clean_reason(self) -> str:
        return clean_text(self.cleaned_data["reason"])


class SplitForm(CategoryForm):
    text = forms.CharField(
        label=_("What this part is about, in your words"),
        help_text=_("Its reporter reads this. Do not repeat their words: others work with it."),
        max_length=words.TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write what this part is about.")},
    )
    place = forms.CharField(
        label=_("Where, if it lies elsewhere"),
        help_text=_("An address or a corner. Leave it empty if it lies where the report does."),
        max_length=words.PLACE_LIMIT,
        required=False,
    )

    def clean_text(self) -> str:
        return clean_text(self.cleaned_data["text"])


class TellAllForm(SeenForm):
    text = forms.CharField(
        label=_("Your words to everybody who reported it"),
        help_text=_("Say what is done about it; nothing that only one of them should read."),
        max_length=words.TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write what they should read.")},
    )

    def clean_text(self) -> str:
        return clean_text(self.cleaned_data["text"])


class OthersForm(forms.Form):
    reason = forms.CharField(
        label=_("Why do you need to know?"),
        help_text=_("At least ten letters. A supervisor other than you reads it."),
        max_length=REASON_LIMIT,
        min_length=10,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={
            "required": _("Say why you need it."),
            "min_length": _("Say why you need it."),
        },
    )
