"""Which cases lie near enough to be the same thing. The distance follows from the kind."""

import math
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import BooleanField, CharField, F, FloatField, Func, Q, QuerySet, Value

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


@dataclass(frozen=True)
class Box:
    """Degrees around a point that hold everything within `reach` metres of it."""

    lon: float
    lat: float
    aside: float
    up: float
    squeeze: float
    reach: float


def box_around(concern: Concern) -> Box | None:
    """The box in which similar cases are looked for; None where the case has no point."""
    if concern.lon is None or concern.lat is None:
        return None
    reach = REACH_METRES.get(concern.category.visibility, WIDEST)
    squeeze = max(0.01, math.cos(math.radians(concern.lat)))
    up = reach / METRES_PER_DEGREE
    return Box(concern.lon, concern.lat, up / squeeze, up, squeeze, reach)


def similar_to(concern: Concern, seen: ConcernQuerySet, *, today: date) -> QuerySet[Any]:
    """Narrow `seen`, what somebody may read, to cases of the same or a related kind near this one
    that are open or came in within 12 weeks, with `metres`; to be ordered by that.

    The box and the day are looked up in one index.
    """
    box = box_around(concern)
    if box is None:
        return seen.none()
    kind = Q(category=concern.category_id) | Q(category__group=concern.category.group)
    return (
        seen.not_held()
        .filter(kind, lon__isnull=False)
        .filter(_inside(box), _recent(today - STILL_RECENT))
        .exclude(pk=concern.pk)
        .exclude(outcome__in=[Outcome.MERGED, Outcome.WITHDRAWN, Outcome.SPAM])
        .annotate(metres=_metres(box))
        .filter(metres__lte=box.reach)
    )


def _inside(box: Box) -> Func:
    corners = [
        Func(Value(box.lon + side * box.aside), Value(box.lat + side * box.up), function="point")
        for side in (-1, 1)
    ]
    around = Func(*corners, function="box", output_field=CharField())
    return Func(
        point_of("lon", "lat"),
        around,
        arg_joiner=" <@ ",
        template="(%(expressions)s)",
        output_field=BooleanField(),
    )


def _recent(since: date) -> Func:
    return Func(
        days_wanted(),
        Value(since),
        arg_joiner=" @> ",
        template="(%(expressions)s)",
        output_field=BooleanField(),
    )


def _metres(box: Box) -> Func:
    east = (F("lon") - Value(box.lon)) * Value(box.squeeze * METRES_PER_DEGREE)
    north = (F("lat") - Value(box.lat)) * Value(METRES_PER_DEGREE)
    return Func(east * east + north * north, function="sqrt", output_field=FloatField())
