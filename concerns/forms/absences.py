"""From when to when somebody is away, and who stands in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from engagement.people.models import User


def _day(label: Any, required: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        error_messages={"required": required},
    )


class AbsenceForm(forms.Form):
    """`others` are the colleagues to choose from; `anybody` those whose absence may be set, or
    None where somebody sets their own."""

    person = forms.ChoiceField(label=_("Who is away"))
    first = _day(_("First day away"), _("Say on which day it begins."))
    last = _day(_("Last day away"), _("Say on which day it ends."))
    stand_in = forms.ChoiceField(
        label=_("Who stands in"),
        help_text=_("New concerns go to them on those days. Open ones stay where they are."),
        required=False,
    )

    def __init__(
        self, *args: Any, others: list[User], anybody: list[User] | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        names = [(str(user.pk), user.name) for user in others]
        self.fields["stand_in"].choices = [("", _("Nobody: they go to the queue")), *names]  # type: ignore[attr-defined]
        if anybody is None:
            del self.fields["person"]
        else:
            people = [(str(user.pk), user.name) for user in anybody]
            self.fields["person"].choices = people  # type: ignore[attr-defined]
