"""Who must be called or written to by hand: a task in the transaction of what it tells."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from concerns.models import CallTask, CallTry, Concern, ContactWish
from concerns.models.calls import CallResult, CallWay, Why
from concerns.models.concern import Level
from concerns.models.contact_wishes import BY_HAND, Way
from concerns.registry import CALL
from concerns.rights import within
from engagement.people.models import User
from engagement.places.business import add_business_days
from engagement.places.models import Agency
from engagement.places.queries import holidays_of

PRESSING = [Why.REPLY, Why.RESOLVED, Why.QUESTION]
# Whoever was not there three times reads it with code and secret; a fourth call would press them.
MOST_TRIES = 3


@dataclass(frozen=True)
class TriedOn:
    """One try as the reporter reads it."""

    on: date
    words: str


TOLD = {
    CallResult.REACHED: _("We reached you by phone."),
    CallResult.LEFT_WORD: _("We called and left word, as you allow."),
    CallResult.NO_ANSWER: _("We called you. Nobody answered."),
    CallResult.WRONG_NUMBER: _("We called, but the number is wrong. Read our answers here."),
    CallResult.POSTED: _("We sent you a letter."),
}


def tries_told(concern: Concern) -> list[TriedOn]:
    """How staff tried to reach the reporter, oldest first; one query."""
    tries = CallTry.objects.filter(task__concern=concern).order_by("id")
    return [TriedOn(one.on, str(TOLD[CallResult(one.result)])) for one in tries]


def workable_by(user: User, agency: Agency) -> QuerySet[CallTask]:
    """Open calls and letters that this member of staff may do: of concerns that they may read,
    in the areas of their grant, or of their own concerns and those of their teams."""
    rows = Concern.objects.visible_to(user).filter(within(user, CALL, agency.pk))
    return CallTask.objects.open().filter(agency=agency, concern__in=rows)


def way_of(concern: Concern) -> Way:
    """The way that the reporter chose; reports from before there was a choice left an e-mail.
    No query when the concern was read with its wish, or when nobody could choose."""
    if concern.level != Level.CONFIDENTIAL:
        return Way.EMAIL
    if "wish" in concern._state.fields_cache:
        wish = getattr(concern, "wish", None)
        return Way(wish.way) if wish else Way.EMAIL
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
