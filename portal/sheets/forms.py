"""Forms of the sheets: which one by mail, and when shifts begin."""

from datetime import time

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.models import SheetKind
from portal.sheets.orders import MOST_SHIFTS

CLOCK = ("%H:%M", "%I:%M %p", "%I %p", "%I%p")


class OrderForm(forms.Form):
    kind = forms.ChoiceField(choices=SheetKind.choices)
    area = forms.SlugField(required=False)
    wanted = forms.TypedChoiceField(
        choices=[("1", "1"), ("0", "0")], coerce=lambda word: word == "1"
    )


class ShiftsForm(forms.Form):
    starts = forms.CharField(
        label=_("Shifts begin at"),
        max_length=100,
        required=False,
        help_text=_("Times with commas between them, such as 06:00, 14:00, 22:00."),
    )

    def clean_starts(self) -> list[time]:
        """The times in order."""
        typed = [part.strip() for part in self.cleaned_data["starts"].split(",") if part.strip()]
        field = forms.TimeField(input_formats=CLOCK)
        starts = []
        for part in typed:
            try:
                starts.append(field.clean(part.upper()))
            except forms.ValidationError:
                raise forms.ValidationError(
                    _("“%(part)s” is no time. Write it as 14:00 or 2 pm."), params={"part": part}
                ) from None
        if len(set(starts)) > MOST_SHIFTS:
            raise forms.ValidationError(_("A day has six shifts at most."))
        return sorted(set(starts))
