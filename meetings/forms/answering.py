"""What a resident types to say that they come: shape only."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

MOST_IN_A_PARTY = 10
NEEDS_LIMIT = 1000
EMAIL_LIMIT = 254


def party_sizes() -> list[tuple[int, str]]:
    """Asked anew by each form, so that the words are in its language."""
    return [
        (number, ngettext("%(number)s person", "%(number)s people", number) % {"number": number})
        for number in range(1, MOST_IN_A_PARTY + 1)
    ]


class PartyForm(forms.Form):
    """How many come and what they need; all that can be changed later."""

    party_size = forms.TypedChoiceField(
        label=_("How many people are coming, with you?"),
        choices=party_sizes,
        coerce=int,
        initial=1,
        error_messages={
            "required": _("Choose how many people are coming."),
            "invalid_choice": _("Choose a number from 1 to 10. For more people, call us."),
        },
    )
    needs = forms.CharField(
        label=_("What do you need to take part?"),
        help_text=_(
            "For example an interpreter, sign language, a ramp, a seat at the front. Kept "
            "encrypted; only organizers and supervisors can open it, and each reading is recorded."
        ),
        required=False,
        max_length=NEEDS_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ChangeForm(PartyForm):
    """What was written before is never shown again: whoever holds the link may not be the one
    who wrote it. Empty keeps it."""

    clear_needs = forms.BooleanField(label=_("I need nothing of that any more"), required=False)

    def __init__(self, *args: Any, has_needs: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if has_needs:
            self.fields["needs"].help_text = _(
                "What you wrote before is stored and not shown here. Leave this empty to keep it."
            )
        else:
            del self.fields["clear_needs"]

    def kept_needs(self) -> str | None:
        """The new words, "" to forget the old ones, None to keep them; only after is_valid()."""
        if self.cleaned_data["needs"]:
            return str(self.cleaned_data["needs"])
        return "" if self.cleaned_data.get("clear_needs") else None


class RsvpForm(PartyForm):
    """Without an e-mail the answer counts just the same; only nobody can be reminded."""

    email = forms.EmailField(
        label=_("Your e-mail"),
        help_text=_(
            "We send a confirmation with a calendar entry, a reminder, and word if the meeting "
            "is moved or cancelled. Nothing else. Without it we cannot tell you."
        ),
        required=False,
        max_length=EMAIL_LIMIT,
        error_messages={"invalid": _("Write the e-mail like name@example.org.")},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    is_listed = forms.BooleanField(
        label=_("List it under My meetings in my account"), required=False, initial=True
    )
    field_order = ("party_size", "email", "needs", "is_listed")

    def __init__(self, *args: Any, is_signed_in: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_signed_in:
            del self.fields["is_listed"]
