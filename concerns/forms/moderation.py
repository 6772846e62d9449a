"""Flags and judgements: shape only."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from concerns.forms.desk import SeenForm
from concerns.models import ModerationReason
from concerns.models.moderation import WHY_LIMIT, Outcome, What


class FlagForm(SeenForm):
    """Asks for a look and changes nothing, so no version is compared."""

    what = forms.ChoiceField(
        label=_("What should be looked at again?"),
        choices=[(str(one), one.label) for one in (What.WORDS, What.PHOTOS)],
        initial=What.WORDS,
        widget=forms.RadioSelect,
    )
    why = forms.CharField(
        label=_("Why?"),
        help_text=_("Only who decides reads it. What somebody thinks of the police is no reason."),
        max_length=WHY_LIMIT,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say what should be looked at.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "flag-%s")
        super().__init__(*args, **kwargs)
        self.fields["seen_version"].required = False


class DecisionForm(forms.Form):
    """One choice of the published list; each says whether something is taken down."""

    reason = forms.TypedChoiceField(
        label=_("Decide, for this reason"),
        coerce=int,
        error_messages={"required": _("Choose a reason from the list.")},
    )
    seen_version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, reasons: Iterable[ModerationReason], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = [  # type: ignore[attr-defined]
            ("", _("Choose a reason")),
            *grouped(reasons),
        ]


def grouped(reasons: Iterable[ModerationReason]) -> list[tuple[Any, list[tuple[str, str]]]]:
    """Return the reasons below what is done for each of them."""
    listed = list(reasons)
    return [
        (outcome.label, [(str(one.pk), str(one.label)) for one in listed if one.outcome == outcome])
        for outcome in (Outcome.TAKEN_DOWN, Outcome.KEPT)
    ]
