"""What staff answer to a reporter beside the conversation: shape only."""

from django import forms
from django.utils.translation import gettext_lazy as _

from concerns import words
from concerns.forms.desk import clean_text
from concerns.forms.writing import SpokenForm


class DelayForm(SpokenForm):
    text = forms.CharField(
        label=_("Why does it take longer?"),
        help_text=_("The reporter reads this beside “It is late”."),
        max_length=words.TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say in a sentence why it takes longer.")},
    )
    field_order = ("text", "spoken", "colleague")

    def clean_text(self) -> str:
        return clean_text(self.cleaned_data["text"])


class RemovalAnswerForm(SpokenForm):
    text = forms.CharField(
        label=_("Your answer to the reporter"),
        help_text=_("Say what was removed, or why it must stay, and who decides."),
        max_length=words.TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write what the reporter should read.")},
    )
    field_order = ("text", "spoken", "colleague")

    def clean_text(self) -> str:
        return clean_text(self.cleaned_data["text"])
