"""When and where, as the organizer types it: a day and the clock on the wall, never UTC."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from meetings.clock import instant_of, is_ambiguous, is_gap
from meetings.forms.seen import LineField, SeenForm
from meetings.models import Mode

LONGEST_MINUTES = 12 * 60
PLACE_LIMIT = 200
ADDRESS_LIMIT = 300
URL_LIMIT = 500
PHONE_LIMIT = 60


class PlaceField(LineField):
    """Wanted of nearly every meeting, so it is not called optional; the form itself sees whether
    it may be empty."""

    def validate(self, value: str) -> None:
        return


class TimingForm(SeenForm):
    """The day, the two times, and the place or the way to join from home."""

    day = forms.DateField(
        label=gettext_lazy("Day"),
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        error_messages={
            "required": gettext_lazy("Choose the day."),
            "invalid": gettext_lazy("Write the day like 2026-12-08."),
        },
    )
    starts = forms.TimeField(
        label=gettext_lazy("Starts at"),
        widget=forms.TimeInput({"type": "time"}, "%H:%M"),
        error_messages={
            "required": gettext_lazy("Write when it starts."),
            "invalid": gettext_lazy("Write the time like 18:30."),
        },
    )
    ends = forms.TimeField(
        label=gettext_lazy("Ends at"),
        widget=forms.TimeInput({"type": "time"}, "%H:%M"),
        error_messages={
            "required": gettext_lazy("Write when it ends."),
            "invalid": gettext_lazy("Write the time like 18:30."),
        },
    )
    mode = forms.ChoiceField(
        label=gettext_lazy("How can people take part?"),
        choices=Mode.choices,
        initial=Mode.IN_PERSON,
        widget=forms.RadioSelect,
    )
    place_name = PlaceField(
        label=gettext_lazy("Place"),
        help_text=gettext_lazy(
            "For example: Carpenter Branch Library, meeting room 2. Empty for an online meeting."
        ),
        max_length=PLACE_LIMIT,
    )
    place_address = LineField(
        label=gettext_lazy("Street address"), required=False, max_length=ADDRESS_LIMIT
    )
    joining_url = forms.URLField(
        label=gettext_lazy("Link to join online"),
        help_text=gettext_lazy("Only people who say that they come are told."),
        required=False,
        max_length=URL_LIMIT,
        assume_scheme="https",
        error_messages={"invalid": gettext_lazy("Write the link like https://example.org/meet.")},
    )
    joining_phone = LineField(
        label=gettext_lazy("Phone number to dial in"),
        help_text=gettext_lazy("With the code that callers must type. Told like the link."),
        required=False,
        max_length=PHONE_LIMIT,
    )

    use_required_attribute = False

    def __init__(self, *args: Any, zone: ZoneInfo, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone, self.now = zone, now

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        mode = cleaned.get("mode")
        if mode != Mode.ONLINE and not cleaned.get("place_name"):
            self._demand("place_name", _("Write where it is."))
        has_way_in = cleaned.get("joining_url") or cleaned.get("joining_phone")
        if mode in (Mode.ONLINE, Mode.HYBRID) and not has_way_in:
            self._demand("joining_url", _("Write the link or the phone number to join online."))
        if all(cleaned.get(name) is not None for name in ("day", "starts", "ends")):
            self._check_times(cleaned["day"], cleaned["starts"], cleaned["ends"])
        return cleaned

    def _demand(self, name: str, words: str) -> None:
        """Ask for what is missing, unless the question has a mistake of its own."""
        if name not in self.errors:
            self.add_error(name, words)

    def _check_times(self, day: date, starts: time, ends: time) -> None:
        for name, clock in (("starts", starts), ("ends", ends)):
            if is_gap(datetime.combine(day, clock), self.zone):
                self.add_error(name, _gap_words(day, clock))
        if self.errors:
            return
        if self.minutes <= 0:
            self.add_error("ends", _("The end must come after the start, on the same day."))
        elif self.minutes > LONGEST_MINUTES:
            self.add_error("ends", _("A meeting lasts 12 hours at most."))
        elif instant_of(self.starts_wall, self.zone) <= self.now:
            self.add_error("day", _("This time is already past. Choose a later one."))

    @property
    def starts_wall(self) -> datetime:
        """The start on the wall of the place, without zone; only after is_valid()."""
        return datetime.combine(self.cleaned_data["day"], self.cleaned_data["starts"])

    @property
    def minutes(self) -> int:
        """How long it lasts by a stopwatch, also in the night when the clocks change."""
        end = datetime.combine(self.cleaned_data["day"], self.cleaned_data["ends"])
        lasts = instant_of(end, self.zone) - instant_of(self.starts_wall, self.zone)
        return int(lasts.total_seconds() // 60)

    @property
    def warning(self) -> str:
        """What the clock change makes doubtful about the start, in words; mostly empty."""
        if not is_ambiguous(self.starts_wall, self.zone):
            return ""
        first = instant_of(self.starts_wall, self.zone).astimezone(self.zone)
        return _(
            "The clocks go back that night, so %(time)s comes twice. We take the first one, "
            "%(time)s %(zone)s."
        ) % {"time": _clock(first.time()), "zone": first.tzname()}


def _gap_words(day: date, clock: time) -> str:
    later = (datetime.combine(day, clock) + timedelta(hours=1)).time()
    return _(
        "The clocks go forward that night: %(time)s does not exist on %(day)s. Write %(later)s "
        "or another time."
    ) % {
        "time": _clock(clock),
        "later": _clock(later),
        "day": formats.date_format(day, pgettext("form of a date", "l, F j, Y")),
    }


def _clock(moment: time) -> str:
    return formats.time_format(moment, pgettext("form of a time", "g:i A"))
