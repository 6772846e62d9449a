"""What officers type beside the next step: visits, marks, duty, services. Shape only."""

from datetime import datetime, time
from typing import Any

import phonenumbers
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from concerns.forms.desk import choices_of
from concerns.models.services import Service
from concerns.models.visits import LINE_LIMIT
from concerns.models.wrong_doors import REASON_LIMIT, Ending
from engagement.people.models import User
from engagement.places.models import Agency

NOON = time(12)
REGION = "US"


def day_input() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class VisitForm(forms.Form):
    day = forms.DateField(required=False)
    hour = forms.TimeField(required=False)
    line = forms.CharField(required=False, max_length=LINE_LIMIT)

    def was_at(self, agency: Agency, now: datetime) -> datetime | None:
        """The moment that was chosen, at noon when only a day was; None for now."""
        day, hour = self.cleaned_data["day"], self.cleaned_data["hour"]
        if day is None and hour is None:
            return None
        today = agency.day_of(now)
        chosen = datetime.combine(day or today, hour or NOON, tzinfo=agency.zone)
        # Of today without a time: noon may lie ahead.
        return min(chosen, now) if hour is None else chosen


class CalledForm(forms.Form):
    """Somebody who is not on the list of numbers."""

    whom = forms.CharField(
        label=gettext_lazy("Whom did you call?"),
        max_length=120,
        error_messages={"required": gettext_lazy("Write whom you called.")},
    )
    number = forms.CharField(label=gettext_lazy("Number"), required=False, max_length=60)
    line = forms.CharField(
        label=gettext_lazy("A line for staff"),
        help_text=gettext_lazy("Such as the number under which they took it."),
        required=False,
        max_length=200,
    )


class EndingForm(forms.Form):
    ending = forms.ChoiceField(
        label=gettext_lazy("How did it end?"), choices=Ending.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Needed for a mistake, and where nobody was called."),
        required=False,
        max_length=REASON_LIMIT,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class NoNumberForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why is there no report number?"),
        max_length=REASON_LIMIT,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("Write why, so that the case can be closed.")},
    )


class DutyForm(forms.Form):
    user = forms.TypedChoiceField(
        label=gettext_lazy("Supervisor"),
        coerce=int,
        error_messages={"required": gettext_lazy("Choose who is on duty.")},
    )
    from_at = forms.DateTimeField(
        label=gettext_lazy("From"),
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        error_messages={"required": gettext_lazy("Say from when.")},
    )
    until_at = forms.DateTimeField(
        label=gettext_lazy("Until"),
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        error_messages={"required": gettext_lazy("Say until when.")},
    )
    phone = forms.CharField(
        label=gettext_lazy("Number to text as well"),
        help_text=gettext_lazy("It is sealed, and destroyed a month after the shift."),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].choices = [  # type: ignore[attr-defined]
            ("", gettext_lazy("Choose who is on duty")),
            *choices_of(people, "name"),
        ]

    def clean_phone(self) -> str:
        """The number as E.164, or ""."""
        typed: str = self.cleaned_data["phone"]
        if not typed:
            return ""
        try:
            number = phonenumbers.parse(typed, REGION)
        except phonenumbers.NumberParseException:
            number = None
        if number is None or not phonenumbers.is_possible_number(number):
            raise forms.ValidationError(_("Write the number with its area code."))
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


class ServiceForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("Which service?"), choices=Service.choices)
    from_on = forms.DateField(label=gettext_lazy("From"), required=False, widget=day_input())
    until_on = forms.DateField(label=gettext_lazy("Until"), required=False, widget=day_input())
