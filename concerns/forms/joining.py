"""What somebody who says "mine too" fills in: how to be known, and words if they like."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from concerns.forms.follow import TEXT_LIMIT
from concerns.forms.report import LEVELS
from concerns.models.concern import Level
from concerns.words import EMAIL_LIMIT


class JoinForm(forms.Form):
    """Shape only, nothing is stored here."""

    words = forms.CharField(
        label=_("Anything to add for the police?"),
        help_text=_("Only staff read it. The public sees nothing of it."),
        required=False,
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    level = forms.ChoiceField(
        label=_("How do you want to be known?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how you want to be known.")},
    )
    email = forms.EmailField(
        label=_("Your e-mail"),
        help_text=_("Only if you want a mail when something is new, and chose confidential."),
        required=False,
        max_length=EMAIL_LIMIT,
        error_messages={"invalid": _("Write the e-mail like name@example.org.")},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def __init__(
        self, data: Any = None, *, is_signed_in: bool, initial: dict[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial=initial)
        levels = [Level.ANONYMOUS, Level.CONFIDENTIAL, *([Level.SIGNED_IN] if is_signed_in else [])]
        field = self.fields["level"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(level, LEVELS[level][0]) for level in levels]
        field.widget.option_hints = {str(level): LEVELS[level][1] for level in levels}

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        is_nameless = not cleaned.get("email") and "email" not in self.errors
        if cleaned.get("level") == Level.CONFIDENTIAL and is_nameless:
            self.add_error("email", _("Write your e-mail, or choose another way to be known."))
        return cleaned


def from_check_page(posted: Mapping[str, str]) -> dict[str, str]:
    """The form's values out of a report that is about to be sent; its words only if ticked."""
    words_too = posted.get("with_words") == "on"
    return {
        "level": posted.get("level", ""),
        "email": posted.get("email", ""),
        "words": posted.get("text", "")[:TEXT_LIMIT] if words_too else "",
    }
