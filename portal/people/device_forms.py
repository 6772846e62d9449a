"""What is asked when a device is registered: shape only."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from engagement.people.device_models import LONGEST_SHIFT, NAME_LIMIT


class DeviceForm(forms.Form):
    name = forms.CharField(
        label=_("Name of the device"),
        help_text=_("Such as “Car 12” or “My phone”. Colleagues who administer people see it."),
        max_length=NAME_LIMIT,
        error_messages={
            "required": _("Give it a name, so that it can be found in the list."),
            "max_length": _("A name has at most 60 characters."),
        },
    )
    shift_hours = forms.TypedChoiceField(
        label=_("A sign-in lasts for"),
        coerce=int,
        choices=[
            (hours, ngettext_lazy("%d hour", "%d hours", hours) % hours) for hours in (8, 10, 12)
        ],
        initial=LONGEST_SHIFT,
        error_messages={"required": _("Choose how long a shift is.")},
    )

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())
