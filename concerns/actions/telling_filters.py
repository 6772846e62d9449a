"""Tell staff when so many reports are new in a filter that they keep."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from concerns.desk_search import Wanted
from concerns.desk_wanted import filters_of
from concerns.filter_notices import tell_of_matches
from concerns.models import Concern, FilterUse
from concerns.querysets import ConcernQuerySet

BATCH = 200
MOST_COUNTED = 1_000


def tell_everybody(*, now: datetime) -> int:
    """Look at every filter that somebody wants to hear of; return how many were told."""
    told, last = 0, 0
    while True:
        due = FilterUse.objects.filter(tell_at__isnull=False, pk__gt=last).order_by("pk")
        numbers = list(due.values_list("pk", flat=True)[:BATCH])
        if not numbers:
            return told
        told += sum(tell(use_id=number, now=now) for number in numbers)
        last = numbers[-1]


@transaction.atomic(durable=True)
def tell(*, use_id: int, now: datetime) -> bool:
    """Plan a mail when enough is new, once for each report; return whether it was planned."""
    rows = FilterUse.objects.select_for_update(of=("self",), skip_locked=True)
    use = rows.filter(pk=use_id).select_related("saved", "user", "agency").first()
    if use is None or use.tell_at is None:
        return False
    if not filters_of(use.user, use.agency).filter(pk=use.saved_id).exists():
        return False
    new = _new(use, now=now)
    numbers = list(new.order_by("id").values_list("id", flat=True)[:MOST_COUNTED])
    if len(numbers) < use.tell_at:
        return False
    use.told, use.seen_id = len(numbers), new.aggregate(newest=Max("id"))["newest"]
    use.save(update_fields=["told", "seen_id"])
    tell_of_matches(use, now=now)
    return True


def _new(use: FilterUse, *, now: datetime) -> ConcernQuerySet:
    """Reports of the filter that came since, as far as the person may read them.

    Nobody is signed in here, so there is no second factor to ask for; nothing of a report is
    shown to anybody, only counted for somebody who may read it.
    """
    user = use.user
    user.has_fresh_factor = True
    user.directory_agency_id = use.agency_id
    readable = Concern.objects.visible_to(user).filter(agency=use.agency, pk__gt=use.seen_id)
    wanted = Wanted.from_json(use.saved.wanted)
    return wanted.apply(readable.not_held(), user=user, today=use.agency.day_of(now))
