"""For how long a flood is slowed down."""

from django import forms
from django.utils.translation import gettext_lazy as _


class SlowDownForm(forms.Form):
    hours = forms.ChoiceField(
        label=_("For how long"),
        choices=[
            ("1", _("One hour")),
            ("4", _("Four hours")),
            ("24", _("A day")),
            ("72", _("Three days")),
        ],
    )
