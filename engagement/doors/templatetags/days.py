"""Days in words, in the order of the reader's language."""

from datetime import date, datetime

from django import template
from django.utils import formats, timezone
from django.utils.translation import pgettext

register = template.Library()


@register.filter
def day(value: date | None) -> str:
    """A short day with its weekday: "Sun, Nov 22"; empty for None."""
    return _written(value, pgettext("form of a date", "D, M j"))


@register.filter
def long_day(value: date | None) -> str:
    """A day in full words: "Sunday, November 22"; empty for None."""
    return _written(value, pgettext("form of a date", "l, F j"))


@register.filter
def dated_day(value: date | None) -> str:
    """A day in full words with its year: "Sunday, November 22, 2026"; empty for None."""
    return _written(value, pgettext("form of a date", "l, F j, Y"))


@register.filter
def short_day(value: date | None) -> str:
    """A short day with its year: "Nov 22, 2026"; empty for None."""
    return _written(value, pgettext("form of a date", "M j, Y"))


@register.filter
def moment(value: datetime | None) -> str:
    """A day with the time on the agency's clock: "Sun Nov 22, 3:04 PM CST"; empty for None."""
    return _written(value, pgettext("form of a date", "D M j, g:i A T"))


def _written(value: date | None, form: str) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = timezone.localtime(value)
    return formats.date_format(value, form)
