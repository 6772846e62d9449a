"""Who must be called or written to by hand: a task in the transaction of what it tells."""

from datetime import datetime

from concerns.models import CallTask, Concern, ContactWish
from concerns.models.calls import CallResult, CallWay, Why
from concerns.models.contact_wishes import BY_HAND, Way
from engagement.places.business import add_business_days
from engagement.places.queries import holidays_of

PRESSING = [Why.REPLY, Why.RESOLVED, Why.QUESTION]
# Whoever was not there three times reads it with code and secret; a fourth call would press them.
MOST_TRIES = 3


def way_of(concern: Concern) -> Way:
    """The way that the reporter chose; reports from before there was a choice left an e-mail."""
    chosen = ContactWish.objects.filter(concern=concern).values_list("way", flat=True).first()
    return Way(chosen) if chosen else Way.EMAIL


def ask_for_call(concern: Concern, *, way: Way, why: Why, now: datetime) -> None:
    """Put a call or a letter on the desk, or add the reason to the one that is open.

    Nothing when the number turned out to be wrong. In the caller's transaction.
    """
    assert way in BY_HAND
    last = CallTask.objects.filter(concern=concern).order_by("-id").first()
    if last is not None and last.result == CallResult.WRONG_NUMBER:
        return
    if last is not None and last.done_on is None:
        last.why = max(Why(last.why), why, key=PRESSING.index)
        last.save(update_fields=["why"])
        return
    today = concern.agency.day_of(now)
    CallTask.objects.create(
        agency_id=concern.agency_id,
        concern=concern,
        way=CallWay(way.value),
        why=why,
        due_on=add_business_days(today, 1, holidays_of(concern.agency, since=today)),
    )
