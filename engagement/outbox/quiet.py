"""When a phone must stay silent. Pure."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

# 47 CFR 64.1200(c)(1): nobody is rung between 9 at night and 8 in the morning, by their own clock.
MORNING, NIGHT = 8, 21


def quiet_until(now: datetime, zone: ZoneInfo) -> datetime | None:
    """The moment from which a text may leave, or None when it may leave now."""
    here = now.astimezone(zone)
    if MORNING <= here.hour < NIGHT:
        return None
    day = here.date() + timedelta(days=1 if here.hour >= NIGHT else 0)
    return datetime.combine(day, time(MORNING), tzinfo=zone)
