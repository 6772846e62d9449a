"""Place and day of a case as its index says them; whoever asks must say them alike."""

from django.db.models import Case, CharField, DateField, F, Func, Value, When

from concerns import workflow

OPEN = sorted(str(state) for state in workflow.OPEN_STATES)


def point_of(lon: str, lat: str) -> Func:
    return Func(F(lon), F(lat), function="point", output_field=CharField())


def days_wanted() -> Func:
    """Until when a case is worth a look: without end while it is open, else the day it came."""
    is_open = When(state__in=OPEN, then=Value(None))
    last = Case(is_open, default=F("received_on"), output_field=DateField())
    return Func(
        last, template="daterange(NULL::date, %(expressions)s, '[]')", output_field=CharField()
    )
