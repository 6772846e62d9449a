"""Which cases lie near enough to be the same thing. The distance follows from the kind."""

import math
from datetime import date, timedelta
from typing import Any

from django.db.models import (
    BigIntegerField,
    BooleanField,
    CharField,
    DateField,
    Expression,
    F,
    FloatField,
    Func,
    Q,
    QuerySet,
    Value,
)

from concerns.composed import Given
from concerns.models import Concern
from concerns.models.categories import Visibility
from concerns.models.nearness import days_wanted, point_of
from concerns.querysets import ConcernQuerySet
from concerns.workflow import Outcome

METRES_PER_DEGREE = 111_320.0
STILL_RECENT = timedelta(weeks=12)
# A thing on the street is where it is; what a block suffers from, neighbors place apart.
REACH_METRES: dict[str, float] = {Visibility.STREET: 100.0, Visibility.BLOCK: 200.0}
WIDEST = 400.0
MOST = 6


def sought_around(concern: Concern, *, today: date) -> dict[str, Any] | None:
    """What `similar` needs to be given: the box of degrees that holds everything near enough, and
    from which day on. None where the case has no point."""
    if concern.lon is None or concern.lat is None:
        return None
    reach = REACH_METRES.get(concern.category.visibility, WIDEST)
    squeeze = max(0.01, math.cos(math.radians(concern.lat)))
    up = reach / METRES_PER_DEGREE
    aside = up / squeeze
    return {
        "concern": concern.pk,
        "category": concern.category_id,
        "group": concern.category.group,
        "lon": concern.lon,
        "lat": concern.lat,
        "west": concern.lon - aside,
        "south": concern.lat - up,
        "east": concern.lon + aside,
        "north": concern.lat + up,
        "metres_east": squeeze * METRES_PER_DEGREE,
        "reach": reach,
        "since": today - STILL_RECENT,
    }


def similar(seen: ConcernQuerySet) -> QuerySet[Any]:
    """Narrow `seen`, what somebody may read, to cases of the same or a related kind near one
    that are open or came in within 12 weeks, with `metres`; to be ordered by that.

    Which one is said when it is asked, by `sought_around`. The box and the day are looked up in
    one index.
    """
    kind = Q(category=Given("category", BigIntegerField()))
    kind |= Q(category__group=Given("group", CharField()))
    return (
        seen.not_held()
        .filter(kind, lon__isnull=False)
        .filter(_inside(), _recent(Given("since", DateField())))
        .exclude(pk=Given("concern", BigIntegerField()))
        .exclude(outcome__in=[Outcome.MERGED, Outcome.WITHDRAWN, Outcome.SPAM])
        .annotate(metres=_metres())
        .filter(metres__lte=_number("reach"))
    )


def _number(name: str) -> Given:
    return Given(name, FloatField())


def _inside() -> Func:
    corners = [
        Func(_number(lon), _number(lat), function="point")
        for lon, lat in (("west", "south"), ("east", "north"))
    ]
    around = Func(*corners, function="box", output_field=CharField())
    return Func(
        point_of("lon", "lat"),
        around,
        arg_joiner=" <@ ",
        template="(%(expressions)s)",
        output_field=BooleanField(),
    )


def _recent(since: Expression) -> Func:
    return Func(
        days_wanted(),
        since,
        arg_joiner=" @> ",
        template="(%(expressions)s)",
        output_field=BooleanField(),
    )


def _metres() -> Func:
    east = (F("lon") - _number("lon")) * _number("metres_east")
    north = (F("lat") - _number("lat")) * Value(METRES_PER_DEGREE)
    return Func(east * east + north * north, function="sqrt", output_field=FloatField())
