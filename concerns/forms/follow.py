"""Coming back to a report: code and secret, the pass they open, and what can be said then."""

from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

SALT = "concerns.follow"
PASS_SECONDS = 30 * 60
TEXT_LIMIT = 4000


class PassIsOver(Exception):
    """The half hour is over, or this pass did not come from this portal."""


def new_pass(reference: str) -> str:
    """Signed proof, for half an hour, that this page was opened with the secret.

    It stands in for the secret, so that the secret is in no page that follows.
    """
    return signing.TimestampSigner(salt=SALT).sign(reference)


def opened_pass(signed: str) -> str:
    """The reference that a pass was made for. Raises PassIsOver."""
    try:
        return signing.TimestampSigner(salt=SALT).unsign(signed, max_age=PASS_SECONDS)
    except signing.BadSignature as error:
        raise PassIsOver from error


class TrackForm(forms.Form):
    """What stands on the receipt. Neither value is ever written back into a page."""

    code = forms.CharField(
        label=_("Tracking code"),
        max_length=40,
        error_messages={"required": _("Type the tracking code from your receipt.")},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
        ),
    )
    secret = forms.CharField(
        label=_("Secret"),
        max_length=80,
        error_messages={"required": _("Type the secret from your receipt.")},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
        ),
    )


class AnswerForm(forms.Form):
    """A message from the reporter."""

    text = forms.CharField(
        label=_("Your message"),
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write your message first.")},
    )


class DissentForm(forms.Form):
    """Why a report is not about the same thing as the one that it was joined with."""

    text = forms.CharField(
        label=_("What is different?"),
        max_length=TEXT_LIMIT,
        help_text=_("Only you and police staff read this."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write what is different.")},
    )


class ReopenForm(forms.Form):
    """Why a resolved report is not resolved."""

    text = forms.CharField(
        label=_("What is still wrong?"),
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say in a few words what is still wrong.")},
    )


class RemovalForm(forms.Form):
    """Which words should go, and why."""

    text = forms.CharField(
        label=_("Which words should be removed, and why?"),
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say which words you mean.")},
    )


DEGREES = [
    ("yes", pgettext_lazy("rating", "Yes")),
    ("partly", pgettext_lazy("rating", "Partly")),
    ("no", pgettext_lazy("rating", "No")),
]


def _question(label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=DEGREES, required=False, widget=forms.RadioSelect)


class RatingForm(forms.Form):
    """How the reporter was treated; each answer may be left out, one is needed."""

    respect = _question(_("Were you treated with respect?"))
    informed = _question(_("Were you kept informed?"))
    better = _question(_("Is the problem better now?"))

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if not any(cleaned.get(name) for name in self.fields):
            raise forms.ValidationError(_("Answer at least one of the three questions."))
        return cleaned
